"""Workers, queues and beat: whether somebody does the work, and somebody rings for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config.settings import Settings
from domain.games import GAMES
from models.database import Database
from models.queries import catalogue, conditions, fees, observed, switches
from tasks.queues import Queue
from worker.checks import first_line
from worker.doctor.finding import Finding

INSPECT_SECONDS = 3.0
LATE, LEAST_LATE = 3, timedelta(minutes=5)  # scans that may be missed, and never sooner
CATALOGUE_AGE = timedelta(hours=3)  # it is read every hour,
FEES_AGE = timedelta(hours=13)  # the fees every six
START_WORKER = "start one: celery -A worker worker"


def workers(settings: Settings) -> Iterator[Finding]:
    """Who answers over the broker, and whether every queue is read by somebody."""
    try:
        with Celery(broker=settings.celery_broker_url, set_as_current=False) as app:
            found = app.control.inspect(timeout=INSPECT_SECONDS).active_queues() or {}
    except (BrokerError, OSError) as error:
        yield Finding("workers", f"cannot be asked: {first_line(error)}", "mend the broker")
        return
    if not found:
        yield Finding("workers", f"none answered within {INSPECT_SECONDS:g} s", START_WORKER)
        return
    read = {str(queue["name"]) for queues in found.values() for queue in queues}
    missing = [queue.value for queue in Queue if queue.value not in read]
    yield Finding("workers", f"{', '.join(sorted(found))}")
    told = f"nobody reads {', '.join(missing)}" if missing else f"{', '.join(sorted(read))} are read"
    yield Finding("queues", told, "start a worker without -Q, or one with -Q for these" if missing else "")


def rows(settings: Settings) -> Iterator[Finding]:
    """What the tables tell of workers, beat, catalogue and fees."""
    own = Database(settings.database_url, pool_size=1, name="skinbeat doctor")
    now = datetime.now(UTC)
    try:
        with own.transaction() as session:
            yield from _troubles(session, now)
            paused = switches.all_paused(session)
            for game in GAMES:
                interval = settings.scan_interval(game)
                if game in paused:
                    yield Finding(game, "paused by the operators (celery -A worker resume brings it back)")
                elif interval is None:
                    yield Finding(game, "switched off by its interval")
                else:
                    yield from _game(session, game, interval, now)
    except DBAPIError as error:
        yield Finding("data", f"unknown without the database: {first_line(error.orig)}", "mend the database first")
    finally:
        own.dispose()


def _troubles(session: Session, now: datetime) -> Iterator[Finding]:
    """What the workers themselves see failing."""
    standing = conditions.standing(session, now)
    if not standing.workers:
        yield Finding("reports", "no worker has reported for 20 seconds", START_WORKER)
    for trouble in standing.troubles:
        yield Finding(
            trouble.part,
            f"fails for every worker since {trouble.since:%Y-%m-%d %H:%M:%S} UTC",
            'see "What to do when" in docs/operations.md',
        )
    if standing.workers and not standing.troubles:
        yield Finding("reports", f"nothing fails for the workers, {standing.workers} of them")


def _game(session: Session, game: str, interval: timedelta, now: datetime) -> Iterator[Finding]:
    most = max(LATE * interval, LEAST_LATE)
    yield _age(f"{game} schedule", observed.last_planned(session, game), most, now, "start beat: celery -A worker beat")
    last = observed.last_scan(session, game)
    remedy = "see the workers' logs: is the exchange degraded, or the interval shorter than a scan takes?"
    yield _age(f"{game} scan", last.finished_at if last else None, most, now, remedy)
    walked = catalogue.standing(session, game).finished_at
    yield _age(f"{game} catalogue", walked, CATALOGUE_AGE, now, f"celery -A worker catalogue {game}")
    remedy = "see whether the first account is left out: celery -A worker account"
    yield _age(f"{game} fees", fees.observed_at(session, game), FEES_AGE, now, remedy)


def _age(what: str, at: datetime | None, most: timedelta, now: datetime, remedy: str) -> Finding:
    if at is None:
        return Finding(what, "never", remedy)
    age = max(timedelta(), now - at)
    return Finding(what, f"{_told(age)} ago", remedy if age > most else "")


def _told(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"
