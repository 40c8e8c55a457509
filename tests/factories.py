"""Domain values with sensible defaults; a test states only what it is about."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.fees import DefaultFee, ItemFees, ReducedFee
from domain.money import BasisPoints, Cents
from domain.opportunities import Evidence
from domain.quotes import Bid, Offer, Sale, SalesHistory, SaleSide
from domain.variants import PLAIN, Variant

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TITLE = "AK-47 | Redline (Field-Tested)"


def an_offer(
    price: Cents = 1000,
    *,
    offer_id: str | None = None,
    title: str = TITLE,
    locked: bool = False,
    resellable: bool = True,
    variant: Variant = PLAIN,
    float_value: str | None = None,
    paint_seed: int | None = None,
    created_at: datetime | None = None,
    unlock_at: datetime | None = None,
) -> Offer:
    """A buyable listing at `price` cents; without `offer_id` the price names it."""
    return Offer(
        offer_id=offer_id or f"offer-{price}",
        title=title,
        price=price,
        locked=locked,
        resellable=resellable,
        variant=variant,
        float_value=Decimal(float_value) if float_value else None,
        paint_seed=paint_seed,
        created_at=created_at,
        unlock_at=unlock_at,
    )


def a_bid(price: Cents = 900, amount: int = 1, **restrictions: str) -> Bid:
    """A live bid at `price` cents for `amount` units; keywords such as `phase="ruby"` restrict it."""
    return Bid(price=price, amount=amount, restrictions=tuple(sorted(restrictions.items())))


def a_sale(
    price: Cents = 1000,
    ago: timedelta = timedelta(days=1),
    *,
    side: SaleSide = SaleSide.OFFER,
    variant: Variant = PLAIN,
    float_value: str | None = None,
    paint_seed: int | None = None,
) -> Sale:
    """One sale at `price` cents, `ago` before NOW."""
    return Sale(
        price=price,
        at=NOW - ago,
        side=side,
        variant=variant,
        float_value=Decimal(float_value) if float_value else None,
        paint_seed=paint_seed,
    )


def some_sales(
    prices: Sequence[Cents],
    *,
    newest: timedelta = timedelta(hours=6),
    apart: timedelta = timedelta(hours=18),
    variant: Variant = PLAIN,
    side: SaleSide = SaleSide.OFFER,
) -> tuple[Sale, ...]:
    """Genuine sales, newest first: distinct assets, the newest `newest` ago and each `apart` from the next."""
    return tuple(
        a_sale(
            price,
            newest + place * apart,
            side=side,
            variant=variant,
            float_value=f"0.2{place:03d}",
            paint_seed=place + 1,
        )
        for place, price in enumerate(prices)
    )


def a_burst(price: Cents, count: int = 10, ago: timedelta = timedelta(hours=2)) -> tuple[Sale, ...]:
    """Faked sales, newest first: one asset sold `count` times within half an hour that ended `ago`."""
    return tuple(
        a_sale(price, ago + minute * timedelta(minutes=3), float_value="0.3333", paint_seed=333)
        for minute in range(count)
    )


def a_history(
    sales: Iterable[Sale] | None = None, *, observed_at: datetime = NOW, complete: bool = True
) -> SalesHistory:
    """`sales` sorted newest first; a dozen genuine ones at 1000 cents without."""
    known = some_sales([1000] * 12) if sales is None else sales
    return SalesHistory(tuple(sorted(known, key=lambda sale: sale.at, reverse=True)), observed_at, complete)


def a_reduced_fee(
    bps: BasisPoints = 200,
    *,
    prices: tuple[Cents, Cents] = (1, 200_000),
    lasts: timedelta = timedelta(days=60),
    title: str = TITLE,
) -> ReducedFee:
    """A reduced row valid for sales within `prices` cents until `lasts` after NOW."""
    return ReducedFee(title, bps, *prices, NOW + lasts)


def some_fees(
    default_bps: BasisPoints | None = 700, *reduced: ReducedFee, minimum: Cents = 1, assumed_bps: BasisPoints = 1000
) -> ItemFees:
    """A title's fees; `default_bps` None is an unknown fee list."""
    default = None if default_bps is None else DefaultFee(default_bps, minimum)
    return ItemFees(default, assumed_bps, reduced, NOW if default else None)


def some_evidence(
    offers: Iterable[Offer] = (),
    bids: Iterable[Bid] = (),
    sales: Iterable[Sale] | None = None,
    *,
    fees: ItemFees | None = None,
    history: SalesHistory | None = None,
    title: str = TITLE,
    offers_at: datetime = NOW,
    bids_at: datetime = NOW,
    offers_complete: bool = True,
) -> Evidence:
    """All that a decision needs, read at NOW: one offer at 1000 cents and a dozen sales at that price without more."""
    return Evidence(
        title=title,
        offers=tuple(offers) or (an_offer(),),
        offers_at=offers_at,
        bids=tuple(bids),
        bids_at=bids_at,
        history=history or a_history(sales),
        fees=fees or some_fees(),
        offers_complete=offers_complete,
    )
