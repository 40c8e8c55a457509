"""The numbers that admins see at a glance, and what is known of one person."""

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.alerts import Alert, AlertState
from models.audit import AuditRow
from models.chats import Chat, ChatState
from models.queries import alerts, audit, roles
from models.queries.audit import Action
from models.queries.roles import Role

MOST_WAITING = 100_000  # messages that are counted


@dataclass(frozen=True, slots=True)
class Numbers:
    """Chats by state; messages that were sent and that expired since the beginning of the day; what waits."""

    chats: Mapping[ChatState, int]
    sent: int
    expired: int
    waiting: int


def numbers(session: Session, since: datetime) -> Numbers:
    chats = _counted(session, select(Chat.state, func.count()).group_by(Chat.state))
    ended = select(Alert.state, func.count()).where(Alert.finished_at >= since).group_by(Alert.state)
    ends = _counted(session, ended)
    return Numbers(
        chats={state: chats[state] for state in ChatState},
        sent=ends[AlertState.SENT],
        expired=ends[AlertState.EXPIRED],
        waiting=alerts.waiting(session, MOST_WAITING),
    )


def _counted(session: Session, rows: Select[str, int]) -> Counter[str]:
    return Counter({row[0]: row[1] for row in session.execute(rows)})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as admins see them; `state` is that of the private chat, None where there is none."""

    user_id: int
    role: Role | None
    banned: bool
    state: ChatState | None
    groups: int


def former(session: Session, holders: Container[int]) -> frozenset[int]:
    """People with a chat who are none of the `holders` of a role, though the audit log knows them with one.

    It names whoever was given a role, and whoever did what only a role allows.
    """
    given = session.scalars(select(AuditRow.subject).where(AuditRow.action == Action.GRANT.value).distinct())
    acted = session.scalars(select(AuditRow.user_id).where(AuditRow.user_id != audit.SHELL).distinct())
    known = {*map(int, given), *acted}
    chats = session.scalars(select(Chat.id).where(Chat.id.in_(one for one in known if one not in holders)))
    return frozenset(chats)


def person(session: Session, user_id: int, owners: frozenset[int]) -> Person:
    """`groups` counts those that they subscribed."""
    standing = roles.standing(session, user_id, owners)
    state = session.scalar(select(Chat.state).where(Chat.id == user_id))
    groups = session.scalar(select(func.count()).where(Chat.owner_id == user_id, Chat.id != user_id)) or 0
    return Person(user_id, standing.role, standing.banned, ChatState(state) if state else None, groups)
