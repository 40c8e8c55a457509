"""What in a chat's own settings keeps a deal from it, a line each."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from html import escape

from bot.messages.filters import NAMES, label, said
from bot.messages.wording import game_label
from bot.speech import Speech
from domain.deals import Deal
from domain.filters import Condition
from domain.traits import MILLIONTHS
from models.queries.refused import Refused

LISTED = 3  # values of a filter that are named
# The trait of an item that a condition looks at, where it is one text.
_TRAITS: Mapping[Condition, str] = {
    one: one.value
    for one in (
        Condition.EXTERIOR,
        Condition.RARITY,
        Condition.PHASE,
        Condition.HERO,
        Condition.QUALITY,
        Condition.SLOT,
        Condition.EFFECT,
        Condition.KILLSTREAK,
        Condition.TYPE,
    )
}


def misfits(refused: Refused, speech: Speech, zone: str) -> Iterator[str]:
    """HTML lines, times on the clock of an IANA zone; none where nothing in the settings speaks against the deal."""
    if refused.muted:
        yield _muted(refused.muted_until, speech, zone)
    if refused.off:
        yield speech.text("🔕 Deals of this kind are switched off in this chat: /settings")
    if Condition.GAME in refused.misses:
        yield speech.text("🎛 {game} is switched off in your filters.", game=game_label(refused.deal.game))
        return
    for condition in refused.misses:
        yield _missed(refused, condition, speech)


def _muted(until: datetime | None, speech: Speech, zone: str) -> str:
    if until is None:
        return speech.text("🔕 You have muted this item: /mute")
    return speech.text("🔕 You have muted this item until {moment}: /mute", moment=speech.moment(until, zone))


def _missed(refused: Refused, condition: Condition, speech: Speech) -> str:
    deal = refused.deal
    name = speech.text(NAMES[condition])
    asked = said(deal.game, refused.wanted, condition, speech, LISTED)
    had = _had(deal, condition, speech)
    if had is None:
        return speech.text("🎛 {name}: your filter says “{asked}”.", name=name, asked=asked)
    return speech.text("🎛 {name}: your filter says “{asked}”, the deal had “{had}”.", name=name, asked=asked, had=had)


def _had(deal: Deal, condition: Condition, speech: Speech) -> str | None:
    """What the deal was, None where it is not known or stands in its title."""
    if condition in {Condition.LEVEL, Condition.EXIT}:
        return label(condition, deal.level if condition is Condition.LEVEL else deal.exit, speech)
    amounts = {
        Condition.PRICE: deal.buy,
        Condition.NET: deal.net,
        Condition.RETURN: deal.return_bps,
        Condition.SALES: deal.sales_tenths,
        Condition.AGE: deal.age,
        Condition.FLOAT: deal.traits.float_millionths,
    }
    if condition in amounts:
        value = amounts[condition]
        return None if value is None else _written(condition, value, speech)
    trait: str = getattr(deal.traits, _TRAITS[condition]) if condition in _TRAITS else ""
    return escape(label(condition, trait, speech)) if trait else None


def _written(condition: Condition, value: int, speech: Speech) -> str:
    match condition:
        case Condition.RETURN:
            return speech.percent(value)
        case Condition.SALES:
            return speech.text("{number} a day", number=speech.number(Decimal(value).scaleb(-1)))
        case Condition.AGE:
            return speech.age(timedelta(seconds=value))
        case Condition.FLOAT:  # with a point in every language, as everywhere
            return f"{(Decimal(value) / MILLIONTHS).normalize():f}"
    return speech.usd(value)
