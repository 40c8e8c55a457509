"""What a chat was told, how much of it held, and what it was not told while it rested."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from domain.kinds import DEALS, Kind
from models.alerts import Alert, AlertState
from models.feedback import Feedback, Verdict
from models.opportunities import OpportunityRow
from models.queries import feedback
from models.queries.alerts import Reason

ARRIVAL = timedelta(seconds=60)  # a deal that ended or got dearer within that time of its alert was gone on arrival


@dataclass(frozen=True, slots=True)
class Stats:
    """Of one chat since a time. `sent` by kind; of the deals that were sent at least a minute ago, `settled`, as many
    were `gone` within that minute, and `right` are those that were not and that nobody called gone or wrong.
    `rested` came in quiet hours or a snooze, `late` were over before their turn.
    """

    sent: Counter[Kind]
    settled: int
    gone: int
    right: int
    rested: int
    late: int
    said: Counter[Verdict]


def stats(session: Session, chat_id: int, since: datetime, now: datetime) -> Stats:
    """Everything about messages that ended since then."""
    ended = and_(Alert.chat_id == chat_id, Alert.finished_at >= since)
    kinds = select(Alert.kind, func.count()).where(ended, Alert.state == AlertState.SENT).group_by(Alert.kind)
    settled, gone, right = held(session, since, now, chat_id)
    rested, late = session.execute(
        select(
            func.count().filter(Alert.reason.in_([Reason.QUIET.value, Reason.SNOOZED.value])),
            func.count().filter(Alert.reason.in_([Reason.GONE.value, Reason.TOO_LATE.value])),
        ).where(ended, Alert.kind.in_(DEALS))
    ).one()
    return Stats(
        sent=Counter({Kind(kind): number for kind, number in session.execute(kinds)}),
        settled=settled,
        gone=gone,
        right=right,
        rested=rested,
        late=late,
        said=feedback.counted(session, chat_id, since),
    )


def held(session: Session, since: datetime, now: datetime, chat_id: int | None = None) -> tuple[int, int, int]:
    """How many deals were settled, gone on arrival, and right (see Stats); without a chat those of all."""
    soon = Alert.finished_at + ARRIVAL
    gone = or_(
        func.coalesce(OpportunityRow.gone_at < soon, False),
        func.coalesce(Alert.struck_at < soon, False),
    )
    denied = func.coalesce(Feedback.verdict.in_([Verdict.GONE.value, Verdict.WRONG.value]), False)
    found = session.execute(
        select(func.count(), func.count().filter(gone), func.count().filter(~gone, ~denied))
        .select_from(Alert)
        .join(OpportunityRow, OpportunityRow.id == Alert.opportunity_id)
        .outerjoin(Feedback, Feedback.alert_id == Alert.id)
        .where(Alert.state == AlertState.SENT, Alert.kind.in_(DEALS))
        .where(Alert.finished_at >= since, Alert.finished_at <= now - ARRIVAL)
        .where(*([] if chat_id is None else [Alert.chat_id == chat_id]))
    ).one()
    settled, early, right = found
    return settled, early, right
