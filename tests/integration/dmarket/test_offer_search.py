"""Offers of exactly one title out of a search by prefix."""

import pytest

from dmarket.client import Exchange
from dmarket.errors import Incomplete
from dmarket.values import OfferBook
from domain.games import CSGO
from tests.integration.dmarket.conftest import soon
from tests.integration.dmarket.pages import offers_page, query_of
from tests.integration.dmarket.scripted import Script


def test_offers_are_matched_exactly_after_the_prefix_search(exchange: Exchange, script: Script) -> None:
    """A longer or differently written title is another item; the cheapest comes first."""
    script.say(offers_page("A", "A long", "a", "A", cursor="more"))

    book = exchange.offers(CSGO, "A", deadline=soon())

    assert [offer.price for offer in book.offers] == [1000, 1003]
    assert not book.complete
    assert [query_of(asked) for asked in script.asked] == [
        {"gameId": "a8db", "title": "A", "orderBy": "price", "orderDir": "asc", "limit": "100", "offerType": "dmarket"}
    ]


def test_offers_behind_cheaper_twins_are_found_in_the_order_of_titles(exchange: Exchange, script: Script) -> None:
    """A plain knife has a hundred cheaper skins; the shortest title comes first, and a cursor is sent as it came."""
    script.say(
        offers_page("A | B", "A | C", cursor="c2"),
        offers_page("A", "A", cents=5000, cursor="c+/="),
        offers_page("A", "A | B", cents=4000, cursor="c4"),
    )

    book = exchange.offers(CSGO, "A", deadline=soon())

    assert [offer.price for offer in book.offers] == [4000, 5000, 5001]
    assert book.complete
    assert [query_of(asked)["orderBy"] for asked in script.asked] == ["price", "title", "title"]
    assert query_of(script.asked[2])["cursor"] == "c+/="
    assert script.asked[2].target.endswith("cursor=c%2B%2F%3D")


def test_twins_alone_in_the_order_of_titles_prove_that_there_is_no_offer(exchange: Exchange, script: Script) -> None:
    """The shortest title would have come before them."""
    script.say(offers_page("A long", cursor="c2"), offers_page("A | B", "A | C", cursor="c3"))

    assert exchange.offers(CSGO, "A", deadline=soon()) == OfferBook((), complete=True)
    assert len(script.asked) == 2


def test_an_order_that_is_not_kept_proves_nothing(exchange: Exchange, script: Script) -> None:
    """That is not the same as no offer."""
    script.say(offers_page("A long", cursor="c2"), offers_page("A | C", "A | B", cursor="c3"))

    with pytest.raises(Incomplete, match="order of titles") as caught:
        exchange.offers(CSGO, "A", deadline=soon())

    assert caught.value.permanent


def test_five_pages_of_one_title_do_not_tell_its_cheapest(exchange: Exchange, script: Script) -> None:
    """In the order of titles the cheapest may stand on any of them."""
    script.say(offers_page("A long", cursor="c"), *(offers_page("A", cursor=f"c{number}") for number in range(9)))

    with pytest.raises(Incomplete, match="cheapest"):
        exchange.offers(CSGO, "A", deadline=soon())

    assert len(script.asked) == 6
