"""v2/offers becomes Offer values."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from dmarket.errors import Malformed
from dmarket.wire.offers import read_offers
from domain.quotes import Offer
from domain.traits import Traits
from domain.variants import PLAIN, Variant
from tests.unit.dmarket.samples import offer_row


def read(*rows: dict[str, Any]) -> tuple[Offer, ...]:
    return read_offers("offers", {"items": list(rows), "total": "1", "cursor": ""}, first=True).offers


def test_the_documented_row_is_read_whole() -> None:
    """Cents from text, the float exactly, times in UTC."""
    (offer,) = read(offer_row(attributes={"unlockDate": "2026-07-08T07:00:00+02:00"}))

    assert offer == Offer(
        offer_id="c3d4e5f6-a7b8-4012-8def-345678901234",
        title="AK-47 | Redline (Field-Tested)",
        price=1599,
        float_value=Decimal("0.2356003224849701"),
        paint_seed=661,
        created_at=datetime(2026, 7, 1, 10, 15, 30, 123000, UTC),
        unlock_at=datetime(2026, 7, 8, 5, 0, tzinfo=UTC),
    )


def test_a_bare_number_is_the_same_price() -> None:
    """The July document shows priceCents without quotes."""
    assert read(offer_row(priceCents=1599))[0].price == 1599


@pytest.mark.parametrize(
    "price", ["0", 0, "-5", "15.99", Decimal("15.99"), "", None, True, "1_599", "１５", [], "9" * 99]
)
def test_a_price_that_is_none_is_malformed(price: object) -> None:
    """The error names the field and the endpoint."""
    with pytest.raises(Malformed, match=r"offers: items\.0\.priceCents: ") as caught:
        read(offer_row(priceCents=price))

    assert caught.value.endpoint == "offers"


@pytest.mark.parametrize("field", ["offerId", "priceCents", "attributes"])
def test_a_missing_required_field_is_named(field: str) -> None:
    """An offer without it cannot be judged."""
    row = offer_row()
    del row[field]

    with pytest.raises(Malformed, match=rf"items\.0\.{field}"):
        read(row)


@pytest.mark.parametrize("answer", [{}, {"items": None}, {"items": {}}, [], None, "x", {"objects": []}])
def test_another_shape_is_not_an_empty_market(answer: object) -> None:
    """Only a list that is there and empty says that there are no offers."""
    with pytest.raises(Malformed):
        read_offers("offers", answer, first=True)

    assert read_offers("offers", {"items": []}, first=True).offers == ()


@pytest.mark.parametrize(("first", "cursor"), [(True, ""), (True, "next"), (False, "next")])
def test_nothing_shown_of_a_total_is_malformed(first: bool, cursor: str) -> None:
    """Empty lists beside a total were recorded live; only the page after the last one may be empty."""
    answer = {"items": [], "total": "38", "cursor": cursor}

    with pytest.raises(Malformed, match="none of 38 offers"):
        read_offers("offers", answer, first=first)

    assert read_offers("offers", {**answer, "cursor": ""}, first=False).offers == ()


@pytest.mark.parametrize("flag", ["overstocked", "saleRestricted", "sellUnavailable"])
def test_what_cannot_be_listed_again_is_not_resellable(flag: str) -> None:
    """Any of the three is enough; null is no flag."""
    assert not read(offer_row(attributes={flag: True}))[0].resellable
    assert read(offer_row(attributes={flag: None}))[0].resellable


def test_a_locked_offer_is_marked() -> None:
    """Somebody is buying it."""
    assert read(offer_row(locked=True))[0].locked


def test_p2p_offers_are_dropped() -> None:
    """They cannot be bought through the API."""
    offers = read(offer_row(offerType="p2p"), offer_row(offerId="a"), offer_row(offerType="something new"))

    assert [offer.offer_id for offer in offers] == ["a"]


@pytest.mark.parametrize(
    ("attributes", "variant"),
    [
        ({"cs2": {"phaseTitle": "PHASE_TITLE_PHASE_2", "phase": ""}}, Variant(phase="phase-2")),
        ({"cs2": {"phase": "black-pearl"}}, Variant(phase="black-pearl")),
        ({"cs2Attributes": {"phaseTitle": "PHASE_TITLE_RUBY"}, "cs2": None}, PLAIN),
        ({"cs2": {"rarePattern": "RARE_PATTERN_BLUE_GEM"}}, Variant(rare="blue-gem")),
        ({"cs2": {"rarePattern": "RARE_PATTERN_UNSPECIFIED", "rareInfo": None}}, PLAIN),
        ({"cs2": {"rareInfo": "Blue Gem", "rarePattern": "RARE_PATTERN_TIER1"}}, Variant(rare="blue-gem")),
        ({"cs2": None, "tf2": {"effect": "Burning Flames"}}, Variant(effect="burning-flames")),
        ({"cs2": None}, PLAIN),
    ],
)
def test_what_is_priced_apart_is_told_apart(attributes: dict[str, object], variant: Variant) -> None:
    """Every spelling of a phase, pattern or effect becomes one."""
    row = offer_row()
    row["attributes"].update(attributes)

    assert read(row)[0].variant == variant


def test_the_older_name_of_the_attribute_block_is_known() -> None:
    """The official sample says cs2Attributes."""
    row = offer_row()
    row["attributes"]["cs2Attributes"] = row["attributes"].pop("cs2") | {"phaseTitle": "PHASE_TITLE_RUBY"}

    assert read(row)[0].variant == Variant(phase="ruby")


def test_an_unknown_float_and_pattern_are_none() -> None:
    """Empty text, null and 0 are how the exchange says that."""
    offer = read(offer_row(cs2={"float": "", "paintSeed": 0}, createdAt=None))[0]

    assert (offer.float_value, offer.paint_seed, offer.created_at) == (None, None, None)


def test_a_float_may_be_written_out_in_full() -> None:
    """Wear is no money: all its digits are kept."""
    text = "0.2356003224849700927734375"

    assert read(offer_row(cs2={"float": text}))[0].float_value == Decimal(text)


@pytest.mark.parametrize("cs2", [{"phaseTitle": {}}, {"float": "abc"}, {"paintSeed": []}, {"rareInfo": 3}])
def test_a_reshaped_attribute_is_malformed(cs2: dict[str, object]) -> None:
    """Read as absent it would make a Ruby look plain."""
    with pytest.raises(Malformed, match=r"items\.0\.attributes"):
        read(offer_row(cs2=cs2))


def traits_of(**blocks: object) -> Traits:
    """What is read from these game blocks, CS2's left out."""
    return read(offer_row(attributes={"cs2": None, **blocks}))[0].traits


