"""Why a chat does not hear of a deal: what its filter, its mutes and its pauses say about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.deals import Deal
from domain.filters import Condition, Filter
from domain.kinds import Kind, Loudness
from models.mutes import Mute
from models.opportunities import OpportunityRow
from models.queries import filters, manners, titles
from models.queries.opportunities import deal_of


@dataclass(frozen=True, slots=True)
class Refused:
    """`wanted` is the chat's filter of now and `misses` what the deal lacks for it, as the listing's age was when it
    opened. `muted_until` is None for good where `muted`. `off` says that such deals are switched off.
    """

    deal: Deal
    wanted: Filter
    misses: tuple[Condition, ...]
    muted: bool
    muted_until: datetime | None
    off: bool


def refused(session: Session, chat_id: int, opportunity_id: int, now: datetime) -> Refused | None:
    """What speaks against a stored deal in a chat; None for a chat or a deal that is not known."""
    row = session.get(OpportunityRow, opportunity_id)
    if row is None:
        return None
    wanted, title = filters.load(session, chat_id).get(row.game), titles.title_of(session, row.item_id)
    if wanted is None or title is None:
        return None
    deal = deal_of(row, title, row.opened_at)
    mute = session.get(Mute, (chat_id, row.item_id))
    muted = mute is not None and (mute.until is None or mute.until > now)
    return Refused(
        deal=deal,
        wanted=wanted,
        misses=tuple(wanted.misses(deal)),
        muted=muted,
        muted_until=mute.until if mute and muted else None,
        off=manners.read(session, chat_id)[Kind(row.exit)].loudness is Loudness.OFF,
    )
