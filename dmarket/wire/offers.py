"""GET v2/offers (docs/exchange-api.md, Offers): cents as text, one attribute block for each game."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from dmarket.errors import Malformed
from dmarket.wire.fields import (
    CountOrNone,
    Cursor,
    Flag,
    Name,
    OptionalTimestamp,
    PriceInCents,
    WireModel,
    Word,
    validated,
)
from dmarket.wire.traits import TraitFields, block_or_none, traits_in
from dmarket.wire.variants import OfferFields
from domain.quotes import Offer

BOT_HELD = "dmarket"  # the only offer type that can be bought through the API


_TraitBlock = Annotated[TraitFields | None, BeforeValidator(block_or_none)]


class _Attributes(WireModel):
    title: Name
    overstocked: Flag = False
    sale_restricted: Flag = Field(False, alias="saleRestricted")
    sell_unavailable: Flag = Field(False, alias="sellUnavailable")
    unlock_at: OptionalTimestamp = Field(None, alias="unlockDate")
    # The July document's sample says cs2Attributes, live clients say cs2 (docs/exchange-api.md, Offers).
    cs2: OfferFields | None = Field(None, validation_alias=AliasChoices("cs2", "cs2Attributes"))
    tf2: OfferFields | None = Field(None, validation_alias=AliasChoices("tf2", "tf2Attributes"))
    dota2: _TraitBlock = Field(None, validation_alias=AliasChoices("dota2", "dota2Attributes"))
    rust: _TraitBlock = Field(None, validation_alias=AliasChoices("rust", "rustAttributes"))


class _Row(WireModel):
    offer_id: Name = Field(alias="offerId")
    price: PriceInCents = Field(alias="priceCents")
    created_at: OptionalTimestamp = Field(None, alias="createdAt")
    locked: Flag = False
    offer_type: Word = Field(BOT_HELD, alias="offerType")
    attributes: _Attributes


class _Page(WireModel):
    items: list[_Row]
    total: CountOrNone = 0
    cursor: Cursor = ""


@dataclass(frozen=True, slots=True)
class OfferPage:
    """Offers of all titles that the search's prefix found; `next_cursor` is "" on the last page."""

    offers: tuple[Offer, ...]
    next_cursor: str


def _offer(row: _Row) -> Offer:
    item = row.attributes
    block = item.cs2 or item.tf2 or OfferFields()
    return Offer(
        offer_id=row.offer_id,
        title=item.title,
        price=row.price,
        locked=row.locked,
        resellable=not (item.overstocked or item.sale_restricted or item.sell_unavailable),
        variant=block.variant,
        float_value=block.float_value,
        paint_seed=block.paint_seed,
        created_at=row.created_at,
        unlock_at=item.unlock_at,
        traits=traits_in({"cs2": item.cs2, "tf2": item.tf2, "dota2": item.dota2, "rust": item.rust}),
    )


def read_offers(endpoint: str, data: object, *, first: bool) -> OfferPage:
    """One page without its P2P offers. Malformed where it shows nothing of a total that it claims.

    `first` says that nothing was read before it. Such lists were seen live (docs/exchange-api.md, Offers).
    """
    page = validated(endpoint, _Page, data)
    if page.total and not page.items and (first or page.cursor):
        raise Malformed(endpoint, f"items: none of {page.total} offers is shown")
    bot_held = (row for row in page.items if row.offer_type in {BOT_HELD, ""})
    return OfferPage(tuple(_offer(row) for row in bot_held), page.cursor)
