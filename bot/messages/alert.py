"""The alert: a purchase with its evidence, readable on a phone in two seconds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from string import ascii_uppercase, digits

from bot.links import offer_url
from bot.messages.wording import game_label, level_emoji
from bot.speech import Speech
from domain.exits import ExitKind
from domain.fees import FeeSource
from domain.liquidity import WINDOW
from models.proof import ExitProof, Proof

_OLD_FEES = timedelta(days=1)
_DIGITS = digits + ascii_uppercase


def alert(proof: Proof, alert_id: int, speech: Speech, now: datetime, told: int | None = None) -> str:
    """The whole message as HTML; ages are those at `now`. `told` is how many chats hear of it, None to say nothing."""
    return "\n".join(_lines(proof, alert_id, speech, now, told))


def short_id(alert_id: int) -> str:
    """A stable name for an alert, so that a repeated message is recognised: 46655 is `#AZZZ`."""
    text = ""
    while alert_id:
        alert_id, rest = divmod(alert_id, len(_DIGITS))
        text = _DIGITS[rest] + text
    return f"#A{text}"


def name(proof: Proof) -> str:
    """Title and variant, escaped: `★ Karambit | Doppler (Factory New) · Ruby`."""
    return escape(f"{proof.title} · {proof.variant_label}" if proof.variant_label else proof.title)


def qualifying(proof: Proof) -> ExitProof | None:
    """The exit that makes it an opportunity."""
    return proof.instant if proof.exit == ExitKind.INSTANT else proof.patient


def head(proof: Proof, speech: Speech) -> str:
    """The first line without emphasis: `💰 +$1.16 · 9.4% · CS2 · medium`."""
    best = qualifying(proof)
    result = f"<b>{speech.gain(best.net, best.return_bps)}</b> · " if best else ""
    return f"{level_emoji(proof.level)} {result}{game_label(proof.game)} · {escape(proof.level)}"


def _lines(proof: Proof, alert_id: int, speech: Speech, now: datetime, told: int | None) -> Iterator[str]:
    yield head(proof, speech)
    yield f"<b>{name(proof)}</b>"
    link = escape(offer_url(proof.game, proof.title, proof.offer_id))
    yield speech.text(
        'Buy <b>{price}</b> → <a href="{link}">open on DMarket</a>', price=speech.usd(proof.buy), link=link
    )
    exits = [(ExitKind.INSTANT, _instant(proof, speech)), (ExitKind.PATIENT, _patient(proof, speech))]
    for kind, text in sorted(exits, key=lambda one: one[0] != proof.exit):
        yield f"{'✅' if kind == proof.exit else '▫️'} {text}"
    yield _sales(proof, speech, now)
    if proof.unlock_at and proof.unlock_at > now:
        until = speech.moment(proof.unlock_at, "UTC")
        yield speech.text("🔒 locked on Steam until {until} UTC; can be resold on DMarket", until=until)
    yield _capacity(proof, speech) + (f" · {_told(told, speech)}" if told else "")
    yield _ages(proof, speech, now)
    yield short_id(alert_id)


def _instant(proof: Proof, speech: Speech) -> str:
    if proof.instant is None:
        return speech.text("Sell now: no open bid")
    return speech.text("Sell now {result}", result=_exit(proof.instant, speech))


def _patient(proof: Proof, speech: Speech) -> str:
    if proof.patient is None:
        return speech.text("Sell patiently: recent sales do not prove a price")
    result = speech.text("Sell patiently {result}", result=_exit(proof.patient, speech))
    if proof.days_to_sell is None:
        return result
    days = proof.days_to_sell.normalize()
    about = (
        speech.plural("about {n} day", "about {n} days", int(days))
        if days == days.to_integral_value()
        else speech.text("about {days} days", days=speech.number(days))
    )
    return f"{result}, {about}"


def _exit(way: ExitProof, speech: Speech) -> str:
    note = ""
    if way.fee_source == FeeSource.REDUCED:
        note = f", {speech.text('reduced fee')}"
    elif way.fee_source == FeeSource.ASSUMED:
        note = f", {speech.text('fee assumed')}"
    return speech.text(
        "{sell} − fee {fee} ({rate}{note}) → net <b>{gain}</b>",
        sell=speech.usd(way.sell),
        fee=speech.usd(way.fee),
        rate=speech.percent(way.fee_bps),
        note=note,
        gain=speech.gain(way.net, way.return_bps),
    )


def _sales(proof: Proof, speech: Speech, now: datetime) -> str:
    count, days = speech.number(proof.sales_count), speech.number(WINDOW.days)
    text = speech.text("Sales: {count} in {days} days", count=count, days=days)
    if proof.sales_independent < proof.sales_count:
        text += speech.text(" ({count} independent)", count=speech.number(proof.sales_independent))
    if proof.newest_sale_at:
        text += speech.text(", last {age} ago", age=speech.age(now - proof.newest_sale_at))
    return text


def _capacity(proof: Proof, speech: Speech) -> str:
    pieces = speech.plural("{n} piece", "Up to {n} pieces", proof.capacity)
    return f"{pieces} · {speech.text('breaks even at {price}', price=speech.usd(proof.break_even))}"


def _told(number: int, speech: Speech) -> str:
    return speech.plural("told to {n} subscriber", "told to {n} subscribers", number)


def _ages(proof: Proof, speech: Speech, now: datetime) -> str:
    prices = speech.age(now - min(proof.offers_at, proof.bids_at))
    sales = speech.age(now - proof.sales_at)
    text = speech.text("Prices {prices} old · sales list {sales} old", prices=prices, sales=sales)
    if proof.fees_at and now - proof.fees_at > _OLD_FEES:
        text += speech.text(" · fee list {age} old", age=speech.age(now - proof.fees_at))
    return text
