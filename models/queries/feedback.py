"""What chats say about deals, and what follows from it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.money import Cents
from models.alerts import Alert
from models.feedback import Feedback, Verdict
from models.items import Item
from models.opportunities import OpportunityRow
from models.queries import manners, strikes

REST = timedelta(hours=24)  # for which a title that was bought, or whose numbers were wrong, is not told of again


@dataclass(frozen=True, slots=True)
class ToldDeal:
    """What an alert was about; `buy` is what it said."""

    alert_id: int
    opportunity_id: int
    item_id: int
    game: str
    title: str
    offer_id: str
    buy: Cents


def told_deal(session: Session, alert_id: int, chat_id: int) -> ToldDeal | None:
    """The deal of an alert; None where this chat has no such alert, whatever number it asks for."""
    found = session.execute(
        select(Alert.id, Alert.opportunity_id, OpportunityRow.item_id, Item.game, Item.title, Alert.offer_id, Alert.buy)
        .join(OpportunityRow, OpportunityRow.id == Alert.opportunity_id)
        .join(Item, Item.id == OpportunityRow.item_id)
        .where(Alert.id == alert_id, Alert.chat_id == chat_id)
    ).one_or_none()
    return ToldDeal(*found) if found else None  # type: ignore[arg-type]  # the join leaves rows with a deal alone


def record(session: Session, alert_id: int, chat_id: int, verdict: Verdict, now: datetime) -> ToldDeal | None:
    """Note what a chat says about an alert, in place of what it said before; None for an alert of another chat.

    `bought` and `wrong` end news of the title to this chat for 24 hours: who bought has it, and where the numbers were
    wrong they may be wrong again. `gone` counts alone: being late is no fault of the title.
    """
    deal = told_deal(session, alert_id, chat_id)
    if deal is None:
        return None
    row = insert(Feedback).values(alert_id=alert_id, verdict=verdict.value, at=now)
    session.execute(row.on_conflict_do_update(index_elements=["alert_id"], set_={"verdict": verdict.value, "at": now}))
    strikes.touch(session, alert_id, now)
    if verdict is not Verdict.GONE:
        manners.mute(session, chat_id, deal.item_id, now + REST)
    return deal


def counted(session: Session, chat_id: int, since: datetime) -> Counter[Verdict]:
    """How often a chat said what since then."""
    rows = (
        select(Feedback.verdict, func.count())
        .join(Alert, Alert.id == Feedback.alert_id)
        .where(Alert.chat_id == chat_id, Feedback.at >= since)
        .group_by(Feedback.verdict)
    )
    return Counter({Verdict(verdict): number for verdict, number in session.execute(rows)})
