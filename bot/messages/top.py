"""/top: the best of what is open, two lines each."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from bot.links import offer_url
from bot.messages.alert import name, qualifying
from bot.messages.outage import outages
from bot.messages.status import Games, degraded, scans
from bot.messages.wording import age, gain, game_label, level_emoji, pages
from bot.upstream import Outlook, trouble
from domain.exits import ExitKind
from domain.money import usd
from models.queries.overview import Ranked


def top(ranked: Sequence[Ranked], games: Games, outlook: Outlook, now: datetime) -> list[str]:
    """The opportunities in the order given; without any, since when there is nothing and whether to believe it."""
    wrong = [*outages(outlook, now), *degraded(games, now)]
    if not ranked:
        return pages([_nothing(games, outlook, now), scans(games, now), *wrong])
    head = ["<b>Best open opportunities</b>, by net gain a day"]
    if wrong:
        oldest, newest = (age(now - pick(one.confirmed_at for one in ranked)) for pick in (min, max))
        span = newest if newest == oldest else f"{newest} to {oldest}"
        head.append(f"⚠️ Last checked {span} ago: what cannot be checked again may be gone.")
    return pages([*head, *(_entry(place, one, now) for place, one in enumerate(ranked, 1)), *wrong])


def _nothing(games: Games, outlook: Outlook, now: datetime) -> str:
    """Only where everything was looked at is nothing found the same as nothing there."""
    watched = {key: trouble(game, interval, now) for key, (game, interval) in games.items() if interval}
    unsure = [game_label(key) for key, what in watched.items() if what]
    if outlook.blind or (unsure and len(unsure) == len(watched)):
        return "⚠️ I cannot tell whether there is an opportunity right now."
    if unsure:
        sure = [game_label(key) for key, what in watched.items() if not what]
        return f"No open opportunity in {', '.join(sure)} right now. About {', '.join(unsure)} I cannot tell."
    return "No open opportunity right now."


def _entry(place: int, one: Ranked, now: datetime) -> str:
    proof = one.proof
    best = qualifying(proof)
    link = escape(offer_url(proof.game, proof.title, proof.offer_id))
    result = f"<b>{gain(best.net, best.return_bps)}</b> {_when(one)}" if best else "no exit"
    first = f'{place}. {level_emoji(proof.level)} <a href="{link}">{name(proof)}</a> · {game_label(proof.game)}'
    return f"{first}\nBuy {usd(proof.buy)} → {result} · checked {age(now - one.confirmed_at)} ago"


def _when(one: Ranked) -> str:
    if one.proof.exit == ExitKind.INSTANT:
        return "now"
    days = one.proof.days_to_sell
    return f"in about {f'{days:f}'.removesuffix('.0')} d" if days is not None else "patiently"
