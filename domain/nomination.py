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
DROP_BPS: BasisPoints = 1_000


class Reason(StrEnum):
    OPEN = "open"  # an opportunity stands on this title and must be confirmed
    INSTANT = "instant"  # the best bid would pay
    PATIENT = "patient"  # known sales would pay
    DROP = "drop"  # sales unknown and the ask fell by a tenth or more since it was last read
    TIGHT_SPREAD = "tight_spread"  # sales unknown and the ask is down at the bids


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored about a title: fees, the careful sales price and the former ask in cents, an open opportunity."""

    fees: ItemFees
    sales_price: Cents | None = None
    sales_known: bool = False
    former_ask: Cents | None = None
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
    return None if known.sales_known else _worth_its_sales(quote.ask, quote.bid, known.former_ask)


def _worth_its_sales(ask: Cents, bid: Cents | None, former_ask: Cents | None) -> Nomination | None:
    """A cheap offer shows before the sales are known: it undercuts the former ask, or comes down to the bids."""
    if former_ask is not None and _share(former_ask - ask, former_ask) >= DROP_BPS:
        return Nomination(Reason.DROP, former_ask - ask)
    if bid is not None and _share(ask - bid, ask) <= TIGHT_SPREAD_BPS:
        return Nomination(Reason.TIGHT_SPREAD, 0)
    return None


def _exit(kind: ExitKind, buy: Cents, sell: Cents | None, fees: ItemFees, now: datetime) -> Exit | None:
    return price_exit(kind, buy, sell, fees.rate(sell, now)) if sell is not None else None


def _share(part: Cents, whole: Cents) -> BasisPoints:
    return part * ONE // whole