def test_a_cs2_block_tells_exterior_and_rarity() -> None:
    """Rarity is called quality there."""
    block = {"exterior": "EXTERIOR_NOT_PAINTED", "quality": "QUALITY_MIL_SPEC", "category": "CATEGORY_NORMAL"}

    assert read(offer_row(cs2=block))[0].traits == Traits(exterior="not-painted", rarity="mil-spec")


def test_a_tf2_block_tells_what_an_item_is() -> None:
    """Whether it can be crafted may be unknown."""
    block = {
        "class": ["CLASS_SCOUT", "CLASS_UNSPECIFIED", "CLASS_PYRO"],
        "quality": "QUALITY_DECORATED_WEAPON",
        "killstreak": "KILLSTREAK_NONE",
        "effect": "Burning Flames",
    }
    known = Traits(quality="decorated-weapon", classes=frozenset({"scout", "pyro"}), killstreak="none")

    assert traits_of(tf2=block) == known
    assert traits_of(tf2={**block, "isCraftable": False}) == replace(known, craftable=False)


def test_dota2_and_rust_blocks_are_read() -> None:
    """In plain words as well as in enumerated ones."""
    dota2 = {"hero": "Anti-Mage", "rarity": "mythical", "quality": "Inscribed", "slot": "SLOT_OFF_HAND", "gems": []}

    assert traits_of(dota2=dota2) == Traits(hero="anti-mage", rarity="mythical", quality="inscribed", slot="off-hand")
    assert traits_of(rust={"categoryPath": "misc/door", "type": "Armored Door"}) == Traits(type="armored-door")


@pytest.mark.parametrize("odd", [None, 5, [], {}, "\x00", "\ud800", "x" * 101, [5]])
def test_an_odd_trait_is_unknown_and_spoils_nothing(odd: object) -> None:
    """The offer is read, its price stands; a filter that asks for the trait will not match."""
    names = ("exterior", "quality", "rarity", "hero", "slot", "class", "killstreak", "isCraftable", "type")

    assert traits_of(tf2=dict.fromkeys(names, odd)) == Traits()
    assert traits_of(dota2=dict.fromkeys(names, odd)) == Traits()
    assert traits_of(rust=odd) == Traits()
    assert read(offer_row(cs2=dict.fromkeys(names, odd)))[0].price == 1599
