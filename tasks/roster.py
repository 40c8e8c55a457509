"""The exchange accounts in use: those of the settings, then those of the database, which may change at any time."""

import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from threading import Lock

import redis
from sqlalchemy.exc import SQLAlchemyError

from config.keys import SEED
from config.ring import Ring, SealError
from dmarket.budget import Budget
from dmarket.connections import Connections
from dmarket.member import Member
from dmarket.signing import Credentials
from dmarket.standing import Standing
from dmarket.transport import Transport
from models.accounts import Account
from models.database import Database
from models.queries import accounts
from tasks.vault import place_of
from telemetry.logs import learn, logger

log = logger(__name__)

DATABASE = ""  # no account is named so
SECONDS = 10.0  # after which the next call reads the accounts anew


class Seats:
    """Makes members, one for each account, over one Redis and one set of connections."""

    def __init__(self, client: redis.Redis, connections: Connections) -> None:
        self._client = client
        self._connections = connections

    def member(self, keys: Credentials) -> Member:
        budget = Budget(self._client, keys.account)
        transport = Transport(self._connections, keys, budget, version=version("skinbeat"))
        return Member(transport, Standing(self._client, keys.account, keys.name))


class Roster:
    """Called for the members; the database is read in passing, by one thread while the others go on.

    What cannot be read or opened is one line of log each time that it changes. An account that cannot be opened is
    left out; a database that does not answer leaves the accounts as they were.
    """

    def __init__(
        self,
        seats: Seats,
        database: Database,
        ring: Callable[[], Ring],
        fixed: Sequence[Credentials],
        *,
        seconds: float = SECONDS,
    ) -> None:
        self._seats = seats
        self._database = database
        self._ring = ring
        self._fixed = tuple(fixed)
        self._seconds = seconds
        self._reading = Lock()
        self._due = time.monotonic()
        self._members: dict[str, Member] | None = None  # by public key, in order
        self._opened: dict[str, Credentials] = {}  # by token
        self._said: dict[str, str] = {}  # why an account is left out, by its name

    def __call__(self) -> Sequence[Member]:
        if time.monotonic() >= self._due and self._reading.acquire(blocking=self._members is None):
            try:
                if time.monotonic() >= self._due:
                    self._look()
            finally:
                self._reading.release()
        return tuple((self._members or {}).values())

    def _look(self) -> None:
        troubles: dict[str, str] = {}
        try:
            with self._database.transaction() as session:
                rows = accounts.in_use(session)
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
            troubles[DATABASE] = reason
            if self._members is None:
                self._seat(self._fixed)
        else:
            self._seat([*self._fixed, *self._open_all(rows, troubles)])
        self._say(troubles)
        self._due = time.monotonic() + self._seconds

    def _open_all(self, rows: Sequence[Account], troubles: dict[str, str]) -> list[Credentials]:
        opened = {}
        for row in rows:
            try:
                opened[row.sealed] = self._opened.get(row.sealed) or self._open(row)
            except (SealError, ValueError) as error:  # ValueError: the keys are no pair; it quotes neither
                troubles[row.name] = f"its secret key cannot be used: {error}"
        self._opened = opened
        return list(opened.values())

    def _open(self, row: Account) -> Credentials:
        secret = self._ring().open(row.sealed, place_of(row.name))
        learn(secret, secret[:SEED])
        return Credentials(row.public_key, secret)

    def _seat(self, keys: Sequence[Credentials]) -> None:
        """Who stays keeps what is known of them."""
        former = self._members or {}
        self._members = {one.public_key: former.get(one.public_key) or self._seats.member(one) for one in keys}
        for public_key, member in former.items():
            if public_key not in self._members:
                member.forget()
                log.info("an account is no longer used", account=member.standing.name)

    def _say(self, troubles: dict[str, str]) -> None:
        for name, reason in troubles.items():
            if self._said.get(name) == reason:
                continue
            if name == DATABASE:
                log.warning("the accounts of the database cannot be read", reason=reason)
            else:
                log.warning("account left out", account=name, reason=reason)
        self._said = troubles
