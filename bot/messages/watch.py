"""A watch that fired: which title, what it was, what it is, and how old that is."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any

from bot.links import title_url
from bot.messages.wording import game_label
from bot.reply import Button, Say
from bot.speech import Speech, marked
from domain.money import ONE
from domain.watches import Measure, Turn
from models.payloads import WatchNews

NAMES: Mapping[Measure, str] = {
    Measure.ASK: marked("Cheapest offer {value}"),
    Measure.BID: marked("Highest bid {value}"),
    Measure.ASKS: marked("Pieces on offer: {value}"),
    Measure.BIDS: marked("Bids: {value}"),
}


def watch(payload: Mapping[str, Any], speech: Speech, now: datetime) -> Say:
    """The message as HTML with a button to the shop; ages are those at `now`."""
    news = WatchNews.model_validate(payload)
    shop = Button(speech.text("🛒 Open on DMarket"), url=title_url(news.game, news.title))
    return Say("\n".join(_lines(news, speech, now)), ((shop,),))


def amount(value: int, measure: Measure, speech: Speech) -> str:
    """A price in dollars, a number of pieces as a number."""
    return speech.usd(value) if measure.is_price else speech.number(value)


def condition(measure: Measure, turn: Turn, mark: int, speech: Speech) -> str:
    """What a watch waits for, in a few words: `at or below $10.00`, `±5.0%`, `up or down by a factor of 2`."""
    if turn is Turn.MOVED:
        return speech.text("±{share}", share=speech.percent(mark))
    if turn is Turn.TIMES:
        return speech.text("up or down by a factor of {factor}", factor=factor(mark, speech))
    limit = amount(mark, measure, speech)
    if turn is Turn.ABOVE:
        return speech.text("at or above {limit}", limit=limit)
    return speech.text("at or below {limit}", limit=limit)


def factor(mark: int, speech: Speech) -> str:
    """Basis points as a factor: 25,000 is `2.5`."""
    return speech.number((Decimal(mark) / ONE).normalize())


def _lines(news: WatchNews, speech: Speech, now: datetime) -> Iterator[str]:
    measure, turn = Measure(news.measure), Turn(news.turn)
    yield f"🔔 <b>{escape(news.title)}</b> · {game_label(news.game)}"
    value = f"<b>{amount(news.value, measure, speech)}</b>"
    yield speech.text(NAMES[measure], value=value) + _change(news, measure, speech)
    if news.former is not None and news.former_at is not None:
        former = amount(news.former, measure, speech)
        yield speech.text("Was {former} {age} ago", former=former, age=speech.age(now - news.former_at))
    yield speech.text("Your watch: {condition}", condition=condition(measure, turn, news.mark, speech))
    read = speech.age(now - news.seen_at)
    yield speech.text("Aggregated price, read {age} ago; the shop may be ahead of it", age=read)


def _change(news: WatchNews, measure: Measure, speech: Speech) -> str:
    """The difference to the former price in percent, of counts and from nothing none."""
    if not measure.is_price or not news.former:
        return ""
    share = (news.value - news.former) * ONE // news.former
    return f" ({'+' if share > 0 else ''}{speech.percent(share)})"
