"""Beginning a scan of one game."""

from datetime import datetime, timedelta

from celery import shared_task

from domain.games import GAMES, Game
from domain.levels import LEVELS
from models.queries import fees, groups, history, scans, switches
from models.queries.scans import Outcome, Plan
from tasks.base import Work, ring
from tasks.queues import TaskName
from tasks.services import Services, services
from telemetry.logs import logger
from telemetry.metrics import SCANS
from telemetry.traces import span

log = logger(__name__)

LEAST_LENGTH = timedelta(seconds=120)
FEES_AGE = timedelta(hours=6)


@shared_task(name=TaskName.SCAN_GAME.value, base=Work)
def scan_game(game: str, level: str | None = None, scheduled: bool = False) -> None:
    """Plan a scan and ring for its batches. `scheduled` comes from beat and is refused when it is too early."""
    run_scan(services(), game, level, scheduled=scheduled)


def run_scan(work: Services, game: str, level: str | None, *, scheduled: bool = False) -> Plan:
    """Plan and ring; the plan says what became of it. Raises ValueError for a game or level that does not exist."""
    chosen = checked_game(game)
    if level is not None and level not in LEVELS:
        raise ValueError(f"there is no level {level}, the levels are {', '.join(LEVELS)}")
    interval = work.settings.scan_interval(game)
    now = work.now()
    with work.database.transaction() as session:
        history.make_partitions(session, now)
        if switches.paused(session, game):
            return _refused(game)
        plan = scans.plan(
            session,
            game,
            now,
            length=max(LEAST_LENGTH, 2 * (interval or timedelta())),
            level=LEVELS[level] if level else None,
            due_every=interval if scheduled else None,
        )
        listed = fees.observed_at(session, game)
        to_arrange = groups.to_arrange(session, game)
    SCANS.labels(game, plan.outcome).inc()
    log.info("scan asked for", game=game, outcome=plan.outcome, run=plan.run_id, batches=plan.batches)
    with span("scan", game=game, outcome=plan.outcome, run=plan.run_id, batches=plan.batches):
        _ring_for(chosen, plan, listed, now)
        if to_arrange:
            ring(TaskName.ARRANGE_TITLES, expires=60, game=game)
    return plan


def _refused(game: str) -> Plan:
    """A scan that was begun before the pause goes on to its end; no other begins."""
    SCANS.labels(game, Outcome.PAUSED).inc()
    log.info("scan asked for", game=game, outcome=Outcome.PAUSED)
    return Plan(Outcome.PAUSED)


def checked_game(game: str) -> Game:
    """The game of that key; ValueError names the keys that exist."""
    if game not in GAMES:
        raise ValueError(f"there is no game {game}, the games are {', '.join(GAMES)}")
    return GAMES[game]


def _ring_for(game: Game, plan: Plan, listed: datetime | None, now: datetime) -> None:
    if listed is None or now - listed > FEES_AGE:
        ring(TaskName.REFRESH_FEES, expires=60, game=game.key)
    if plan.outcome is Outcome.EMPTY:
        ring(TaskName.REFRESH_CATALOGUE, expires=60, game=game.key)
    if plan.expires_at is not None:
        for delay, count in plan.pulses or ((timedelta(), plan.batches),):
            ring(
                TaskName.FETCH_PRICES,
                times=count,
                expires=plan.expires_at,
                countdown=delay.total_seconds() or None,
                run_id=plan.run_id,
            )
