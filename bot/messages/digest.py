"""A digest: what was found in a window and what became of it, in as many messages as it takes."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from bot.links import title_url
from bot.messages.wording import game_label, level_emoji, units
from bot.reply import Say
from bot.speech import Speech, marked
from domain.exits import ExitKind
from domain.windows import Every, Grouping
from models.payloads import DigestDeal, DigestGroup, DigestNews

ROOM = 3_500  # units of one message, so that a change of language between writing and sending has room up to 4,096
TITLE = 90  # characters of a title in a line

HEADS: Mapping[str, str] = {
    Every.HOURLY: marked("Digest of the hour"),
    Every.THREE_HOURS: marked("Digest of three hours"),
    Every.SIX_HOURS: marked("Digest of six hours"),
    Every.DAILY: marked("Digest of the day"),
    Every.WEEKLY: marked("Digest of the week"),
}
EXITS: Mapping[str, str] = {
    ExitKind.INSTANT: marked("Sells at once"),
    ExitKind.PATIENT: marked("Sells in time"),
}


def digest(payload: Mapping[str, Any], speech: Speech, _now: datetime) -> Say:
    """One message as HTML; what became of the deals is as of the end of its window."""
    news = DigestNews.model_validate(payload)
    return Say(
        "\n".join([*_head(news, speech), *(line for group in news.groups for line in _group(news, group, speech))])
    )


def parts(news: DigestNews, speech: Speech) -> list[DigestNews]:
    """The digest cut into messages that fit, between lines; a group that is cut has its heading in each."""
    cut = list(_cut(news, speech))
    return [
        news.model_copy(update={"groups": groups, "part": place, "parts": len(cut)})
        for place, groups in enumerate(cut, 1)
    ]


def _cut(news: DigestNews, speech: Speech) -> Iterator[tuple[DigestGroup, ...]]:
    head = sum(units(line) + 1 for line in _head(news, speech))
    done: list[DigestGroup] = []
    room = ROOM - head
    for group in news.groups:
        frame = _size(news, group.model_copy(update={"deals": ()}), speech)
        taken: list[DigestDeal] = []
        room -= frame
        for deal in group.deals:
            size = units(_deal(news, deal, speech)) + 1
            if size > room and (done or taken):
                yield (*done, *_piece(group, taken, more=0))
                done, taken, room = [], [], ROOM - head - frame
            taken.append(deal)
            room -= size
        done += _piece(group, taken, more=group.more)
    yield tuple(done)


def _piece(group: DigestGroup, deals: list[DigestDeal], *, more: int) -> list[DigestGroup]:
    return [group.model_copy(update={"deals": tuple(deals), "more": more})] if deals else []


def _size(news: DigestNews, group: DigestGroup, speech: Speech) -> int:
    return sum(units(line) + 1 for line in _group(news, group, speech))


def _head(news: DigestNews, speech: Speech) -> Iterator[str]:
    part = f" ({news.part}/{news.parts})" if news.parts > 1 else ""
    yield f"🗞 <b>{speech.text(HEADS[news.every])}</b>{part}"
    yield f"{speech.moment(news.start, news.zone)} – {speech.moment(news.end, news.zone)}"
    yield speech.plural("{n} deal fits your filters", "{n} deals fit your filters", news.number)


def _group(news: DigestNews, group: DigestGroup, speech: Speech) -> Iterator[str]:
    yield ""
    yield f"<b>{_name(news, group.key, speech)}</b> · {speech.plural('{n} deal', '{n} deals', group.number)}"
    for deal in group.deals:
        yield _deal(news, deal, speech)
    if group.more:
        yield speech.plural("… and {n} more", "… and {n} more", group.more)


def _name(news: DigestNews, key: str, speech: Speech) -> str:
    match Grouping(news.grouping):
        case Grouping.TYPE:
            return speech.text(EXITS[key])
        case Grouping.GAME:
            return game_label(key)
        case Grouping.PRIORITY:
            return f"{level_emoji(key)} {escape(key)}"
    return speech.text("from {moment}", moment=speech.moment(datetime.fromisoformat(key), news.zone))


def _deal(news: DigestNews, deal: DigestDeal, speech: Speech) -> str:
    """`💰 AK-47 | Redline · CS2 · $10.00 → +$1.16 · 11.6% · gone after 40 s`; an open one is a link to the shop."""
    name = f"{deal.title} · {deal.variant}" if deal.variant else deal.title
    title = escape(name if len(name) <= TITLE else f"{name[: TITLE - 1]}…")
    if deal.gone_at is None:
        link = escape(title_url(deal.game, deal.title))
        fate, title = speech.text("open"), f'<a href="{link}">{title}</a>'
    else:
        fate = speech.text("gone after {age}", age=speech.age(deal.gone_at - deal.opened_at))
    game = "" if news.grouping == Grouping.GAME else f" · {game_label(deal.game)}"
    result = speech.gain(deal.net, deal.return_bps)
    return f"{level_emoji(deal.level)} {title}{game} · {speech.usd(deal.buy)} → {result} · {fate}"
