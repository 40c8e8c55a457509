"""One look at the database and one at the broker, as the values of readings."""

from datetime import datetime, timedelta

from celery import Celery
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from config.settings import Settings
from domain.cadence import Cadence
from domain.games import GAMES
from models.queries import observed, switches
from models.queries.observed import Waiting
from telemetry import metrics
from telemetry.readings import Reading, Value
from worker.queues import backlogs

Values = dict[Reading, list[Value]]
BROKER_SECONDS = 2  # to get a connection
OUTBOX_STATES = ("pending", "held", "sending")


def of_database(connection: Connection, settings: Settings, now: datetime) -> Values:
    """What the tables tell; raises SQLAlchemyError."""
    told: Values = {}
    with Session(connection) as session:
        for game in GAMES:
            interval = settings.scan_interval(game)
            if interval is not None:
                _add_game(told, session, game, interval, now)
        paused, is_open = switches.all_paused(session), observed.open_opportunities(session)
        told[metrics.GAME_PAUSED] = [((game,), game in paused) for game in GAMES]
        told[metrics.OPEN_OPPORTUNITIES] = [((game,), is_open.get(game, 0)) for game in GAMES]
        _add_work(told, session, now)
        told[metrics.WORKERS] = [((), observed.workers(session, now))]
        edges = observed.partitions(session)
        if edges:
            told[metrics.PARTITIONS] = [
                ((name,), at.timestamp()) for name, at in zip(("oldest", "newest"), edges, strict=True)
            ]
    return told


def _add_game(told: Values, session: Session, game: str, interval: timedelta, now: datetime) -> None:
    def tell(reading: Reading, value: float, *more: str) -> None:
        told.setdefault(reading, []).append(((game, *more), value))

    tell(metrics.SCAN_INTERVAL, interval.total_seconds())
    fresh = observed.freshness(session, game, now - Cadence(interval).ceiling)
    tell(metrics.TITLES, fresh.titles)
    if fresh.titles:
        tell(metrics.COVERAGE, fresh.recent / fresh.titles)
    for percentile, at in fresh.read_at.items():
        tell(metrics.TITLE_AGE, max((now - at).total_seconds(), 0), str(percentile))
    scan = observed.last_scan(session, game)
    if scan:
        tell(metrics.SCAN_SECONDS, (scan.finished_at - scan.planned_at).total_seconds())
        tell(metrics.SCAN_FINISHED, scan.finished_at.timestamp())


def _add_work(told: Values, session: Session, now: datetime) -> None:
    waiting = {"batch": observed.batches(session, now), "nominee": observed.nominees(session, now)}
    told[metrics.WORK_WAITING] = [((kind,), one.count) for kind, one in waiting.items()]
    told[metrics.WORK_OLDEST] = [((kind,), _age(one, now)) for kind, one in waiting.items()]
    outbox = observed.outbox(session, now)
    told[metrics.OUTBOX] = [((state,), outbox.states.get(state, 0)) for state in OUTBOX_STATES]
    told[metrics.OUTBOX_OLDEST] = [((), _age(Waiting(1, outbox.since), now))]


def _age(waiting: Waiting, now: datetime) -> float:
    return max((now - waiting.since).total_seconds(), 0) if waiting.since else 0


def of_broker(app: Celery, now: datetime) -> Values:
    """What the queues hold; raises kombu's OperationalError where the broker does not answer."""
    with app.connection_for_read() as connection:
        connection.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
        found = backlogs(connection, now)
    return {
        metrics.QUEUE_LENGTH: [((queue.value,), one.length) for queue, one in found.items()],
        metrics.QUEUE_OLDEST: [((queue.value,), one.oldest) for queue, one in found.items() if one.oldest is not None],
    }
