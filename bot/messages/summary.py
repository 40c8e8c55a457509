"""The end of quiet hours: what they kept back."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from bot.links import offer_url
from bot.messages.wording import game_label, level_emoji
from bot.reply import Say
from bot.speech import Speech
from models.payloads import SummaryDeal, SummaryNews


def summary(payload: Mapping[str, Any], speech: Speech, _now: datetime) -> Say:
    """How many deals matched, the best that are still open, and what follows, as HTML."""
    return Say("\n".join(_lines(SummaryNews.model_validate(payload), speech)))


def _lines(news: SummaryNews, speech: Speech) -> Iterator[str]:
    begin, end = speech.moment(news.begin, news.zone), speech.moment(news.end, news.zone)
    yield speech.text("☀️ <b>Your quiet hours are over</b> ({begin} to {end})", begin=begin, end=end)
    yield speech.plural("{n} deal came meanwhile.", "{n} deals came meanwhile.", news.matched)
    if not news.still:
        yield speech.text("None of them is open any more.")
    else:
        yield speech.plural("{n} is still open:", "{n} are still open, the best of them:", news.still)
    for deal in news.best:
        yield _deal(deal, speech)
    if news.waiting:
        yield speech.plural(
            "{n} other message waited and follows.", "{n} other messages waited and follow.", news.waiting
        )


def _deal(deal: SummaryDeal, speech: Speech) -> str:
    link = escape(offer_url(deal.game, deal.title, deal.offer_id))
    gain = speech.gain(deal.net, deal.return_bps)
    title = f'{level_emoji(deal.level)} <a href="{link}">{escape(deal.title)}</a> · {game_label(deal.game)}'
    return f"{title}\n{speech.text('Buy {price} → <b>{gain}</b>', price=speech.usd(deal.buy), gain=gain)}"
