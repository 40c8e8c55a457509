"""What the exchange would say about made-up titles: reproducible, and the same at every size."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from domain.fees import DefaultFee, ItemFees
from domain.judgement import judge
from domain.opportunities import Evidence, Limits
from domain.quotes import AggregatedPrice, Bid, Offer, Sale, SalesHistory, SaleSide
from models.proof import Proof

GAME = "csgo"
BUY = 1_000
LOWEST_ASK, ASKS, STEP = 60, 4_000, 37  # cents; growth_seed.py has the same in SQL
CHANGING = 10  # of so many titles one changes its price from one scan to the next


def title(number: int) -> str:
    return f"Made-up Rifle | Pattern {number:06d} (Field-Tested)"


def quotes(titles: Mapping[str, int], scan: int) -> dict[str, AggregatedPrice]:
    """The aggregates of a batch (item ids by title) in scan number `scan`: bids a fifth below the ask."""
    return {name: _quote(name, item_id, scan) for name, item_id in titles.items()}


def _quote(name: str, item_id: int, scan: int) -> AggregatedPrice:
    ask = LOWEST_ASK + item_id * STEP % ASKS
    if (item_id + scan) % CHANGING == 0:
        ask += scan
    return AggregatedPrice(name, ask * 8 // 10, 5, ask, 9)


def evidence(name: str, offer_id: str, now: datetime) -> Evidence:
    """Live data that prove an opportunity: an offer at 1,000 cents under bids at 1,500 and a dozen sales."""
    offers = (Offer(offer_id, name, BUY), *(Offer(f"{offer_id}-{price}", name, price) for price in range(1600, 1650)))
    bids = tuple(Bid(price, 3) for price in range(1500, 1450, -1))
    fees = ItemFees(DefaultFee(700, 1), 1000, (), now)
    return Evidence(name, offers, now, bids, now, _history(now), fees)


def _history(now: datetime) -> SalesHistory:
    sales = (
        Sale(
            1_450, now - place * timedelta(hours=18), SaleSide.OFFER, float_value=Decimal(place) / 100, paint_seed=place
        )
        for place in range(1, 13)
    )
    return SalesHistory(tuple(sales), now)


def proof(now: datetime) -> str:
    """The stored evidence of such an opportunity as JSON."""
    given = evidence(title(0), "offer-0", now)
    (opportunity,) = judge(given, now, Limits()).opportunities
    return Proof.of(GAME, opportunity, given).model_dump_json()
