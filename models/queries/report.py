"""The daily report's numbers, all counted from rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.games import GAMES
from domain.kinds import Kind, Loudness
from models.alerts import Alert, AlertState
from models.chats import Chat, ChatState
from models.departed import Departed
from models.feedback import Feedback
from models.items import Item, ItemGroup
from models.manners import Manner
from models.opportunities import OpportunityRow
from models.payloads import GameReport, ReportNews
from models.prices import Price
from models.queries import roles, switches
from models.queries.privacy import CHAT, DELETED, FEEDBACK, JOINED
from models.remarks import Remark
from models.scans import RunState, ScanRun
from models.verification import LastVerdict

Key = tuple[str, str, str]
OPEN = (AlertState.PENDING, AlertState.HELD, AlertState.SENDING)


def collect(session: Session, begin: datetime, end: datetime, zone: str) -> ReportNews:
    """What happened from `begin`, a quarter of an hour, to `end`; `zone` is the clock that it is shown on.

    Messages, feedback and chats that were deleted meanwhile are counted as long as they were there.
    """
    departed = _departed(session, begin, end)
    ends = _ends(session, begin, end) + Counter(
        {key: n for key, n in departed.items() if key[0] not in {CHAT, FEEDBACK}}
    )
    said = _grouped(session, Feedback.verdict, Feedback.at, begin, end)
    said += Counter({state: n for (kind, state, _), n in departed.items() if kind == FEEDBACK})
    return ReportNews(
        begin=begin,
        end=end,
        zone=zone,
        ends=tuple((*key, n) for key, n in sorted(ends.items(), key=lambda one: (-one[1], one[0]))),
        struck=_number(session, Alert.struck_at, begin, end),
        waiting=session.scalar(select(func.count()).select_from(Alert).where(Alert.state.in_(OPEN))) or 0,
        feedback=tuple(sorted(said.items())),
        remarks=_number(session, Remark.at, begin, end),
        games=tuple(_game(session, game, begin, end) for game in GAMES),
        verdicts=tuple(verdicts(session, begin, end).most_common(5)),
        active=session.scalar(select(func.count()).where(Chat.state == ChatState.ACTIVE.value)) or 0,
        joined=_number(session, Chat.created_at, begin, end) + departed[CHAT, JOINED, ""],
        stopped=_number(session, Chat.left_at, begin, end, Chat.state == ChatState.STOPPED.value),
        blocked=_number(session, Chat.left_at, begin, end, Chat.state == ChatState.BLOCKED.value),
        deleted=departed[CHAT, DELETED, ""],
    )


def verdicts(session: Session, begin: datetime, end: datetime) -> Counter[str]:
    """Titles by the gate of their last verdict, those that were last verified from `begin` to `end`."""
    return _grouped(session, LastVerdict.gate, LastVerdict.decided_at, begin, end)


def _number(session: Session, moment: Any, begin: datetime, end: datetime, *more: Any) -> int:
    return session.scalar(select(func.count()).where(moment >= begin, moment < end, *more)) or 0


def _grouped(session: Session, what: Any, moment: Any, begin: datetime, end: datetime) -> Counter[str]:
    rows = select(what, func.count()).where(moment >= begin, moment < end).group_by(what)
    return Counter({row[0]: row[1] for row in session.execute(rows)})


def _departed(session: Session, begin: datetime, end: datetime) -> Counter[Key]:
    key = (Departed.kind, Departed.state, Departed.reason)
    rows = select(*key, func.sum(Departed.number)).where(Departed.at >= begin, Departed.at < end).group_by(*key)
    return Counter({(kind, state, reason): int(n) for kind, state, reason, n in session.execute(rows)})


def _ends(session: Session, begin: datetime, end: datetime) -> Counter[Key]:
    """Messages by kind, final state, and reason without Telegram's own words."""
    reason = func.split_part(func.coalesce(Alert.reason, ""), ":", 1)
    rows = (
        select(Alert.kind, Alert.state, reason, func.count())
        .where(Alert.finished_at >= begin, Alert.finished_at < end)
        .group_by(Alert.kind, Alert.state, reason)
    )
    return Counter({(kind, state, why): n for kind, state, why, n in session.execute(rows)})


def _game(session: Session, game: str, begin: datetime, end: datetime) -> GameReport:
    runs = select(
        func.count().filter(ScanRun.state == RunState.DONE.value),
        func.count().filter(ScanRun.state == RunState.EXPIRED.value),
        func.coalesce(func.sum(ScanRun.batches - ScanRun.batches_left).filter(ScanRun.state == RunState.DONE.value), 0),
    ).where(ScanRun.game == game, ScanRun.finished_at >= begin, ScanRun.finished_at < end)
    scans, expired, batches = session.execute(runs).one()
    age = func.extract("epoch", end - ItemGroup.observed_at)
    groups = select(
        func.coalesce(func.sum(ItemGroup.size), 0),
        func.percentile_disc(0.5).within_group(age.asc()),
        func.max(age),
    ).where(ItemGroup.game == game, ItemGroup.worth > 0)
    titles, typical, oldest = session.execute(groups).one()
    read = func.greatest(Price.confirmed_at, ItemGroup.observed_at)
    priced = (
        select(func.count())
        .select_from(Item)
        .join(Price, Price.item_id == Item.id)
        .join(ItemGroup, ItemGroup.id == Item.group_id)
        .where(Item.game == game, ItemGroup.worth > 0, read >= begin)
    )
    opened = [OpportunityRow.game == game]
    return GameReport(
        game=game,
        paused=switches.paused(session, game),
        scans=scans,
        expired=expired,
        batches=int(batches),
        titles=int(titles),
        priced=session.scalar(priced) or 0,
        typical_age=None if typical is None else max(0, int(typical)),
        oldest_age=None if oldest is None else max(0, int(oldest)),
        opened=_number(session, OpportunityRow.opened_at, begin, end, *opened),
        closed=_number(session, OpportunityRow.gone_at, begin, end, *opened),
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat that gets the report."""

    id: int
    zone: str
    created_at: datetime


def readers(session: Session, owners: frozenset[int]) -> list[Reader]:
    """Subscribed private chats of people with a role who have not switched reports off."""
    off = select(Manner.chat_id).where(
        Manner.chat_id == Chat.id, Manner.kind == Kind.REPORT.value, Manner.loudness == Loudness.OFF.value
    )
    chats = select(Chat.id, Chat.zone, Chat.created_at).where(
        Chat.id.in_(roles.holders(session, owners)), Chat.state == ChatState.ACTIVE.value, ~off.exists()
    )
    return [Reader(*row) for row in session.execute(chats.order_by(Chat.id))]


def written(session: Session, chat_id: int, key: str) -> bool:
    """Whether the chat has the report of that day already."""
    own = select(Alert.id).where(Alert.chat_id == chat_id, Alert.key == f"{Kind.REPORT}:{key}")
    return session.scalar(own) is not None
