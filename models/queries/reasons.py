"""Why a chat was told nothing: what the rows say."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.deals import age_of
from domain.filters import Condition, Filter
from domain.kinds import DEALS, Loudness
from domain.silence import AFTER, Cause, Explanation, Facts, explain
from domain.windows import Window
from models.alerts import Alert, AlertState
from models.manners import Manner
from models.opportunities import OpportunityRow
from models.payloads import NearMiss, SilenceNews
from models.queries import filters, matching
from models.queries.alerts import Reason
from models.queries.digested import wanted
from models.queries.silence import Silent

COUNTED = frozenset(
    {Reason.QUIET, Reason.CAPPED, Reason.COOLDOWN, Reason.GONE, Reason.MOVED, Reason.TOO_LATE, Reason.REFUSED}
)


def news(session: Session, chat: Silent, now: datetime, *, down: bool, down_since: datetime | None) -> SilenceNews:
    """Why the chat was told nothing. `down` says that nothing can be found at the moment, as far as known since when.

    Counts are of the last AFTER, whenever the silence began.
    """
    start = now - AFTER
    wishes = filters.load(session, chat.chat_id)
    on = [game for game, one in wishes.items() if one.on]
    found = select(func.count()).where(OpportunityRow.opened_at >= start, OpportunityRow.game.in_(on))
    fitting = select(func.count()).select_from(wanted(chat.chat_id, Window(start, now)).subquery())
    miss = _miss(session, chat.chat_id, wishes, start)
    snoozed = chat.snoozed_until if chat.snoozed_until and chat.snoozed_until > start else None
    explanation = explain(
        Facts(
            games_on=len(on),
            kinds_on=len(DEALS) - _off(session, chat.chat_id),
            ended=_ended(session, chat.chat_id, start),
            snoozed=snoozed is not None,
            down=down,
            found=session.scalar(found) or 0,
            fitting=session.scalar(fitting) or 0,
            near=miss is not None,
        )
    )
    return _news(explanation, chat, now, {Cause.DOWN: down_since, Cause.SNOOZED: snoozed}, miss)


def _news(
    explanation: Explanation, chat: Silent, now: datetime, times: Mapping[Cause, datetime | None], miss: NearMiss | None
) -> SilenceNews:
    return SilenceNews(
        cause=explanation.cause,
        hours=int((now - chat.since) / timedelta(hours=1)),
        number=explanation.number,
        zone=chat.zone,
        since=times.get(explanation.cause),
        miss=miss if explanation.cause is Cause.NEAREST else None,
    )


def _off(session: Session, chat_id: int) -> int:
    """How many kinds of deals the chat wants none of."""
    kinds = select(func.count()).where(Manner.chat_id == chat_id, Manner.loudness == Loudness.OFF.value)
    return session.scalar(kinds.where(Manner.kind.in_(DEALS))) or 0


def _ended(session: Session, chat_id: int, start: datetime) -> Counter[str]:
    """How many deals ended for the chat without being told, by the recorded reason."""
    reason = func.split_part(Alert.reason, ":", 1)
    rows = session.execute(
        select(reason.label("why"), func.count().label("number"))
        .where(Alert.chat_id == chat_id, Alert.finished_at > start, Alert.kind.in_(DEALS))
        .where(Alert.state != AlertState.SENT, reason.in_(COUNTED))
        .group_by(reason)
    )
    return Counter({row.why: row.number for row in rows})


def _miss(session: Session, chat_id: int, wishes: Mapping[str, Filter], start: datetime) -> NearMiss | None:
    """The nearest miss with its numbers."""
    found = matching.nearest_miss(session, chat_id, start)
    if found is None:
        return None
    row, wanted_of = found.row, wishes[found.row.game]
    had, asked = _numbers(row, found.condition, wanted_of)
    title = str(row.evidence.get("title", ""))
    return NearMiss(title=title, game=row.game, condition=found.condition, had=had, asked=asked)


def _numbers(row: OpportunityRow, condition: Condition, wish: Filter) -> tuple[int | None, int | None]:
    """What the deal has and what the filter asks for, where that is a number."""
    match condition:
        case Condition.NET:
            return row.net, wish.min_net
        case Condition.RETURN:
            return row.return_bps, wish.min_return_bps
        case Condition.SALES:
            return row.sales_tenths, wish.min_sales_tenths
        case Condition.PRICE:
            return row.buy, wish.price_from if row.buy < wish.price_from else wish.price_to
        case Condition.AGE:
            return age_of(row.listed_at, row.confirmed_at), wish.max_age
    return None, None
