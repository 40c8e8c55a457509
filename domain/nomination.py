"""Which aggregated prices deserve a look at live data. An aggregate nominates, it never proves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.exits import Exit, ExitKind, price_exit
from domain.fees import ItemFees
from domain.levels import level_for
from domain.money import ONE, BasisPoints, Cents
from domain.quotes import AggregatedPrice

TIGHT_SPREAD_BPS: BasisPoints = 600


class Reason(StrEnum):
    OPEN = "open"  # an opportunity stands on this title and must be confirmed
    INSTANT = "instant"  # the best bid would pay
    PATIENT = "patient"  # known sales would pay
    TIGHT_SPREAD = "tight_spread"  # sales unknown and the ask is down at the bids


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored about a title: fees, the careful sales price in cents, whether an opportunity is open."""

    fees: ItemFees
    sales_price: Cents | None = None
    sales_known: bool = False
    open_opportunity: bool = False


@dataclass(frozen=True, slots=True)
class Nomination:
    """`score` orders verification: the net gain in cents that the aggregates promise, open ones first."""

    reason: Reason
    score: Cents


OPEN_FIRST: Cents = 10_000_000


def nominate(quote: AggregatedPrice, known: Known, now: datetime) -> Nomination | None:
    """Whether a title's aggregate promises its level's return, or might once its sales are known."""
    if known.open_opportunity:
        return Nomination(Reason.OPEN, OPEN_FIRST)
    level = level_for(quote.ask) if quote.ask is not None else None
    if level is None or quote.ask is None:
        return None
    for reason, kind, sell in (
        (Reason.INSTANT, ExitKind.INSTANT, quote.bid),
        (Reason.PATIENT, ExitKind.PATIENT, known.sales_price),
    ):
        exit_ = _exit(kind, quote.ask, sell, known.fees, now)
        if exit_ and exit_.return_bps >= level.min_return_bps:
            return Nomination(reason, exit_.net)
    if not known.sales_known and quote.bid is not None and _spread(quote.ask, quote.bid) <= TIGHT_SPREAD_BPS:
        return Nomination(Reason.TIGHT_SPREAD, 0)
    return None


def _exit(kind: ExitKind, buy: Cents, sell: Cents | None, fees: ItemFees, now: datetime) -> Exit | None:
    return price_exit(kind, buy, sell, fees.rate(sell, now)) if sell is not None else None


def _spread(ask: Cents, bid: Cents) -> BasisPoints:
    return (ask - bid) * ONE // ask
