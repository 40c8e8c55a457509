"""Why a chat was told nothing: one reason, and what would change it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from html import escape
from typing import Any

from bot.messages.wording import game_label
from bot.reply import Say
from bot.speech import Speech, counted, marked
from domain.filters import Condition
from domain.silence import Cause
from models.payloads import NearMiss, SilenceNews

PLAIN: Mapping[str, str] = {
    Cause.NO_GAMES: marked("Every game is switched off. /filters switches one on."),
    Cause.KINDS_OFF: marked("Messages about deals are switched off. /settings switches them on."),
    Cause.NOTHING: marked(
        "No deal was found in your games in the last 24 h. Everything works at the moment: the market offers none."
    ),
}
COUNTED: Mapping[str, tuple[str, str]] = {
    Cause.QUIET: counted(
        "{n} deal came in your quiet hours. /settings changes them.",
        "{n} deals came in your quiet hours. /settings changes them.",
    ),
    Cause.CAPPED: counted(
        "{n} deal was above your daily limit. /settings changes that.",
        "{n} deals were above your daily limit. /settings changes that.",
    ),
    Cause.COOLDOWN: counted(
        "{n} deal came too soon after the one before. /settings changes the pause between them.",
        "{n} deals came too soon after the one before. /settings changes the pause between them.",
    ),
    Cause.GONE: counted(
        "{n} deal fitted your filters and was over before it reached you.",
        "{n} deals fitted your filters and were over before they reached you.",
    ),
    Cause.CROWDED: counted(
        "{n} deal fitted your filters, but had too few pieces for everybody: others were told this time.",
        "{n} deals fitted your filters, but had too few pieces for everybody: others were told this time.",
    ),
    Cause.FILTERS: counted(
        "{n} deal was found in the last 24 h, and it misses your filters by far. /filters shows them.",
        "{n} deals were found in the last 24 h, and all miss your filters by far. /filters shows them.",
    ),
}
CONDITIONS: Mapping[str, str] = {
    Condition.LEVEL: marked("level"),
    Condition.EXIT: marked("type of deal"),
    Condition.AGE: marked("age of the offer"),
    Condition.INCLUDE: marked("words to include"),
    Condition.EXCLUDE: marked("words to exclude"),
    Condition.EXTERIOR: marked("exterior"),
    Condition.RARITY: marked("rarity"),
    Condition.PHASE: marked("phase"),
    Condition.FLOAT: marked("float"),
    Condition.STATTRAK: marked("StatTrak™"),
    Condition.SOUVENIR: marked("Souvenir"),
    Condition.HERO: marked("hero"),
    Condition.QUALITY: marked("quality"),
    Condition.SLOT: marked("slot"),
    Condition.CLASS: marked("class"),
    Condition.EFFECT: marked("effect"),
    Condition.KILLSTREAK: marked("killstreak"),
    Condition.CRAFTABLE: marked("craftable"),
    Condition.TYPE: marked("type of item"),
}


def silence(payload: Mapping[str, Any], speech: Speech, now: datetime) -> Say:
    """The message as HTML."""
    news = SilenceNews.model_validate(payload)
    head = speech.plural(
        "Nothing was sent to you for {n} hour. The reason:",
        "Nothing was sent to you for {n} hours. The reason:",
        news.hours,
    )
    return Say(f"🤫 {head}\n{_reason(news, speech, now)}")


def _reason(news: SilenceNews, speech: Speech, now: datetime) -> str:
    if news.cause in PLAIN:
        return speech.text(PLAIN[news.cause])
    if news.cause in COUNTED:
        return speech.plural(*COUNTED[news.cause], news.number)
    if news.cause == Cause.NEAREST and news.miss:
        return _nearest(news, news.miss, speech)
    if news.cause == Cause.SNOOZED:
        until = speech.moment(news.since or now, news.zone)
        return speech.text("You had a pause until {moment}, and nothing that fits has come since.", moment=until)
    return _down(news, speech)


def _down(news: SilenceNews, speech: Speech) -> str:
    if news.since is None:
        return speech.text("Nothing can be found at the moment. /status says why.")
    since = speech.moment(news.since, news.zone)
    return speech.text("Since {moment} nothing can be found. /status says why.", moment=since)


def _nearest(news: SilenceNews, miss: NearMiss, speech: Speech) -> str:
    found = speech.plural(
        "{n} deal was found in the last 24 h, and none fits your filters.",
        "{n} deals were found in the last 24 h, and none fits your filters.",
        news.number,
    )
    near = f"<b>{escape(miss.title)}</b> · {game_label(miss.game)}"
    return f"{found}\n{speech.text('The closest was {title}.', title=near)} {_missed(miss, speech)}\n" + speech.text(
        "/filters changes what you are told about."
    )


def _missed(miss: NearMiss, speech: Speech) -> str:
    """By how much, as `It missed your minimum of $2.00 by $0.35.`, or what it was not."""
    write = _AMOUNTS.get(miss.condition)
    if write is None or miss.had is None or miss.asked is None:
        what = speech.text(CONDITIONS.get(miss.condition, miss.condition))
        return speech.text("It does not have what you ask for: {condition}.", condition=what)
    asked, difference = write(miss.asked, speech), write(abs(miss.asked - miss.had), speech)
    if miss.had < miss.asked:
        return speech.text("It missed your minimum of {asked} by {difference}.", asked=asked, difference=difference)
    return speech.text("It exceeded your maximum of {asked} by {difference}.", asked=asked, difference=difference)


def _usd(value: int, speech: Speech) -> str:
    return speech.usd(value)


def _percent(value: int, speech: Speech) -> str:
    return speech.percent(value)


def _sales(tenths: int, speech: Speech) -> str:
    return speech.text("{number} sales a day", number=speech.number(Decimal(tenths).scaleb(-1)))


def _age(seconds: int, speech: Speech) -> str:
    return speech.age(timedelta(seconds=seconds))


_AMOUNTS: Mapping[str, Callable[[int, Speech], str]] = {
    Condition.NET: _usd,
    Condition.PRICE: _usd,
    Condition.RETURN: _percent,
    Condition.SALES: _sales,
    Condition.AGE: _age,
}
