"""A look at a running installation as tables for a terminal and as one JSON object for programs."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from domain.games import GAMES
from tasks.queues import Queue
from telemetry import metrics
from telemetry.readings import Reading
from worker.admin.look import Look
from worker.observing import OUTBOX_STATES

NONE = "–"
GAME_HEADS = ("game", "last scan", "took", "coverage", "age p50", "p95", "prices/s")


def told(look: Look) -> dict[str, Any]:
    """For json.dumps: ages and lengths in seconds, null for what is not known."""
    took = look.delivered
    return {
        "at": look.at.isoformat(),
        "games": {game: _game(look, game) for game in GAMES},
        "gates_last_minute": dict(look.gates),
        "budget_last_second": {name: {"used": one.used, "limit": one.limit} for name, one in look.permits.items()},
        "queues": {queue.value: _queue(look, queue) for queue in Queue},
        "outbox": {state: _number(look, metrics.OUTBOX, state) for state in OUTBOX_STATES},
        "outbox_oldest": _number(look, metrics.OUTBOX_OLDEST),
        "delivered_last_5_minutes": took
        and {"alerts": took.alerts, "p50": took.half_seconds, "p99": took.most_seconds},
        "workers": _number(look, metrics.WORKERS),
        "problems": list(look.problems),
    }


def _game(look: Look, game: str) -> dict[str, Any]:
    finished = _number(look, metrics.SCAN_FINISHED, game)
    return {
        "state": _state(look, game),
        "last_scan_age": None if finished is None else max(look.at.timestamp() - finished, 0),
        "scan_seconds": _number(look, metrics.SCAN_SECONDS, game),
        "titles": _number(look, metrics.TITLES, game),
        "coverage": _number(look, metrics.COVERAGE, game),
        "age_p50": _number(look, metrics.TITLE_AGE, game, "50"),
        "age_p95": _number(look, metrics.TITLE_AGE, game, "95"),
        "prices_per_second": look.speeds.get(game),
    }


def _state(look: Look, game: str) -> str | None:
    """Whether its scans begin by themselves; None where the database does not tell."""
    paused = _number(look, metrics.GAME_PAUSED, game)
    if paused is None:
        return None
    return "off" if _number(look, metrics.SCAN_INTERVAL, game) is None else "paused" if paused else "on"


def _queue(look: Look, queue: Queue) -> dict[str, float | None]:
    return {
        "messages": _number(look, metrics.QUEUE_LENGTH, queue.value),
        "oldest": _number(look, metrics.QUEUE_OLDEST, queue.value),
    }


def _number(look: Look, reading: Reading, *labels: str) -> float | None:
    return dict(look.values.get(reading, ())).get(labels)


def shown(look: Look) -> RenderableType:
    """All of it on one screen of 100 columns."""
    seen = told(look)
    below = (_queues(seen["queues"]), _budget(seen["budget_last_second"]), _gates(seen["gates_last_minute"]))
    problems = [Text(problem, style="red") for problem in look.problems]
    return Group(Text(f"{look.at:%Y-%m-%d %H:%M:%S} UTC"), *problems, _games(seen), *_lines(seen), Columns(below))


def _games(seen: Mapping[str, Any]) -> Table:
    table = _table(*GAME_HEADS)
    for game, one in seen["games"].items():
        ages = (_age(one[name]) for name in ("last_scan_age", "scan_seconds"))
        fresh = (_age(one[name]) for name in ("age_p50", "age_p95"))
        label = GAMES[game].label + (f" ({one['state']})" if one["state"] in {"off", "paused"} else "")
        table.add_row(label, *ages, _share(one["coverage"]), *fresh, _count(one["prices_per_second"]))
    return table


def _lines(seen: Mapping[str, Any]) -> Iterator[Text]:
    waits = ", ".join(f"{_count(number)} {state}" for state, number in seen["outbox"].items())
    yield Text(f"workers    {_count(seen['workers'])} alive")
    yield Text(f"outbox     {waits}; the oldest that is due waits {_age(seen['outbox_oldest'])}")
    took = seen["delivered_last_5_minutes"]
    if took:
        ages = f"p50 {_exact(took['p50'])}, p99 {_exact(took['p99'])}"
        yield Text(f"delivery   {ages} ({took['alerts']:,} alerts in 5 minutes)")


def _queues(queues: Mapping[str, Any]) -> Table:
    table = _table("queue", "messages", "oldest")
    for name, one in queues.items():
        table.add_row(name, _count(one["messages"]), _age(one["oldest"]))
    return table


def _budget(groups: Mapping[str, Any]) -> Table:
    table = _table("budget", "calls/s", "of")
    for name, one in groups.items():
        table.add_row(name, str(one["used"]), str(one["limit"]))
    return table


def _gates(gates: Mapping[str, int]) -> Table:
    table = _table("verified", "titles/min")
    for gate, titles in sorted(gates.items(), key=lambda one: -one[1]):
        table.add_row(gate, f"{titles:,}")
    table.add_row("all", f"{sum(gates.values()):,}")
    return table


def _table(first: str, *numbers: str) -> Table:
    table = Table(first)
    for name in numbers:
        table.add_column(name, justify="right")
    return table


def _age(seconds: float | None) -> str:
    return NONE if seconds is None else f"{seconds:,.0f} s"


def _exact(seconds: float | None) -> str:
    return NONE if seconds is None else f"{seconds:,.2f} s"


def _share(part: float | None) -> str:
    return NONE if part is None else f"{100 * part:.1f} %"


def _count(number: float | None) -> str:
    return NONE if number is None else f"{number:,.0f}"
