"""What does not work at the moment and what that means for alerts, a line each."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.speech import Speech, marked
from bot.upstream import Outlook
from domain.conditions import EXCHANGE, Part, Trouble

PAUSE = marked("nothing can be confirmed, alerts pause")
SAID: Mapping[str, tuple[str, str]] = {
    Part.PRICES: (marked("DMarket: prices unreadable"), marked("no new deal is found")),
    Part.OFFERS: (marked("DMarket: offers unreadable"), PAUSE),
    Part.BIDS: (marked("DMarket: bids unreadable"), PAUSE),
    Part.SALES: (
        marked("DMarket: sales unreadable"),
        marked("only titles whose sales were read lately can be confirmed"),
    ),
    Part.FEES: (marked("DMarket: fee list unreadable"), marked("the last one read counts")),
    Part.BUDGET: (marked("Rate budget: out of reach"), marked("nothing may be asked of DMarket, alerts pause")),
    Part.BROKER: (marked("Message broker: out of reach"), marked("no scan goes on, alerts pause")),
    Part.TELEGRAM: (marked("Telegram: no alert accepted"), marked("they wait until they are too old")),
}
WHOLE = frozenset({Part.PRICES, Part.OFFERS})  # unreadable together they mean the exchange; bids are read after offers


def outages(outlook: Outlook, speech: Speech, now: datetime) -> list[str]:
    """One line for each part in trouble; an exchange of which nothing is readable is one line."""
    if not outlook.workers.workers:
        return [_no_scanner(outlook.workers.seen_at, speech, now), *_lines(outlook.own, speech, now)]
    found = outlook.workers.troubles
    away = [one for one in found if one.part in WHOLE]
    if len(away) < len(WHOLE):
        return _lines((*found, *outlook.own), speech, now)
    since = speech.age(now - min(one.since for one in away))
    rest = (one for one in (*found, *outlook.own) if one.part not in EXCHANGE)
    first = speech.text("⚠️ DMarket: unreadable for {age} — no deal is found or confirmed, alerts pause", age=since)
    return [first, *_lines(rest, speech, now)]


def _no_scanner(seen_at: datetime | None, speech: Speech, now: datetime) -> str:
    if seen_at is None:
        return speech.text("⚠️ No scanner is running — nothing is read, alerts pause")
    age = speech.age(now - seen_at)
    return speech.text(
        "⚠️ No scanner is running, the last one was seen {age} ago — nothing is read, alerts pause", age=age
    )


def _lines(found: Iterable[Trouble], speech: Speech, now: datetime) -> list[str]:
    known = ((SAID[one.part], one.since) for one in found if one.part in SAID)
    return [
        speech.text(
            "⚠️ {what} for {age} — {so}", what=speech.text(what), age=speech.age(now - since), so=speech.text(so)
        )
        for (what, so), since in known
    ]
