"""The alert: a purchase with its evidence, readable on a phone in two seconds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from string import ascii_uppercase, digits

from bot.links import offer_url
from bot.messages.wording import age, gain, game_label, level_emoji
from domain.exits import ExitKind
from domain.fees import FeeSource
from domain.liquidity import WINDOW
from domain.money import percent, usd
from models.proof import ExitProof, Proof

_OLD_FEES = timedelta(days=1)
_DIGITS = digits + ascii_uppercase
_FEE_NOTES = {FeeSource.REDUCED.value: ", reduced fee", FeeSource.ASSUMED.value: ", fee assumed"}


def alert(proof: Proof, alert_id: int, now: datetime) -> str:
    """The whole message as HTML; ages are those at `now`."""
    return "\n".join(_lines(proof, alert_id, now))


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


def _lines(proof: Proof, alert_id: int, now: datetime) -> Iterator[str]:
    best = qualifying(proof)
    result = f"<b>{gain(best.net, best.return_bps)}</b> · " if best else ""
    yield f"{level_emoji(proof.level)} {result}{game_label(proof.game)} · {escape(proof.level)}"
    yield f"<b>{name(proof)}</b>"
    link = escape(offer_url(proof.game, proof.title, proof.offer_id))
    yield f'Buy <b>{usd(proof.buy)}</b> → <a href="{link}">open on DMarket</a>'
    exits = [(ExitKind.INSTANT, _instant(proof)), (ExitKind.PATIENT, _patient(proof))]
    for kind, text in sorted(exits, key=lambda one: one[0] != proof.exit):
        yield f"{'✅' if kind == proof.exit else '▫️'} {text}"
    yield _sales(proof, now)
    if proof.unlock_at and proof.unlock_at > now:
        yield f"🔒 locked on Steam until {proof.unlock_at:%d %b %Y %H:%M} UTC; can be resold on DMarket"
    yield _capacity(proof)
    yield _ages(proof, now)
    yield short_id(alert_id)


def _instant(proof: Proof) -> str:
    if proof.instant is None:
        return "Sell now: no open bid"
    return f"Sell now {_exit(proof.instant)}"


def _patient(proof: Proof) -> str:
    if proof.patient is None:
        return "Sell patiently: recent sales do not prove a price"
    when = f", about {_days(proof)}" if proof.days_to_sell is not None else ""
    return f"Sell patiently {_exit(proof.patient)}{when}"


def _days(proof: Proof) -> str:
    days = f"{proof.days_to_sell:f}".removesuffix(".0")
    return f"{days} day" if days == "1" else f"{days} days"


def _exit(way: ExitProof) -> str:
    fee = f"fee {usd(way.fee)} ({percent(way.fee_bps)}{_FEE_NOTES.get(way.fee_source, '')})"
    return f"{usd(way.sell)} − {fee} → net <b>{gain(way.net, way.return_bps)}</b>"


def _sales(proof: Proof, now: datetime) -> str:
    thinned = f" ({proof.sales_independent} independent)" if proof.sales_independent < proof.sales_count else ""
    last = f", last {age(now - proof.newest_sale_at)} ago" if proof.newest_sale_at else ""
    return f"Sales: {proof.sales_count} in {WINDOW.days} days{thinned}{last}"


def _capacity(proof: Proof) -> str:
    pieces = "1 piece" if proof.capacity == 1 else f"Up to {proof.capacity} pieces"
    return f"{pieces} · breaks even at {usd(proof.break_even)}"


def _ages(proof: Proof, now: datetime) -> str:
    prices = age(now - min(proof.offers_at, proof.bids_at))
    text = f"Prices {prices} old · sales list {age(now - proof.sales_at)} old"
    if proof.fees_at and now - proof.fees_at > _OLD_FEES:
        text += f" · fee list {age(now - proof.fees_at)} old"
    return text
