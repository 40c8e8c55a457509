"""What /ready of the Celery processes looks at; each check gives one sentence where something is wrong."""

from datetime import UTC, datetime, timedelta
from functools import cache

import redis
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from dmarket.budget import connect
from domain.conditions import Condition, Part
from domain.games import GAMES
from models import level
from models.database import CONNECTION
from models.queries import observed, switches
from models.scans import ScanRun
from telemetry.conditions import conditions
from worker.application import app, settings

NO_TABLES = "the database has no tables yet: run `alembic upgrade head`"
LATE = 3  # intervals without a scan
LEAST_LATE = timedelta(minutes=5)  # a scan may take two minutes whatever the interval
READS = (Part.PRICES, Part.OFFERS, Part.BIDS)  # without one of them nothing is found or nothing is confirmed


def database() -> str | None:
    """None when our tables can be read and no migration is missing."""
    try:
        with Session(_engine()) as session:
            session.execute(select(ScanRun.id).limit(1))
            return level.behind(session)
    except ProgrammingError:
        return NO_TABLES
    except DBAPIError as error:
        return f"the database does not answer: {first_line(error.orig)}"


def data() -> str | None:
    """None while the games are scanned as planned; where the database is away, it says so itself."""
    now = datetime.now(UTC)
    try:
        with Session(_engine()) as session:
            paused = switches.all_paused(session)
            games = ((game, settings().scan_interval(game)) for game in GAMES if game not in paused)
            return "; ".join(filter(None, (_lag(session, *one, now) for one in games))) or None
    except DBAPIError:
        return "unknown without the database"


def _lag(session: Session, game: str, interval: timedelta | None, now: datetime) -> str | None:
    """What is late with a game: the schedule's ringing, or the scans that follow from it."""
    if interval is None:
        return None
    late = now - max(LATE * interval, LEAST_LATE)
    planned, scan = observed.last_planned(session, game), observed.last_scan(session, game)
    if planned is None or planned < late:
        return f"{game}: the schedule began its last scan {_clock(planned)}; does beat run?"
    if scan is None or scan.finished_at < late:
        return f"{game}: the last scan was completed {_clock(scan.finished_at if scan else None)}"
    return None


def broker() -> str | None:
    """None when the broker takes a connection."""
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except BrokerError as error:
        return f"the broker does not answer: {first_line(error)}"
    return None


def budget() -> str | None:
    """None when the Redis that holds the rate budget answers."""
    try:
        _redis().ping()
    except redis.RedisError as error:
        return f"the rate budget's Redis does not answer: {first_line(error)}"
    return None


def exchange() -> str | None:
    """None unless this process's last reads of prices, offers or bids failed; asks nobody."""
    failing = conditions.degraded(READS)
    return "; ".join(_told(one) for one in failing) or None


def _told(one: Condition) -> str:
    return f"{one.reason} (since {_clock(one.since)}, last good read {_clock(one.good_at)})"


def _clock(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "never"


@cache
def _engine() -> Engine:
    """Two connections that are kept, beside the pool of the tasks: a look must not wait for their work."""
    return create_engine(
        settings().database_url,
        pool_size=2,
        pool_pre_ping=True,
        connect_args={
            **CONNECTION,
            "connect_timeout": 2,
            "tcp_user_timeout": 3_000,  # milliseconds: a host that was cut off must see soon that it is back
            "application_name": "skinbeat worker checks",
        },
    )


@cache
def _redis() -> redis.Redis:
    return connect(settings().redis_url)


def first_line(error: BaseException | None) -> str:
    """The part of an error's text that says what happened; drivers append hints and links."""
    return str(error).strip().partition("\n")[0]
