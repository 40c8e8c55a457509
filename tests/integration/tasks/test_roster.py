"""Which accounts are called with: those of the settings and those of the database, as they come and go."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from config.keys import SEED
from config.ring import Ring
from dmarket.budget import Priority, connect
from dmarket.connections import Connections
from dmarket.endpoints import OFFERS
from dmarket.errors import NoAccount
from dmarket.fleet import Fleet
from dmarket.signing import Credentials
from models.accounts import AccountState
from models.database import Database
from models.queries import accounts
from sandbox.servers.processes import poll_until
from tasks.ring_file import RingFile
from tasks.roster import Roster, Seats
from telemetry.logs import Redaction
from telemetry.metrics import ACCOUNT_USABLE
from tests.integration.worker.stored import AFTER, BEFORE, BOTH, NEW, NOW, OLD, pair, secrets_of, store
from tests.rows import rows
from worker.admin.rotation import rotate

MakeRoster = Callable[..., Roster]


@pytest.fixture
def roster_of(database: Database, redis_url: str) -> Iterator[MakeRoster]:
    """Makes rosters that look at each call, unless told otherwise."""
    client = connect(redis_url)
    connections = Connections("http://127.0.0.1:1")

    def make(ring: Ring = BOTH, *fixed: int, seconds: float = 0.0, where: Database = database) -> Roster:
        keys = [Credentials(*pair(number)) for number in fixed]
        return Roster(Seats(client, connections), where, lambda: ring, keys, seconds=seconds)

    yield make
    client.close()


def names(roster: Roster) -> list[str]:
    return [member.standing.name for member in roster()]


def expected(*numbers: int) -> list[str]:
    return [pair(number)[0][:8] for number in numbers]


def test_accounts_of_the_settings_come_first(database: Database, roster_of: MakeRoster) -> None:
    """Then those of the database; one that is in both is there once."""
    store(database, 3, 1)

    assert names(roster_of(BOTH, 2, 1)) == expected(2, 1, 3)


def test_accounts_come_and_go_without_a_restart(database: Database, roster_of: MakeRoster) -> None:
    """Added, resting, used again, removed; who stays is the same member with all that is known of it."""
    roster = roster_of(BOTH, 9)
    (first,), seen = roster(), []

    def change(how: Callable[[], object]) -> None:
        how()
        seen.append(names(roster))

    def turn(state: AccountState) -> None:
        with database.transaction() as session:
            assert accounts.turn(session, "account-00001", state, "cli:tester", NOW)

    def remove() -> None:
        with database.transaction() as session:
            assert accounts.remove(session, "account-00001", "cli:tester", NOW)

    change(lambda: store(database, 1))
    change(lambda: turn(AccountState.RESTING))
    change(lambda: turn(AccountState.IN_USE))
    change(remove)

    assert seen == [expected(9, 1), expected(9), expected(9, 1), expected(9)]
    assert roster()[0] is first
    assert not ACCOUNT_USABLE.labels(pair(1)[0][:8])._value.get() > 0


def test_a_rotation_is_not_noticed(database: Database, roster_of: MakeRoster) -> None:
    """The keys are the same afterwards, so the members are: budgets, connections and standings go on."""
    store(database, 1, 2)
    roster = roster_of()
    before = roster()

    list(rotate(database, BOTH, "cli:tester", lambda: NOW))

    assert list(roster()) == list(before)
    assert names(roster_of(AFTER)) == expected(1, 2)
    assert names(roster_of(BEFORE)) == []


def test_the_database_is_looked_at_once_in_a_while(database: Database, roster_of: MakeRoster) -> None:
    """Not with each of twenty calls a second."""
    roster = roster_of(seconds=0.3)
    before = names(roster)

    store(database, 1)

    assert before == names(roster) == []
    assert poll_until(lambda: names(roster) == expected(1), 30)


def test_one_that_does_not_open_is_left_out_with_one_line(database: Database, roster_of: MakeRoster) -> None:
    """Of a lost key, swapped with another row, or no pair with its public key; the others work, nothing is quoted."""
    store(database, 1, 2, 3)
    store(database, 4, ring=AFTER)
    rows(
        database,
        "UPDATE accounts a SET sealed = b.sealed FROM accounts b"
        " WHERE (a.name, b.name) IN (('account-00002', 'account-00003')) RETURNING 1",
    )
    other = "UPDATE accounts SET public_key = :key WHERE name = 'account-00003' RETURNING 1"
    rows(database, other, key=pair(7)[0])
    roster = roster_of(BEFORE, 9)

    with capture_logs() as lines:
        found = [names(roster) for _ in range(3)]

    said = [f"{line['account']}: {line['reason']}" for line in lines]
    assert found == [expected(9, 1)] * 3
    assert len(said) == 3, said
    assert "account-00002" in said[0]
    assert "another row's token" in said[0]
    assert "the secret key belongs to another public key" in said[1]
    assert "ENCRYPTION_KEYS has no key new" in said[2]
    assert not any(secret[:SEED] in repr(lines) for secret in secrets_of(1, 2, 3, 4).values())


def test_a_database_that_does_not_answer_changes_nothing(database: Database, roster_of: MakeRoster) -> None:
    """The accounts of the settings from the start, those of the database as they were; one line until it is back."""
    away = Database("postgresql+psycopg2://nobody@127.0.0.1:1/none")
    store(database, 1)
    roster = roster_of(BOTH, 9)

    with capture_logs() as lines:
        unread = [names(roster_of(BOTH, 9, where=away)) for _ in range(2)]
        before = names(roster)
        rows(database, "ALTER TABLE accounts RENAME TO elsewhere; SELECT 1")
        during = [names(roster) for _ in range(3)]
        rows(database, "ALTER TABLE elsewhere RENAME TO accounts; DELETE FROM accounts; SELECT 1")

    assert unread == [expected(9)] * 2
    assert [before, *during, names(roster)] == [expected(9, 1)] * 4 + [expected(9)]
    assert [line["reason"] for line in lines if "relation" in line.get("reason", "")] == [
        'relation "accounts" does not exist'
    ]


def test_no_account_at_all_is_said_with_what_to_do(roster_of: MakeRoster) -> None:
    """As an error of the exchange, so that it shows as such and the work waits."""
    fleet = Fleet(roster_of())

    with pytest.raises(NoAccount, match="celery -A worker keys add NAME") as caught:
        fleet.call(OFFERS, priority=Priority.SWEEP, deadline=time.monotonic() + 5)

    assert not caught.value.permanent


def test_what_was_decrypted_is_hidden_in_every_line(database: Database, roster_of: MakeRoster) -> None:
    """The whole secret, its seed alone, and within an exception."""
    store(database, 77)
    secret = pair(77)[1]
    before = Redaction([]).clean(f"seed {secret[:SEED]}")

    roster_of()()

    assert secret[:SEED] in before
    assert Redaction([]).clean(f"{ValueError(secret[:SEED].upper())!r} {secret}") == "ValueError('***') ***"


def test_a_ring_in_a_file_may_change(database: Database, redis_url: str, tmp_path: Path) -> None:
    """A new key in the file opens what it sealed, without a restart; a file that is damaged or gone takes no account
    away that was opened before, and is told. Keys of the new ring are hidden in the log.
    """
    file = tmp_path / "ring"
    file.write_text(OLD)
    store(database, 1)
    seats = Seats(connect(redis_url), Connections("http://127.0.0.1:1"))
    roster = Roster(seats, database, RingFile(str(file), Ring({})), [], seconds=0.0)

    with capture_logs() as lines:
        before = names(roster)
        store(database, 2, ring=AFTER)
        unknown = names(roster)
        file.write_text("damaged")
        damaged = names(roster)
        file.unlink()
        gone = names(roster)
        file.write_text(f"{NEW},{OLD}")
        after = names(roster)

    assert [before, unknown, damaged, gone, after] == [expected(1)] * 4 + [expected(1, 2)]
    told = [line["reason"].removeprefix("its secret key cannot be used: ") for line in lines]
    assert told[0] == "ENCRYPTION_KEYS has no key new"
    assert told[1].startswith("ENCRYPTION_KEYS_FILE: entry 1 of 1 must be ID:KEY")
    assert told[2:] == ["ENCRYPTION_KEYS_FILE cannot be read (FileNotFoundError)"]
    assert Redaction([]).clean(NEW) == "new:***"
