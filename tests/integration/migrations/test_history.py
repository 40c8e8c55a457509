"""Months of price history below the migrations: none but the first may touch it.

HISTORY_ROWS is how many rows it has (10,000,000 need 1.5 GB and a minute); the times are printed when it is given.
"""

import os
import time
from argparse import Namespace
from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
from alembic import command

from models.queries.history import partition_name
from tests.factories import NOW
from tests.integration.conftest import run_sql
from tests.integration.migrations.schema import config_of, fill, revisions, values

ROWS = int(os.environ.get("HISTORY_ROWS", "60000"))
DAYS = 60
INSERT = """
    INSERT INTO {name} SELECT n / 6, timestamptz '{day} 00:00:00+00' + n % 6 * interval '4 hours',
        900 + n % 7, 5, 1000 + n % 9, 9
    FROM generate_series(1, {rows}) n
"""
# An index, a constraint, a new column with values or another type would change one of these, an update the last.
FILES = """
    SELECT concat_ws(' ', c.oid::regclass, pg_relation_filenode(c.oid), pg_relation_size(c.oid))
    FROM pg_class c WHERE c.relname LIKE '%price_history%' ORDER BY 1
"""
SUM = "SELECT count(*) || ' ' || sum(bid + ask) FROM price_history"


def seed(url: str) -> None:
    """A partition a day, each written in the order of its index."""
    today = NOW.date()
    for ago in range(DAYS):
        day = today - timedelta(days=ago)
        name, below = partition_name(day), day + timedelta(days=1)
        run_sql(url, f"CREATE TABLE {name} PARTITION OF price_history FOR VALUES FROM ('{day}') TO ('{below}')")
        run_sql(url, INSERT.format(name=name, day=day, rows=ROWS // DAYS))
    run_sql(url, "VACUUM ANALYZE price_history")


def timed(url: str, way: str, numbers: list[str]) -> dict[str, float]:
    """Seconds that each revision took, with a short patience for locks."""
    took = {}
    for number in numbers:
        config = config_of(url)
        config.cmd_opts = Namespace(x=["lock=1", "wait=1"])
        began = time.monotonic()
        (command.upgrade if way == "up" else command.downgrade)(config, number)
        took[f"{way} to {number}"] = time.monotonic() - began
    return took


@pytest.mark.timeout(1800)
def test_price_history_is_written_and_read_on_while_all_revisions_go_up_and_down(
    bare_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A transaction that has written to it and one that has read it stay open: nothing waits, and no file changes."""
    numbers = revisions()
    command.upgrade(config_of(bare_url), numbers[0])
    seed(bare_url)
    fill(bare_url)
    with closing(psycopg2.connect(bare_url)) as writing, writing.cursor() as writer:
        writer.execute("INSERT INTO price_history SELECT -1, observed_at, 1, 1, 1, 1 FROM price_history LIMIT 1")
        writer.execute("SELECT max(observed_at) FROM price_history")
        before = values(bare_url, FILES), values(bare_url, SUM)
        took = timed(bare_url, "up", numbers[1:]) | timed(bare_url, "down", numbers[-2::-1])
        after = values(bare_url, FILES), values(bare_url, SUM)

    assert len(before[0]) == 2 * (DAYS + 1)
    assert after == before
    if "HISTORY_ROWS" in os.environ:
        with capsys.disabled():
            told = "".join(f"\n{name}: {seconds:.2f} s" for name, seconds in took.items())
            print(f"\n{before[1][0].split(' ')[0]} rows in {DAYS} partitions{told}")  # noqa: T201  # asked for
