"""Sealing everything anew while it is in use: in batches, again after an interruption, by several at once."""

import itertools
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.ring import Ring, ring_in
from models.database import Database
from models.queries import accounts
from sandbox.servers.processes import poll_until
from tasks.vault import place_of
from tests.integration.models.threads import wait_until_blocked
from tests.integration.worker.processes import ROOT, celery
from tests.integration.worker.stored import (
    AFTER,
    BEFORE,
    BOTH,
    NEW,
    NOW,
    OLD,
    an_account,
    by_key,
    opened,
    secrets_of,
    store,
)
from tests.rows import rows
from worker.admin.rotation import NotStoredError, rotate


def turn_over(database: Database, ring: Ring = BOTH, *, batch: int = 2, steps: int | None = None) -> list[int]:
    """The number of secrets done after each batch; with `steps` it ends after so many."""
    found = rotate(database, ring, "cli:tester", lambda: NOW, batch=batch)
    return [progress.resealed for progress in itertools.islice(found, steps)]


def environ(database_url: str, ring: str) -> dict[str, str]:
    where = {"DATABASE_URL": database_url, "REDIS_URL": "redis://127.0.0.1:1/0"}  # a rotation asks no exchange
    return {"PATH": os.environ["PATH"], **where, "ENCRYPTION_KEYS": ring}


def test_everything_is_sealed_with_the_first_key(database: Database) -> None:
    """In batches, each with its row of the audit log; the old key is not needed afterwards."""
    store(database, *range(5))

    done = turn_over(database)

    assert done == [2, 4, 5]
    assert by_key(database) == {"new": 5}
    assert opened(database, AFTER) == secrets_of(*range(5))
    found = rows(database, "SELECT user_id, actor, subject, detail FROM audit WHERE action = 'rotate_keys' ORDER BY id")
    assert [tuple(row) for row in found] == [(0, "cli:tester", "new", {"resealed": number}) for number in (2, 2, 1)]


def test_nothing_is_left_to_do_the_second_time(database: Database) -> None:
    """What the first key sealed is not touched: a token stays the same, nothing is noted."""
    store(database, 1, 2, ring=AFTER)
    before = rows(database, "SELECT name, sealed FROM accounts ORDER BY name")

    done = turn_over(database)

    assert done == []
    assert rows(database, "SELECT name, sealed FROM accounts ORDER BY name") == before
    assert rows(database, "SELECT 1 FROM audit WHERE action = 'rotate_keys'") == []


def test_one_that_ended_half_way_is_taken_up(database: Database) -> None:
    """What was committed stays, the rest opens with the old key, the next run does that rest alone."""
    store(database, *range(7))

    first = turn_over(database, steps=2)
    between, all_open = by_key(database), opened(database, BOTH)
    second = turn_over(database)

    assert (first, between) == ([2, 4], {"new": 4, "old": 3})
    assert all_open == secrets_of(*range(7))
    assert second == [2, 3]
    assert opened(database, AFTER) == secrets_of(*range(7))


def test_one_that_does_not_open_stays_and_keeps_nobody_else(database: Database) -> None:
    """Told by name with its reason: sealed with a key that is lost, or another row's token."""
    store(database, *range(4))
    lost = ring_in(NEW.replace("new:", "lost:"))
    with database.transaction() as session:
        accounts.add(session, an_account(8, lost))
    rows(
        database,
        "UPDATE accounts SET sealed = (SELECT sealed FROM accounts WHERE name = 'account-00000')"
        " WHERE name = 'account-00001' RETURNING name",
    )

    *_, last = rotate(database, BOTH, "cli:tester", lambda: NOW, batch=1)

    assert last.resealed == 3
    assert set(last.failed) == {"account-00001", "account-00008"}
    assert "another row's token" in last.failed["account-00001"]
    assert last.failed["account-00008"] == "ENCRYPTION_KEYS has no key lost"
    assert by_key(database) == {"lost": 1, "new": 3, "old": 1}


def test_what_does_not_read_back_is_not_kept(database: Database) -> None:
    """A database that stores another text than it was given: the batch is as it was, nothing is noted."""
    store(database, 1, 2)
    rows(
        database,
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.sealed := left(NEW.sealed, 60); RETURN NEW; END $$;"
        " CREATE TRIGGER cut BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION cut(); SELECT 1",
    )

    with pytest.raises(NotStoredError, match="account-00001"):
        turn_over(database)

    assert opened(database, BEFORE) == secrets_of(1, 2)
    assert rows(database, "SELECT 1 FROM audit WHERE action = 'rotate_keys'") == []


def test_several_at_once_share_the_work(database: Database) -> None:
    """Each secret is sealed anew once, none is lost; nobody is through before everything is."""
    store(database, *range(40))

    def work(_number: int) -> tuple[int, dict[str, int]]:
        return max(turn_over(database, batch=3), default=0), by_key(database)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(4)))

    assert sum(number for number, _ in done) == 40
    assert [left for _, left in done] == [{"new": 40}] * 4
    assert opened(database, AFTER) == secrets_of(*range(40))


def test_who_meets_another_ones_batch_waits_and_goes_on_behind_it(database: Database) -> None:
    """Rows that are another's at this moment do not read as nothing left to do."""
    store(database, *range(7))

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            for row in accounts.not_sealed_with(session, "new", "", 3):
                row.sealed = AFTER.seal(secrets_of(*range(7))[row.name], place_of(row.name))
            session.flush()
            waiting = pool.submit(turn_over, database, batch=3)
            wait_until_blocked(database)
        done = waiting.result()

    assert done == [3, 4]
    assert opened(database, AFTER) == secrets_of(*range(7))


def test_a_process_that_is_killed_loses_nothing(database: Database, database_url: str) -> None:
    """SIGKILL in the middle of its work: every secret opens with the ring, and the next process ends the work."""
    store(database, *range(1500))
    variables = environ(database_url, f"{NEW},{OLD}")
    rows(
        database,
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(0.001); RETURN NEW; END $$;"
        " CREATE TRIGGER slow BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION slow(); SELECT 1",
    )

    command = [sys.executable, *celery("keys", "rotate")]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as killed:
        begun = poll_until(lambda: by_key(database).get("new", 0) > 0, 30)
        killed.kill()
    between, all_open = by_key(database), opened(database, BOTH)
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False)

    assert begun
    assert 0 < between["new"] < 1500
    assert all_open == secrets_of(*range(1500))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{between['old']} secrets encrypted anew, with key new" in done.stdout
    assert "key old decrypts: 0 secrets; it may leave ENCRYPTION_KEYS" in done.stdout
    assert opened(database, AFTER) == secrets_of(*range(1500))


def test_two_processes_at_once_both_end_well(database: Database, database_url: str) -> None:
    """Exit code 0 of both, and together they did each secret once."""
    store(database, *range(600))
    command = [sys.executable, *celery("keys", "rotate")]
    variables = environ(database_url, f"{NEW},{OLD}")

    both = [
        subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=60)[0] for one in both]

    assert [one.returncode for one in both] == [0, 0], said
    assert sum(int(text.split()[0]) for text in said) == 600
    assert opened(database, AFTER) == secrets_of(*range(600))
