"""/why: what became of a title for the one who asks, gate by gate."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

from bot.messages.decided import GATES, verdict
from bot.messages.price import judgement, quoted
from bot.messages.wording import game_label, level_emoji
from bot.speech import Speech, marked
from models.alerts import AlertState
from models.queries.alerts import Reason
from models.queries.opportunities import UNCONFIRMED
from models.queries.why import Past, Told, Why

ENDS: Mapping[str, str] = {
    Reason.DELIVERED: marked("delivered"),
    Reason.RESENT: marked("delivered on the second try"),
    Reason.GONE: marked("not sent, the deal was gone before its turn"),
    Reason.MOVED: marked("not sent, the deal had another price by then"),
    Reason.STOPPED: marked("not sent, this chat had said /stop"),
    Reason.MERGED: marked("not sent, this chat has the same alert already"),
    Reason.TOO_LATE: marked("not sent, it would have come too late"),
    Reason.BLOCKED: marked("not sent, this chat could not be reached"),
    Reason.REFUSED: marked("Telegram did not take the message"),
    Reason.UNKNOWN: marked("sent without an answer, nobody knows whether it arrived"),
    Reason.UNREADABLE: marked("not sent"),
    Reason.OFF: marked("not sent, such deals are switched off in this chat"),
    Reason.MUTED: marked("not sent, the item is muted in this chat"),
    Reason.QUIET: marked("not sent, quiet hours"),
    Reason.SNOOZED: marked("not sent, snoozed"),
    Reason.CAPPED: marked("not sent, the chat had reached its daily limit"),
    Reason.COOLDOWN: marked("not sent, too soon after the one before"),
    Reason.CANCELLED: marked("not sent, it was taken back"),
}
WAITING: Mapping[str, str] = {
    AlertState.PENDING: marked("waits for its turn"),
    AlertState.HELD: marked("waits until this chat may be disturbed"),
    AlertState.SENDING: marked("is on its way"),
}


def why(found: Why, speech: Speech, zone: str, now: datetime, *, misfits: Sequence[str] = ()) -> str:
    """The answer as HTML, times on the clock of an IANA zone. `misfits` are lines about what the chat's filter
    refuses of the deal (HTML already), said where the chat was not told.
    """
    blocks = [f"<b>{escape(found.title)}</b> · {game_label(found.game)}", *_look(found, speech, now)]
    if found.last:
        blocks += ["", *_past(found.last, speech, zone)]
        blocks += [*_told(found.told, speech, zone), *([] if found.told else misfits)]
        if found.others:
            blocks.append(
                speech.plural("{n} other chat was told about it", "{n} other chats were told about it", found.others)
            )
    return "\n".join(blocks)


def _look(found: Why, speech: Speech, now: datetime) -> Iterator[str]:
    if found.quote:
        yield quoted(found.quote, speech)
        yield speech.text("Prices read {age} ago", age=speech.age(now - found.quote.seen_at))
    else:
        yield speech.text("Its price has not been read yet")
    if found.judged:
        yield from judgement(found.judged, speech, now)
    else:
        yield speech.text("Never looked at closely: its price gave no reason to")
    if found.waits_since:
        yield speech.text("Has been waiting for a closer look for {age}", age=speech.age(now - found.waits_since))


def _past(last: Past, speech: Speech, zone: str) -> Iterator[str]:
    result = f"<b>{speech.gain(last.net, last.return_bps)}</b>"
    line = speech.text("Deal: buy {price} → {result}", price=speech.usd(last.buy), result=result)
    yield f"{level_emoji(last.level)} {line}"
    opened = speech.moment(last.opened_at, zone)
    if last.gone_at is None:
        checked = speech.moment(last.confirmed_at, zone)
        yield speech.text("Open since {opened}, last checked {checked}", opened=opened, checked=checked)
        return
    stood, cause = speech.age(last.gone_at - last.opened_at), _cause(last, speech)
    yield speech.text("Found {opened}, gone after {stood}: {cause}", opened=opened, stood=stood, cause=cause)


def _cause(last: Past, speech: Speech) -> str:
    """Why a deal ended; its numbers are not kept, so only gates that are told without any are named."""
    if last.gone_reason == UNCONFIRMED:
        return speech.text("it could not be checked any more")
    gate = last.gone_reason or ""
    if "{" not in GATES.get(gate, "{"):
        return verdict(gate, {}, speech)
    return speech.text("it was bought or does not pay any more")


def _told(told: Sequence[Told], speech: Speech, zone: str) -> Iterator[str]:
    if not told:
        yield speech.text(
            "This chat was not told: its filters want something else, its messages are off, or others came first"
        )
    for one in told:
        yield speech.text(
            "This chat, {at}, at {price}: {end}",
            at=speech.moment(one.finished_at or one.created_at, zone),
            price=speech.usd(one.buy),
            end=_end(one, speech),
        )


def _end(one: Told, speech: Speech) -> str:
    """What Telegram said stands behind a colon and is left out."""
    if one.state in WAITING:
        return speech.text(WAITING[one.state])
    return speech.text(ENDS.get((one.reason or "").partition(":")[0], marked("not sent")))
