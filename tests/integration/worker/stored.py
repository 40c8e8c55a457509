"""Accounts in the database as the tests need them: rings, key pairs, rows."""

from datetime import UTC, datetime

from config.ring import Ring, generate, ring_in
from models.accounts import Account, AccountState
from models.database import Database
from models.queries import accounts
from sandbox.exchange.signatures import key_pair
from tasks.vault import place_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD, NEW = generate("old"), generate("new")
BEFORE, BOTH, AFTER = ring_in(OLD), ring_in(f"{NEW},{OLD}"), ring_in(NEW)


def pair(number: int) -> tuple[str, str]:
    """Public and secret key."""
    return key_pair(number.to_bytes(32, "big"))


def an_account(number: int, ring: Ring = BEFORE, name: str = "") -> Account:
    name, (public, secret) = name or f"account-{number:05d}", pair(number)
    return Account(
        name=name,
        public_key=public,
        sealed=ring.seal(secret, place_of(name)),
        state=AccountState.IN_USE.value,
        actor="cli:tester",
        added_at=NOW,
        sealed_at=NOW,
    )


def store(database: Database, *numbers: int, ring: Ring = BEFORE) -> None:
    with database.transaction() as session:
        for number in numbers:
            assert accounts.add(session, an_account(number, ring))


def opened(database: Database, ring: Ring) -> dict[str, str]:
    """Every secret of the database by name; SealError where one does not open."""
    with database.transaction() as session:
        return {row.name: ring.open(row.sealed, place_of(row.name)) for row in accounts.everyone(session)}


def secrets_of(*numbers: int) -> dict[str, str]:
    return {f"account-{number:05d}": pair(number)[1] for number in numbers}


def by_key(database: Database) -> dict[str, int]:
    with database.transaction() as session:
        return accounts.by_key(session)
