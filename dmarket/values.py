"""What the exchange tells beyond the domain's own values."""

from dataclasses import dataclass

from domain.money import Cents
from domain.quotes import AggregatedPrice, Offer


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """A page of a game's titles with their best prices; `next_cursor` is "" on the last one."""

    prices: tuple[AggregatedPrice, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class OfferBook:
    """The cheapest live offers of a title, cheapest first; `complete` is False where dearer ones were not read."""

    offers: tuple[Offer, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """The account's money in cents: all of it, and what may be withdrawn."""

    usd: Cents
    available: Cents


@dataclass(frozen=True, slots=True)
class User:
    """The account; `targets_limit` is how many targets it may hold in each game."""

    id: str
    username: str
    targets_limit: int
