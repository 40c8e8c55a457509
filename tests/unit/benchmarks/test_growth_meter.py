"""Times and memory of calls, with what the database does in them counted apart."""

import pytest
from sqlalchemy import create_engine, text

from benchmarks.growth_meter import Meter


def test_time_in_the_database_is_part_of_the_whole() -> None:
    """Statements are counted from the hand-over to the answer, whoever sends them on the engine."""
    engine = create_engine("sqlite://")
    meter = Meter(engine)

    def read() -> int:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT 7")).scalar_one())

    assert meter.once("read", read) == 7
    figures = meter.figures()["read"]
    assert 0 < figures["database_ms"] < figures["ms"]
    engine.dispose()


def test_peak_is_what_a_call_held_at_its_most() -> None:
    """Two hundred KiB that are freed before the call ends still count."""
    meter = Meter(create_engine("sqlite://"))
    meter.often("hold", 2, lambda: len(bytearray(200 * 1024)))

    assert meter.figures()["hold"]["kib"] == pytest.approx(200, abs=20)
