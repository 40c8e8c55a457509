"""/arbitrage: what is open of a game and a level, with both ways out."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape

from bot.links import offer_url
from bot.messages.alert import name
from bot.messages.outage import outages
from bot.messages.status import Games, degraded, scans
from bot.messages.top import doubt, nothing
from bot.messages.wording import game_label, level_emoji, pages
from bot.paging import Page
from bot.speech import Speech
from bot.upstream import Outlook
from domain.exits import ExitKind
from models.proof import ExitProof
from models.queries.overview import Ranked


def overview(counts: Mapping[str, int], games: Games, outlook: Outlook, speech: Speech, now: datetime) -> str:
    """Before the choice of a game: how many deals are open, and what cannot be told."""
    number = sum(counts.values())
    said = (
        speech.plural("{n} open deal. Which game?", "{n} open deals. Which game?", number)
        if number
        else nothing(games, outlook, speech, now)
    )
    wrong = [*outages(outlook, speech, now), *degraded(games, speech, now)]
    return "\n".join([speech.text("⚖️ <b>Arbitrage</b>"), said, *wrong])


def levels(game: str, number: int, speech: Speech) -> str:
    said = speech.plural("{n} open deal. Which level?", "{n} open deals. Which level?", number)
    return f"⚖️ <b>{game_label(game)}</b>\n{said}"


def deals(
    page: Page[Ranked], game: str, level: str | None, games: Games, outlook: Outlook, *, speech: Speech, now: datetime
) -> list[str]:
    """One page of a game's open deals; `level` None is every level."""
    about = {game: games[game]}
    wrong = [*outages(outlook, speech, now), *degraded(about, speech, now)]
    of_level = f" · {level_emoji(level)} {escape(level)}" if level else ""
    head = [f"⚖️ <b>{game_label(game)}{of_level}</b>"]
    if not page.shown:
        if games[game][1] is None:
            return pages([*head, speech.text("This game is switched off: nothing is looked for.")])
        return pages([*head, nothing(about, outlook, speech, now), scans(about, speech, now), *wrong])
    if wrong:
        head.append(doubt(page.shown, speech, now))
    return pages([*head, *(_deal(place, one, speech, now) for place, one in enumerate(page.shown, page.first)), *wrong])


def _deal(place: int, one: Ranked, speech: Speech, now: datetime) -> str:
    return "\n".join(_lines(place, one, speech, now))


def _lines(place: int, one: Ranked, speech: Speech, now: datetime) -> Iterator[str]:
    proof = one.proof
    link = escape(offer_url(proof.game, proof.title, proof.offer_id))
    yield f'{place}. {level_emoji(proof.level)} <a href="{link}">{name(proof)}</a>'
    checked = speech.age(now - one.confirmed_at)
    yield speech.text("Buy <b>{price}</b> · checked {age} ago", price=speech.usd(proof.buy), age=checked)
    ways = ((ExitKind.INSTANT, proof.instant), (ExitKind.PATIENT, proof.patient))
    for kind, way in sorted(ways, key=lambda way: way[0] != proof.exit):
        if way:
            yield f"{'✅' if kind == proof.exit else '▫️'} {_way(kind, way, speech)}"


def _way(kind: ExitKind, way: ExitProof, speech: Speech) -> str:
    sell, gain = speech.usd(way.sell), speech.gain(way.net, way.return_bps)
    if kind is ExitKind.INSTANT:
        return speech.text("Sell now {sell} → net <b>{gain}</b>", sell=sell, gain=gain)
    return speech.text("Sell patiently {sell} → net <b>{gain}</b>", sell=sell, gain=gain)
