"""What becomes of an alert when its deal does: the old price struck out, and what holds now."""

from collections.abc import Iterator, Mapping
from html import escape

from bot.links import offer_url
from bot.messages.alert import head, name, qualifying, short_id
from bot.speech import Speech, marked
from domain.opportunities import Gate
from models.queries.opportunities import UNCONFIRMED
from models.queries.strikes import Strike

NO_LONGER_PAYS = marked("❌ no longer pays, {age} after this alert")
ENDS: Mapping[str, str] = {
    Gate.NO_OFFER: marked("❌ gone after {age}"),
    Gate.BELOW_LEVEL: NO_LONGER_PAYS,
    Gate.OUTSIDE_BANDS: NO_LONGER_PAYS,
    Gate.FEW_SALES: NO_LONGER_PAYS,
    UNCONFIRMED: marked("❔ could not be confirmed any more, {age} after this alert"),
}


def struck(strike: Strike, speech: Speech) -> str:
    """The whole message as HTML: title, what it said struck out, what holds now."""
    return "\n".join(_lines(strike, speech))


def _lines(strike: Strike, speech: Speech) -> Iterator[str]:
    proof = strike.proof
    first = head(proof, speech)
    yield f"<s>{first}</s>" if strike.gone_at else first
    yield f"<s>{name(proof)}</s>" if strike.gone_at else f"<b>{name(proof)}</b>"
    yield speech.text("<s>Buy {price}</s>", price=speech.usd(strike.buy))
    yield _end(strike, speech) if strike.gone_at else _now(strike, speech)
    yield short_id(strike.id)


def _end(strike: Strike, speech: Speech) -> str:
    """Why and when it ended, counted from the alert."""
    said = ENDS.get(strike.gone_reason or "", ENDS[Gate.NO_OFFER])
    return speech.text(said, age=speech.age((strike.gone_at or strike.told_at) - strike.told_at))


def _now(strike: Strike, speech: Speech) -> str:
    """The price of today, which still pays."""
    proof, best = strike.proof, qualifying(strike.proof)
    link = escape(offer_url(proof.game, proof.title, proof.offer_id))
    gain = speech.gain(best.net, best.return_bps) if best else speech.text("no exit")
    return speech.text(
        'Now <a href="{link}">{price}</a> → <b>{gain}</b>', link=link, price=speech.usd(proof.buy), gain=gain
    )
