"""What does not work at the moment and what that means for alerts, a line each."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.messages.wording import age
from bot.upstream import Outlook
from domain.conditions import EXCHANGE, Part, Trouble

PAUSE = "nothing can be confirmed, alerts pause"
SAID: Mapping[str, tuple[str, str]] = {
    Part.PRICES: ("DMarket: prices unreadable", "no new deal is found"),
    Part.OFFERS: ("DMarket: offers unreadable", PAUSE),
    Part.BIDS: ("DMarket: bids unreadable", PAUSE),
    Part.SALES: ("DMarket: sales unreadable", "only titles whose sales were read lately can be confirmed"),
    Part.FEES: ("DMarket: fee list unreadable", "the last one read counts"),
    Part.BUDGET: ("Rate budget: out of reach", "nothing may be asked of DMarket, alerts pause"),
    Part.BROKER: ("Message broker: out of reach", "no scan goes on, alerts pause"),
    Part.TELEGRAM: ("Telegram: no alert accepted", "they wait until they are too old"),
}
WHOLE = frozenset({Part.PRICES, Part.OFFERS})  # unreadable together they mean the exchange; bids are read after offers


def outages(outlook: Outlook, now: datetime) -> list[str]:
    """One line for each part in trouble; an exchange of which nothing is readable is one line."""
    if not outlook.workers.workers:
        seen = outlook.workers.seen_at
        ago = f", the last one was seen {age(now - seen)} ago" if seen else ""
        return [f"⚠️ No scanner is running{ago} — nothing is read, alerts pause", *_lines(outlook.own, now)]
    found = outlook.workers.troubles
    away = [one for one in found if one.part in WHOLE]
    if len(away) < len(WHOLE):
        return _lines((*found, *outlook.own), now)
    since = age(now - min(one.since for one in away))
    rest = (one for one in (*found, *outlook.own) if one.part not in EXCHANGE)
    return [f"⚠️ DMarket: unreadable for {since} — no deal is found or confirmed, alerts pause", *_lines(rest, now)]


def _lines(found: Iterable[Trouble], now: datetime) -> list[str]:
    known = ((SAID[one.part], one.since) for one in found if one.part in SAID)
    return [f"⚠️ {what} for {age(now - since)} — {so}" for (what, so), since in known]
