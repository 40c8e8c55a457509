"""What beat rings for and how often, generated from the games and the settings."""

from datetime import timedelta
from typing import Any

from config.settings import Settings
from domain.games import GAMES
from tasks.queues import QUEUE_OF, TaskName

SALES = timedelta(seconds=10)
REAP = timedelta(seconds=5)
CATALOGUE = timedelta(hours=1)
FEES = timedelta(hours=6)
ARRANGE = timedelta(minutes=10)
HISTORY = timedelta(hours=1)


def beat_schedule(settings: Settings) -> dict[str, dict[str, Any]]:
    """One entry per game that is switched on and task that concerns it; each message expires before the next."""
    entries: dict[str, dict[str, Any]] = {}
    for game in GAMES:
        interval = settings.scan_interval(game)
        if interval is None:
            continue
        entries[f"scan {game}"] = _entry(TaskName.SCAN_GAME, interval, game=game, scheduled=True)
        entries[f"catalogue {game}"] = _entry(TaskName.REFRESH_CATALOGUE, CATALOGUE, game=game)
        entries[f"fees {game}"] = _entry(TaskName.REFRESH_FEES, FEES, game=game)
        entries[f"arrange {game}"] = _entry(TaskName.ARRANGE_TITLES, ARRANGE, game=game)
    entries["sales"] = _entry(TaskName.REFRESH_SALES, SALES)
    entries["history"] = _entry(TaskName.MAINTAIN_HISTORY, HISTORY)
    entries["reaper"] = _entry(TaskName.REAP_WORK, REAP)
    return entries


def _entry(name: TaskName, every: timedelta, **kwargs: object) -> dict[str, Any]:
    seconds = every.total_seconds()
    return {
        "task": name.value,
        "schedule": every,
        "kwargs": kwargs,
        "options": {"queue": QUEUE_OF[name].value, "expires": seconds},
    }
