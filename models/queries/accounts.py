"""Exchange accounts that operators keep in the database; every change with its row of the audit log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.accounts import Account, AccountState
from models.queries import audit
from models.queries.audit import Action, By

ORDER = (Account.added_at, Account.name)


def _key_id() -> ColumnElement[str]:
    """The second part of the token: version, key id, text."""
    return func.split_part(Account.sealed, ".", 2)


def in_use(session: Session) -> Sequence[Account]:
    """Those that workers call with, the one added first first."""
    return session.scalars(select(Account).where(Account.state == AccountState.IN_USE.value).order_by(*ORDER)).all()


def everyone(session: Session) -> Sequence[Account]:
    return session.scalars(select(Account).order_by(*ORDER)).all()


def add(session: Session, row: Account) -> bool:
    """Keep a key pair; False where the name or the public key is taken."""
    values = {column.key: getattr(row, column.key) for column in Account.__table__.columns}
    added = insert(Account).values(**values).on_conflict_do_nothing().returning(Account.name)
    if session.scalar(added) is None:
        return False
    audit.write(session, row.actor, Action.ADD_KEYS, row.name, row.added_at, public_key=row.public_key)
    return True


def remove(session: Session, name: str, by: By, now: datetime) -> bool:
    """Forget a key pair; False where there is none of that name."""
    public_key = session.scalar(delete(Account).where(Account.name == name).returning(Account.public_key))
    if public_key is None:
        return False
    audit.write(session, by, Action.REMOVE_KEYS, name, now, public_key=public_key)
    return True


def turn(session: Session, name: str, state: AccountState, by: By, now: datetime) -> bool:
    """Let workers use a key pair, or leave it alone; False where it is so already or there is none."""
    row = update(Account).where(Account.name == name, Account.state != state.value).values(state=state.value)
    if session.scalar(row.returning(Account.name)) is None:
        return False
    action = Action.USE_KEYS if state is AccountState.IN_USE else Action.REST_KEYS
    audit.write(session, by, action, name, now)
    return True


def by_key(session: Session) -> dict[str, int]:
    """How many secrets are sealed with each key of the ring, by its id."""
    key_id = _key_id()
    counted = session.execute(select(key_id, func.count()).group_by(key_id).order_by(key_id))
    return dict(counted.all())


def not_sealed_with(session: Session, key_id: str, after: str, limit: int) -> Sequence[Account]:
    """The next accounts by name, sealed with another key; locked until the transaction ends.

    What another rotation has in hand is waited for and then passed over, if it was sealed with this key.
    """
    rows = select(Account).where(_key_id() != key_id, Account.name > after)
    return session.scalars(rows.order_by(Account.name).limit(limit).with_for_update()).all()


def stored(session: Session, names: Sequence[str]) -> dict[str, str]:
    """The tokens as the database has them after what this transaction wrote, by name."""
    session.flush()
    return dict(session.execute(select(Account.name, Account.sealed).where(Account.name.in_(names))).all())
