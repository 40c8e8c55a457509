"""/market_analysis: how deep a title's book is and how often it sells."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from html import escape

from bot.messages.wording import game_label
from bot.speech import Speech
from domain.liquidity import WINDOW
from domain.money import ONE
from domain.turnover import Turnover
from models.queries.market import Depth

VARIANTS = 4  # shown at most
_TENTHS, _HUNDREDTHS = Decimal("0.1"), Decimal("0.01")


def analysis(depth: Depth, sold: Sequence[Turnover], sales_at: datetime | None, speech: Speech, now: datetime) -> str:
    """The book as far as aggregates tell, then the sales; ages are those at `now`."""
    blocks = [
        f"<b>{escape(depth.title)}</b> · {game_label(depth.game)}",
        *_book(depth, speech),
        *_supply(depth, sold, speech),
        "",
        *liquidity(sold, sales_at, speech, now),
        "",
        speech.text("Prices read {age} ago", age=speech.age(now - depth.quote.seen_at)),
        speech.text("DMarket tells the best price and the count of each side; what lies behind is not known."),
    ]
    return "\n".join(blocks)


def liquidity(sold: Sequence[Turnover], sales_at: datetime | None, speech: Speech, now: datetime) -> Iterator[str]:
    """What sold in 30 days, variant by variant, and how old the list is."""
    if sales_at is None:
        yield speech.text("Sales have not been read yet")
        return
    if not sold:
        yield speech.text("No sale in {days} days", days=WINDOW.days)
    for one in sold[:VARIANTS]:
        if one.variant:
            yield f"<i>{escape(one.variant)}</i>"
        yield _often(one, speech, now)
        if one.careful is not None and one.middle is not None and one.upper is not None:
            yield speech.text(
                "Careful price {low}, median {middle}, a quarter sold at {high} or more",
                low=speech.usd(one.careful),
                middle=f"<b>{speech.usd(one.middle)}</b>",
                high=speech.usd(one.upper),
            )
    if len(sold) > VARIANTS:
        yield speech.plural("and {n} more variant", "and {n} more variants", len(sold) - VARIANTS)
    yield speech.text("Sales list read {age} ago", age=speech.age(now - sales_at))


def _often(one: Turnover, speech: Speech, now: datetime) -> str:
    sales = speech.plural("{n} sale in 30 days", "{n} sales in 30 days", one.count)
    if one.independent < one.count:
        sales += speech.text(" ({n} independent)", n=speech.number(one.independent))
    rate = speech.number(one.per_day.quantize(_TENTHS if one.per_day >= 1 else _HUNDREDTHS))
    return speech.text(
        "{sales}, {rate} a day, last {age} ago", sales=sales, rate=rate, age=speech.age(now - one.last_at)
    )


def _book(depth: Depth, speech: Speech) -> Iterator[str]:
    quote = depth.quote
    yield (
        speech.plural("{n} offer from {price}", "{n} offers from {price}", quote.ask_count, price=speech.usd(quote.ask))
        if quote.ask
        else speech.text("Nothing on offer")
    )
    yield (
        speech.plural("{n} bid up to {price}", "{n} bids up to {price}", quote.bid_count, price=speech.usd(quote.bid))
        if quote.bid
        else speech.text("No bids")
    )
    if quote.ask and quote.bid and depth.crossed:
        apart, way = quote.ask - quote.bid, depth.crossed
        share = speech.percent(apart * ONE // quote.ask)
        yield speech.text("Spread {amount} · {share} of the ask", amount=speech.usd(apart), share=share)
        yield speech.text(
            "Bought and sold at once: {result} after a fee of {fee} ({rate})",
            result=speech.gain(way.net, way.return_bps),
            fee=speech.usd(way.fee),
            rate=speech.percent(way.fee_bps),
        )
    if depth.break_even:
        yield speech.text("Bought at the ask, a sale from {price} up makes money", price=speech.usd(depth.break_even))


def _supply(depth: Depth, sold: Sequence[Turnover], speech: Speech) -> Iterator[str]:
    """How long what is on offer lasts: offers of all variants by the sales of all."""
    rate = sum((one.per_day for one in sold), Decimal(0))
    if rate and depth.quote.ask_count:
        days = (depth.quote.ask_count / rate).quantize(Decimal(1), ROUND_CEILING)
        yield speech.plural(
            "What is on offer lasts {n} day at the rate it sells",
            "What is on offer lasts {n} days at the rate it sells",
            int(days),
        )
