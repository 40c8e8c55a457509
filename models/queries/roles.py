"""What a person may do, and whether they may do anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.chats import Chat
from models.queries import audit
from models.queries.audit import Action, By
from models.roles import Ban, UserRole


class Role(StrEnum):
    """Each may do what the former may, too."""

    VIEWER = "viewer"  # looks at reports and the audit log
    ADMIN = "admin"  # pauses games, bans, lifts limits, sends broadcasts
    OWNER = "owner"  # gives and takes roles


_RANK = list(Role)


@dataclass(frozen=True, slots=True)
class Standing:
    role: Role | None
    banned: bool


def standing(session: Session, user_id: int, owners: frozenset[int]) -> Standing:
    """A person's role and whether they are banned; an owner named in the settings cannot be banned."""
    if user_id in owners:
        return Standing(Role.OWNER, banned=False)
    role = session.scalar(select(UserRole.role).where(UserRole.user_id == user_id))
    banned = session.scalar(select(Ban.user_id).where(Ban.user_id == user_id)) is not None
    return Standing(Role(role) if role else None, banned)


def may(role: Role | None, needed: Role | None) -> bool:
    """Whether somebody of this role may do what needs another."""
    if needed is None:
        return True
    return role is not None and _RANK.index(role) >= _RANK.index(needed)


OWNERS_LOCK = 0x534B4F57  # any fixed number: "SKOW"


class Refusal(StrEnum):
    """Why a role stays as it is."""

    SETTINGS = "settings"  # an owner named in the settings
    LAST = "last"  # nobody would be left who gives roles
    SAME = "same"  # it is so already
    BANNED = "banned"  # lift the ban first


def holders(session: Session, owners: Iterable[int]) -> dict[int, Role]:
    """Everybody who has a role, those of the settings too."""
    stored = {row.user_id: Role(row.role) for row in session.scalars(select(UserRole).order_by(UserRole.user_id))}
    return stored | dict.fromkeys(owners, Role.OWNER)


def grant(
    session: Session, user_id: int, role: Role | None, *, by: By, owners: frozenset[int], now: datetime
) -> Refusal | None:
    """Give a person a role, or take theirs (None); None where it is done. Who does it must be an owner.

    Changes come one after another, so that two owners cannot take each other's role at once and leave nobody.
    """
    session.execute(select(func.pg_advisory_xact_lock(OWNERS_LOCK)))
    former = session.scalar(select(UserRole.role).where(UserRole.user_id == user_id))
    why = _refusal(session, user_id, former, role, owners)
    if why:
        return why
    if role is None:
        session.execute(delete(UserRole).where(UserRole.user_id == user_id))
    else:
        values = {"role": role.value, "granted_by": audit.number(by), "granted_at": now}
        row = insert(UserRole).values(user_id=user_id, **values)
        session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))
    action = Action.REVOKE if role is None else Action.GRANT
    audit.write(session, by, action, user_id, now, former=former, role=role and role.value)
    return None


def _refusal(
    session: Session, user_id: int, former: str | None, role: Role | None, owners: frozenset[int]
) -> Refusal | None:
    if user_id in owners:
        return Refusal.SETTINGS
    if former == role:
        return Refusal.SAME
    if role is not None and session.scalar(select(Ban.user_id).where(Ban.user_id == user_id)) is not None:
        return Refusal.BANNED
    if former == Role.OWNER and not owners:
        others = select(func.count()).where(UserRole.role == Role.OWNER.value, UserRole.user_id != user_id)
        return None if session.scalar(others) else Refusal.LAST
    return None


def reachable(session: Session, owners: frozenset[int]) -> dict[int, Role]:
    """As `holders`, those whose private chat with the bot is known."""
    found = holders(session, owners)
    known = set(session.scalars(select(Chat.id).where(Chat.id.in_(found))))
    return {user_id: role for user_id, role in found.items() if user_id in known}


def admins(session: Session, owners: frozenset[int]) -> list[int]:
    """Who is told what people say: everybody from admin on."""
    return sorted(user_id for user_id, role in holders(session, owners).items() if may(role, Role.ADMIN))
