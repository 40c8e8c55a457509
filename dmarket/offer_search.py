"""Finding the offers of exactly one title where the exchange only searches by prefix."""

from collections.abc import Callable

from dmarket.endpoints import OFFERS
from dmarket.errors import Incomplete
from dmarket.paging import Cursors
from dmarket.values import OfferBook
from dmarket.wire.offers import OfferPage
from domain.quotes import Offer

PAGES = 5

ReadPage = Callable[[str, str], OfferPage]  # (orderBy, cursor) to the page


def search_offers(read: ReadPage, title: str) -> OfferBook:
    """The cheapest offers of `title`, from the page of the cheapest that the prefix finds.

    Where a hundred cheaper twins hide them (every skin of a knife is a twin of the plain knife), they are
    looked for in the order of titles, which begins with the shortest. Incomplete where that proves nothing:
    it is not the same as no offer.
    """
    page = read("price", "")
    exact = _exact(page, title)
    if exact or not page.next_cursor:
        return _book(exact, complete=not page.next_cursor)
    return _among_twins(read, title)


def _among_twins(read: ReadPage, title: str) -> OfferBook:
    cursors = Cursors(OFFERS)
    found: list[Offer] = []
    for _ in range(PAGES):
        page = read("title", cursors.current)
        found += _exact(page, title)
        more = cursors.advance(page.next_cursor)
        if not _ordered(page):
            raise Incomplete(OFFERS.name, f"offers did not come in the order of titles, {title!r} may be beyond them")
        if not more or (page.offers and page.offers[-1].title != title):
            return _book(found, complete=True)
    raise Incomplete(OFFERS.name, f"the cheapest of more than {len(found)} offers of {title!r} cannot be told")


def _exact(page: OfferPage, title: str) -> list[Offer]:
    return [offer for offer in page.offers if offer.title == title]


def _book(offers: list[Offer], *, complete: bool) -> OfferBook:
    return OfferBook(tuple(sorted(offers, key=lambda offer: offer.price)), complete)


def _ordered(page: OfferPage) -> bool:
    titles = [offer.title.casefold() for offer in page.offers]
    return titles == sorted(titles)
