"""/top: the best of what is open, two lines each."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from bot.links import offer_url
from bot.messages.alert import name, qualifying
from bot.messages.status import Games, degraded, scans
from bot.messages.wording import age, gain, game_label, level_emoji, pages
from domain.exits import ExitKind
from domain.money import usd
from models.queries.overview import Ranked


def top(ranked: Sequence[Ranked], games: Games, now: datetime) -> list[str]:
    """The opportunities in the order given; without any, since when there is nothing and whether to believe it."""
    if not ranked:
        return pages(["No open opportunity right now.", scans(games, now), *degraded(games, now)])
    head = "<b>Best open opportunities</b>, by net gain a day"
    return pages([head, *(_entry(place, one, now) for place, one in enumerate(ranked, 1)), *degraded(games, now)])


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
