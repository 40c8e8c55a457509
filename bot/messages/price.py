"""/price: what a title costs now, what it would sell for, and how often it sells."""

from collections.abc import Iterator
from datetime import datetime
from html import escape

from bot.messages.alert import qualifying
from bot.messages.decided import nearest, verdict, ways_out
from bot.messages.market import liquidity
from bot.messages.wording import game_label, level_emoji
from bot.speech import Speech, marked
from domain.fees import FeeRate, FeeSource
from domain.money import ONE, Cents
from models.queries.market import Former, Judged, PriceCard, Quote
from models.queries.overview import Ranked

_FEES = {
    FeeSource.REDUCED: marked("Selling fee {rate}, reduced"),
    FeeSource.DEFAULT: marked("Selling fee {rate}"),
    FeeSource.ASSUMED: marked("Selling fee {rate}, assumed: the list was not read"),
}


def price(card: PriceCard, speech: Speech, now: datetime) -> str:
    """The card as HTML; ages are those at `now`."""
    return "\n".join(
        (
            f"<b>{escape(card.title)}</b> · {game_label(card.game)}",
            *_current(card, speech, now),
            "",
            *_exits(card, speech, now),
            "",
            *liquidity(card.sold, card.sales_at, speech, now),
        )
    )


def quoted(quote: Quote, speech: Speech) -> str:
    """Both sides in a line."""
    ask = (
        speech.text("Ask {price} × {n}", price=f"<b>{speech.usd(quote.ask)}</b>", n=speech.number(quote.ask_count))
        if quote.ask
        else speech.text("nothing on offer")
    )
    bid = (
        speech.text("bid {price} × {n}", price=f"<b>{speech.usd(quote.bid)}</b>", n=speech.number(quote.bid_count))
        if quote.bid
        else speech.text("no bids")
    )
    return f"{ask} · {bid}"


def fee(rate: FeeRate, speech: Speech) -> str:
    return speech.text(_FEES[rate.source], rate=speech.percent(rate.bps))


def _current(card: PriceCard, speech: Speech, now: datetime) -> Iterator[str]:
    quote = card.quote
    if quote is None:
        yield speech.text("Its price has not been read yet")
        return
    yield quoted(quote, speech)
    day, week = _change(quote.ask, card.day_ago, speech), _change(quote.ask, card.week_ago, speech)
    yield speech.text("24 h: {day} · 7 d: {week}", day=day, week=week)
    if card.fee:
        yield fee(card.fee, speech)
    read, held = speech.age(now - quote.seen_at), speech.age(now - quote.changed_at)
    yield speech.text("Read {read} ago, unchanged for {held}", read=read, held=held)


def _change(ask: Cents | None, former: Former | None, speech: Speech) -> str:
    """The change of the ask in percent, or why there is none."""
    if former is None:
        return speech.text("not known that far back")
    if not ask or not former.ask:
        return speech.text("nothing was on offer") if ask else "—"
    share = (ask - former.ask) * ONE // former.ask
    return f"{'+' if share > 0 else ''}{speech.percent(share)}"


def _exits(card: PriceCard, speech: Speech, now: datetime) -> Iterator[str]:
    """As last verified: open deals, else the last verdict."""
    if card.deals:
        yield from (_deal(one, speech, now) for one in card.deals)
    elif card.judged:
        yield from judgement(card.judged, speech, now)
    else:
        yield speech.text("Never looked at closely: its price gave no reason to")


def judgement(judged: Judged, speech: Speech, now: datetime) -> Iterator[str]:
    """The last look at live data: the gate, the exits and what was missing."""
    said = verdict(judged.gate, judged.numbers, speech)
    yield speech.text("Looked at closely {age} ago: {said}", age=speech.age(now - judged.decided_at), said=said)
    yield from ways_out(judged.numbers, speech)
    missing = nearest(judged.gate, judged.numbers, speech)
    if missing:
        yield speech.text("Closest miss: {missing}", missing=missing)


def _deal(one: Ranked, speech: Speech, now: datetime) -> str:
    proof, best = one.proof, qualifying(one.proof)
    variant = f"{escape(proof.variant_label)}: " if proof.variant_label else ""
    result = speech.gain(best.net, best.return_bps) if best else speech.text("no exit")
    line = speech.text(
        "Buy {price} → {result} · checked {age} ago",
        price=speech.usd(proof.buy),
        result=f"<b>{result}</b>",
        age=speech.age(now - one.confirmed_at),
    )
    return f"{level_emoji(proof.level)} {variant}{line}"
