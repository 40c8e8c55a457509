"""How many connections of a database pool are in use, kept true at every loan and return."""

from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

from telemetry.metrics import DATABASE_CONNECTIONS, DATABASE_CONNECTIONS_LIMIT


def watch_pool(engine: Engine, name: str, limit: int) -> None:
    """Tell of the engine's pool under `name`; it lends `limit` connections at most.

    Counted by the pool, not here: a connection that is thrown away says nothing of it.
    """
    used = DATABASE_CONNECTIONS.labels(name)
    DATABASE_CONNECTIONS_LIMIT.labels(name).set(limit)

    def lent(*_args: object) -> None:
        used.set(_lent(engine))

    def returned(*_args: object) -> None:
        used.set(max(_lent(engine) - 1, 0))  # it is told of before the pool has it back

    event.listen(engine, "checkout", lent)
    event.listen(engine, "checkin", returned)


def _lent(engine: Engine) -> int:
    pool = engine.pool
    return pool.checkedout() if isinstance(pool, QueuePool) else 0
