"""What an alert rests on: both ways out with their fees, the bids, and sale by sale what was paid."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.messages.alert import name, short_id
from bot.messages.wording import game_label, pages
from bot.speech import Speech, marked
from domain.exits import ExitKind
from domain.fees import FeeSource
from domain.liquidity import WINDOW
from domain.quotes import Sale, SaleSide
from models.proof import ExitProof
from models.queries.pressed import Behind

MOST = 20  # sales that are listed
SIDES: Mapping[SaleSide, str] = {
    SaleSide.OFFER: marked("an offer was bought"),
    SaleSide.TARGET: marked("a bid was filled"),
    SaleSide.UNKNOWN: marked("sold"),
}
FEES: Mapping[str, str] = {
    FeeSource.REDUCED: marked("reduced"),
    FeeSource.DEFAULT: marked("usual"),
    FeeSource.ASSUMED: marked("assumed, the list was not read"),
}


def details(behind: Behind, zone: str, speech: Speech, now: datetime) -> list[str]:
    """The message as HTML, in pages; times on the clock of an IANA zone."""
    return pages(_lines(behind, zone, speech, now))


def _lines(behind: Behind, zone: str, speech: Speech, now: datetime) -> Iterator[str]:
    proof = behind.proof
    yield f"🔍 <b>{name(proof)}</b> · {game_label(proof.game)} · {short_id(behind.alert_id)}"
    yield _standing(behind, speech, now)
    yield ""
    if proof.instant:
        yield speech.text(
            "<b>Sell now</b>: the highest bid for such an item is {price}", price=_paid(proof.instant, speech)
        )
        yield _net(ExitKind.INSTANT, proof.instant, behind, speech)
    else:
        yield speech.text("<b>Sell now</b>: there was no bid for such an item")
    if proof.patient:
        yield speech.text(
            "<b>Sell patiently</b>: three of four sales brought {price} or more", price=_paid(proof.patient, speech)
        )
        yield _net(ExitKind.PATIENT, proof.patient, behind, speech)
    else:
        yield speech.text("<b>Sell patiently</b>: recent sales do not prove a price")
    yield speech.text(
        "Offers and bids read {prices} ago, sales {sales} ago",
        prices=speech.age(now - min(proof.offers_at, proof.bids_at)),
        sales=speech.age(now - proof.sales_at),
    )
    yield ""
    yield from _sales(behind, zone, speech, now)


def _standing(behind: Behind, speech: Speech, now: datetime) -> str:
    said, price = speech.usd(behind.buy), speech.usd(behind.proof.buy)
    if behind.gone_at:
        return speech.text(
            "The alert said {said}; the deal ended {age} ago", said=said, age=speech.age(now - behind.gone_at)
        )
    if behind.buy != behind.proof.buy:
        return speech.text(
            "The alert said {said}; now it costs {price}, and the numbers are for that", said=said, price=price
        )
    age = speech.age(now - behind.confirmed_at)
    return speech.text("Buy {price} · checked {age} ago", price=price, age=age)


def _paid(way: ExitProof, speech: Speech) -> str:
    return f"<b>{speech.usd(way.sell)}</b>"


def _net(kind: ExitKind, way: ExitProof, behind: Behind, speech: Speech) -> str:
    """The sum: price, fee with its source, what was paid for it, and what is left."""
    text = speech.text(
        "{sell} − fee {fee} ({rate}, {source}) − {buy} = <b>{gain}</b>",
        sell=speech.usd(way.sell),
        fee=speech.usd(way.fee),
        rate=speech.percent(way.fee_bps),
        source=speech.text(FEES.get(way.fee_source, FEES[FeeSource.ASSUMED])),
        buy=speech.usd(behind.proof.buy),
        gain=speech.gain(way.net, way.return_bps),
    )
    return f"{'✅' if kind == behind.proof.exit else '▫️'} {text}"


def _sales(behind: Behind, zone: str, speech: Speech, now: datetime) -> Iterator[str]:
    """Those of the same variant, newest first."""
    if behind.history is None:
        yield speech.text("The list of its sales is not there any more.")
        return
    label = behind.proof.variant_label
    sold = [one for one in behind.history.sales if one.variant.label == label and now - WINDOW <= one.at <= now]
    sold.sort(key=lambda one: one.at, reverse=True)
    read = speech.age(now - behind.history.observed_at)
    yield speech.plural(
        "<b>{n} sale in 30 days</b>, list read {age} ago",
        "<b>{n} sales in 30 days</b>, list read {age} ago",
        len(sold),
        age=read,
    )
    for one in sold[:MOST]:
        yield _sale(one, zone, speech)
    if len(sold) > MOST:
        yield speech.plural("and {n} earlier one", "and {n} earlier ones", len(sold) - MOST)


def _sale(one: Sale, zone: str, speech: Speech) -> str:
    line = f"{speech.moment(one.at, zone)} · <b>{speech.usd(one.price)}</b> · {speech.text(SIDES[one.side])}"
    if one.float_value is None:
        return line
    return f"{line} · {speech.text('float {value}', value=f'{one.float_value:.4f}')}"
