"""How many connections are in use, as the pool itself counts them."""

from pathlib import Path

from prometheus_client import REGISTRY
from sqlalchemy import QueuePool, create_engine

from telemetry.pools import watch_pool


def value(name: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"pool": "test"})


def test_loans_and_returns_are_told_at_once(tmp_path: Path) -> None:
    """Also of a connection that is thrown away."""
    engine = create_engine(f"sqlite:///{tmp_path}/db", poolclass=QueuePool, pool_size=2, max_overflow=1)
    watch_pool(engine, "test", 3)
    first, second, third = engine.connect(), engine.connect(), engine.connect()
    seen = [value("skinbeat_database_connections")]
    first.close()
    seen.append(value("skinbeat_database_connections"))
    second.invalidate()
    second.close()
    seen.append(value("skinbeat_database_connections"))
    third.close()
    seen.append(value("skinbeat_database_connections"))
    engine.dispose()

    assert seen == [3, 2, 1, 0]
    assert value("skinbeat_database_connections_limit") == 3
