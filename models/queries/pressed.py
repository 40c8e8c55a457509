"""An alert whose button was pressed, and the evidence behind it. Every call names its chat: none reaches another's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.orm import Session

from domain.money import Cents
from domain.quotes import SalesHistory
from models.alerts import Alert
from models.feedback import Feedback, Verdict
from models.items import Item
from models.mutes import Mute
from models.opportunities import OpportunityRow, OpportunityState
from models.proof import Proof
from models.queries import sales
from models.queries.overview import proof_in


@dataclass(frozen=True, slots=True)
class Pressed:
    """An alert about a deal as its message stands: `struck` where it says that it is no longer true, because the
    deal is `gone` or has another price; `offer_id` is what its link then leads to.
    """

    alert_id: int
    item_id: int
    game: str
    title: str
    offer_id: str
    struck: bool
    gone: bool
    said: Verdict | None
    muted: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """What an alert rests on. `proof` is of the last verification, when the price may have been another than `buy`,
    which the alert said. `history` is what was last read of the title's sales, None for never.
    """

    alert_id: int
    item_id: int
    buy: Cents
    proof: Proof
    history: SalesHistory | None
    confirmed_at: datetime
    gone_at: datetime | None


def pressed(session: Session, alert_id: int, chat_id: int, now: datetime) -> Pressed | None:
    """None where this chat has no such alert about a deal, whatever number it asks for."""
    row, struck = OpportunityRow, Alert.struck_at.isnot(None)
    muted = exists().where(
        Mute.chat_id == chat_id, Mute.item_id == row.item_id, or_(Mute.until.is_(None), Mute.until > now)
    )
    found = session.execute(
        select(
            Alert.id,
            row.item_id,
            Item.game,
            Item.title,
            case((struck, row.offer_id), else_=func.coalesce(Alert.offer_id, row.offer_id)),
            struck,
            row.state == OpportunityState.GONE,
            Feedback.verdict,
            muted,
        )
        .join(row, row.id == Alert.opportunity_id)
        .join(Item, Item.id == row.item_id)
        .outerjoin(Feedback, Feedback.alert_id == Alert.id)
        .where(Alert.id == alert_id, Alert.chat_id == chat_id)
    ).one_or_none()
    if found is None:
        return None
    number, item_id, game, title, offer_id, is_struck, is_gone, said, is_muted = found
    verdict = Verdict(said) if said else None
    return Pressed(number, item_id, game, title, offer_id, is_struck, is_gone, verdict, is_muted)


def behind(session: Session, alert_id: int, chat_id: int) -> Behind | None:
    """None as for `pressed`, and where the evidence does not fit this version of Proof."""
    found = session.execute(
        select(Alert.buy, OpportunityRow)
        .join(OpportunityRow, OpportunityRow.id == Alert.opportunity_id)
        .where(Alert.id == alert_id, Alert.chat_id == chat_id)
    ).one_or_none()
    proof = proof_in(found[1].evidence) if found else None
    if found is None or proof is None:
        return None
    buy, row = found
    history = sales.load(session, row.item_id)
    return Behind(
        alert_id, row.item_id, proof.buy if buy is None else buy, proof, history, row.confirmed_at, row.gone_at
    )
