"""/top: the best of what is open, two lines each."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from bot.links import offer_url
from bot.messages.alert import name, qualifying
from bot.messages.outage import outages
from bot.messages.status import Games, degraded, scans
from bot.messages.wording import game_label, level_emoji, pages
from bot.speech import Speech
from bot.upstream import Outlook, trouble
from domain.exits import ExitKind
from models.queries.overview import Ranked


def top(
    ranked: Sequence[Ranked],
    games: Games,
    outlook: Outlook,
    speech: Speech,
    now: datetime,
    *,
    first: int = 1,
    refused: int = 0,
) -> list[str]:
    """The opportunities in the order given, numbered from `first`; without any, since when there is nothing and
    whether to believe it. `refused` are open ones that the chat's filters do not want.
    """
    wrong = [*outages(outlook, speech, now), *degraded(games, speech, now)]
    if not ranked:
        said = _refused(refused, speech) if refused else nothing(games, outlook, speech, now)
        return pages([said, scans(games, speech, now), *wrong])
    head = [speech.text("<b>Best open opportunities</b>, by net gain a day")]
    if wrong:
        head.append(doubt(ranked, speech, now))
    return pages([*head, *(entry(place, one, speech, now) for place, one in enumerate(ranked, first)), *wrong])


def _refused(number: int, speech: Speech) -> str:
    return speech.plural(
        "{n} opportunity is open, and it does not fit your filters.",
        "{n} opportunities are open, and none fits your filters.",
        number,
    )


def entry(place: int, one: Ranked, speech: Speech, now: datetime) -> str:
    """One opportunity: its title with a link, and what it costs and brings."""
    proof = one.proof
    best = qualifying(proof)
    link = escape(offer_url(proof.game, proof.title, proof.offer_id))
    result = f"<b>{speech.gain(best.net, best.return_bps)}</b> {_when(one, speech)}" if best else speech.text("no exit")
    first = f'{place}. {level_emoji(proof.level)} <a href="{link}">{name(proof)}</a> · {game_label(proof.game)}'
    second = speech.text(
        "Buy {price} → {result} · checked {age} ago",
        price=speech.usd(proof.buy),
        result=result,
        age=speech.age(now - one.confirmed_at),
    )
    return f"{first}\n{second}"


def doubt(ranked: Sequence[Ranked], speech: Speech, now: datetime) -> str:
    """That what is listed may be gone, because not everything can be read; `ranked` is not empty."""
    oldest, newest = (speech.age(now - pick(one.confirmed_at for one in ranked)) for pick in (min, max))
    if newest == oldest:
        return speech.text("⚠️ Last checked {age} ago: what cannot be checked again may be gone.", age=newest)
    return speech.text(
        "⚠️ Last checked {newest} to {oldest} ago: what cannot be checked again may be gone.",
        newest=newest,
        oldest=oldest,
    )


def nothing(games: Games, outlook: Outlook, speech: Speech, now: datetime) -> str:
    """Only where everything was looked at is nothing found the same as nothing there."""
    watched = {key: trouble(game, interval, now) for key, (game, interval) in games.items() if interval}
    unsure = [game_label(key) for key, what in watched.items() if what]
    if outlook.blind or (unsure and len(unsure) == len(watched)):
        return speech.text("⚠️ I cannot tell whether there is an opportunity right now.")
    if unsure:
        sure = [game_label(key) for key, what in watched.items() if not what]
        return speech.text(
            "No open opportunity in {sure} right now. I cannot tell about {unsure}.",
            sure=", ".join(sure),
            unsure=", ".join(unsure),
        )
    return speech.text("No open opportunity right now.")


def _when(one: Ranked, speech: Speech) -> str:
    if one.proof.exit == ExitKind.INSTANT:
        return speech.text("now")
    days = one.proof.days_to_sell
    if days is None:
        return speech.text("patiently")
    return speech.text("in about {days} d", days=speech.number(days.normalize()))
