"""Sealing all secrets of the database anew with the first key of the ring, batch by batch, while everything runs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from config.ring import Ring, SealError
from models.accounts import Account
from models.database import Database
from models.queries import accounts, audit
from models.queries.audit import Action
from tasks.vault import place_of

BATCH = 100  # secrets of one transaction


class NotStoredError(Exception):
    """The database gave back another token than the one written; nothing of that batch is kept."""

    permanent = False


@dataclass(slots=True)
class Progress:
    """What one rotation has done so far; `failed` tells by account why its secret stays as it is."""

    resealed: int = 0
    last: str = ""
    failed: dict[str, str] = field(default_factory=dict)


def rotate(
    database: Database, ring: Ring, actor: str, now: Callable[[], datetime], *, batch: int = BATCH
) -> Iterator[Progress]:
    """Seal what another key sealed with the first one; the same Progress after each committed batch.

    It can end at any line and be begun again: what is sealed with the first key is passed over. Several at once wait
    for the rows that another has in hand. Raises NotStoredError where a secret does not read back as it was.
    """
    progress = Progress()
    while True:
        with database.transaction() as session:
            rows = accounts.not_sealed_with(session, ring.first, progress.last, batch)
            secrets = _open_all(rows, ring, progress)
            for row in rows:
                if row.name in secrets:
                    row.sealed, row.sealed_at = ring.seal(secrets[row.name], place_of(row.name)), now()
            _verify(accounts.stored(session, list(secrets)), secrets, ring)
            if secrets:
                audit.write(session, actor, Action.ROTATE_KEYS, ring.first, now(), resealed=len(secrets))
        if not rows:
            return
        progress.resealed += len(secrets)
        progress.last = rows[-1].name
        yield progress


def _open_all(rows: Sequence[Account], ring: Ring, progress: Progress) -> dict[str, str]:
    secrets = {}
    for row in rows:
        try:
            secrets[row.name] = ring.open(row.sealed, place_of(row.name))
        except SealError as error:
            progress.failed[row.name] = str(error)
    return secrets


def _verify(stored: dict[str, str], secrets: dict[str, str], ring: Ring) -> None:
    for name, secret in secrets.items():
        try:
            same = ring.open(stored[name], place_of(name)) == secret
        except (KeyError, SealError):
            same = False
        if not same:
            raise NotStoredError(f"account {name}: its secret did not read back; nothing of this batch is changed")
