"""A filter in words, and what it takes of the last deals."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from html import escape

from bot.fields import Form, bounds, chosen, conditions, form, options
from bot.messages.wording import game_label, level_emoji
from bot.speech import Speech, marked
from bot.typed import Range
from domain.exits import ExitKind
from domain.filters import FLAGS, Condition, Filter, Wishes
from domain.games import GAMES
from domain.traits import MILLIONTHS
from models.queries.tallies import Tally

LISTED = 8  # entries of a list that are named in a summary
NAMES: Mapping[Condition, str] = {
    Condition.LEVEL: marked("Levels"),
    Condition.EXIT: marked("Types of deal"),
    Condition.PRICE: marked("Price"),
    Condition.NET: marked("Net gain"),
    Condition.RETURN: marked("Net return"),
    Condition.SALES: marked("Liquidity"),
    Condition.AGE: marked("Age of the offer"),
    Condition.INCLUDE: marked("Only with words"),
    Condition.EXCLUDE: marked("Without words"),
    Condition.EXTERIOR: marked("Exterior"),
    Condition.RARITY: marked("Rarity"),
    Condition.PHASE: marked("Phase"),
    Condition.FLOAT: marked("Float"),
    Condition.STATTRAK: marked("StatTrak™"),
    Condition.SOUVENIR: marked("Souvenir"),
    Condition.HERO: marked("Hero"),
    Condition.QUALITY: marked("Quality"),
    Condition.SLOT: marked("Slot"),
    Condition.CLASS: marked("Class"),
    Condition.EFFECT: marked("Effect"),
    Condition.KILLSTREAK: marked("Killstreak"),
    Condition.CRAFTABLE: marked("Craftable"),
    Condition.TYPE: marked("Type of item"),
}
EXITS: Mapping[str, str] = {
    ExitKind.INSTANT: marked("Sells at once"),
    ExitKind.PATIENT: marked("Sells in time"),
}
EXAMPLES: Mapping[Condition, str] = {
    Condition.PRICE: marked("Send a range in dollars: <b>3-25</b>, from <b>3-</b> or up to <b>-25</b>."),
    Condition.NET: marked("Send the minimum gain in dollars, such as <b>0.75</b>."),
    Condition.RETURN: marked("Send the minimum return in percent, such as <b>7.5%</b>."),
    Condition.SALES: marked("Send the minimum number of sales a day, such as <b>1.5</b>."),
    Condition.AGE: marked("Send the maximum age with its unit, such as <b>10 min</b>, <b>2 h</b> or <b>1 d</b>."),
    Condition.FLOAT: marked("Send a range of floats: <b>0.07-0.15</b>, from <b>0.9-</b> or below <b>-0.01</b>."),
    Condition.INCLUDE: marked("Send words that a title must have, one of them is enough: <b>karambit, night ops</b>."),
    Condition.EXCLUDE: marked("Send words that a title must not have: <b>souvenir, sticker</b>."),
}
SMALL = ("of", "the")


def overview(wishes: Wishes, tallies: Mapping[str, Tally], speech: Speech) -> str:
    """Every game with what its filter takes."""
    head = speech.text("🎛 <b>Filters</b>: what you are told about, game by game.")
    return "\n".join([head, "", *(_game(game, one, tallies, speech) for game, one in wishes.items() if game in GAMES)])


def _game(game: str, wanted: Filter, tallies: Mapping[str, Tally], speech: Speech) -> str:
    if not wanted.on:
        return speech.text("<b>{game}</b>: off", game=game_label(game))
    asks = len(wanted.asks())
    how = speech.plural("{n} condition", "{n} conditions", asks) if asks else speech.text("everything that pays")
    line = speech.text("<b>{game}</b>: {filter}", game=game_label(game), filter=how)
    return f"{line}\n{taken(tallies.get(game), speech)}"


def taken(tally: Tally | None, speech: Speech) -> str:
    """What the filter of now would have taken of the last day."""
    if tally is None or not tally.opened:
        return speech.text("📊 No deal was found here in the last 24 h.")
    return speech.plural(
        "📊 Of {n} deal in the last 24 h {fit} fits.",
        "📊 Of {n} deals in the last 24 h {fit} fit.",
        tally.opened,
        fit=speech.number(tally.fit),
    )


def of_game(game: str, wanted: Filter, tally: Tally | None, speech: Speech) -> str:
    state = speech.text("on") if wanted.on else speech.text("off")
    head = speech.text("🎛 <b>{game}</b>: {state}", game=game_label(game), state=state)
    asked = list(lines(game, wanted, speech)) or [speech.text("No condition of your own: everything that pays.")]
    return "\n".join([head, "", *asked, "", taken(tally, speech)])


def lines(game: str, wanted: Filter, speech: Speech) -> Iterator[str]:
    """Each condition that the filter makes."""
    asks = wanted.asks()
    for condition in conditions(game):
        if condition in asks:
            value = said(game, wanted, condition, speech, LISTED)
            yield speech.text("{name}: <b>{value}</b>", name=speech.text(NAMES[condition]), value=value)


def of_field(game: str, wanted: Filter, condition: Condition, tally: Tally | None, speech: Speech) -> str:
    name = f"{game_label(game)} · {speech.text(NAMES[condition])}"
    value = said(game, wanted, condition, speech, None)
    now = speech.text("{name}: <b>{value}</b>", name=speech.text("Now"), value=value)
    return "\n".join([f"🎛 <b>{name}</b>", "", now, "", taken(tally, speech)])


def said(game: str, wanted: Filter, condition: Condition, speech: Speech, most: int | None) -> str:
    """The value of a field in words; of lists at most so many entries."""
    match form(game, condition):
        case Form.AMOUNT:
            return amount(condition, bounds(wanted, condition), speech)
        case Form.FLAG:
            return flag(getattr(wanted, FLAGS[condition]), speech)
    values = chosen(wanted, condition)
    known = [one for one in options(game, condition) if one in values]
    entries = [label(condition, one, speech) for one in known or sorted(values)]
    if not entries:
        return speech.text("any")
    left = len(entries) - most if most else 0
    rest = [speech.plural("{n} more", "{n} more", left)] if left > 0 else []
    return ", ".join([*map(escape, entries[:most]), *rest])


def label(condition: Condition, value: str, speech: Speech) -> str:
    """A value as people know it: the game's own English words, `Field-Tested`, `Kill Streak Effects`."""
    if condition is Condition.LEVEL:
        return f"{level_emoji(value)} {value}"
    if condition is Condition.EXIT:
        return speech.text(EXITS[value])
    if condition is Condition.EXTERIOR and value in {"field-tested", "well-worn", "battle-scarred"}:
        return value.title()
    if condition in {Condition.INCLUDE, Condition.EXCLUDE}:
        return value
    return " ".join(word if word in SMALL else word.capitalize() for word in value.split("-"))


def flag(value: bool | None, speech: Speech) -> str:
    if value is None:
        return speech.text("any")
    return speech.text("only") if value else speech.text("none")


def amount(condition: Condition, asked: Range, speech: Speech) -> str:
    """Bounds in words: `at least $0.50`, `up to $3.00`, `0.07 to 0.15`."""
    low, high = (None if one is None else _WRITTEN[condition](one, speech) for one in asked)
    if low is None and high is None:
        return speech.text("any")
    if low is None:
        below = condition is Condition.FLOAT
        return speech.text("below {high}", high=high) if below else speech.text("up to {high}", high=high)
    if high is None:
        least = condition is not Condition.AGE
        return speech.text("at least {low}", low=low) if least else speech.text("at most {high}", high=low)
    return speech.text("{low} to {high}", low=low, high=high)


def question(condition: Condition, speech: Speech) -> str:
    text = EXAMPLES.get(condition, marked("Send one or more, with commas between, as the game spells them in English."))
    return speech.text(text)


def liquidity(wishes: Wishes, speech: Speech) -> str:
    head = speech.text("💧 <b>Liquidity</b>: how many sales a day an item must have at least.")
    lines = (
        speech.text(
            "{name}: <b>{value}</b>",
            name=game_label(game),
            value=amount(Condition.SALES, bounds(one, Condition.SALES), speech),
        )
        for game, one in wishes.items()
        if game in GAMES
    )
    return "\n".join([head, "", *lines])


def sure_reset(game: str, speech: Speech) -> str:
    return speech.text(
        "Remove all conditions of {game}? Then you are told about everything that pays.", game=game_label(game)
    )


def sure_copy(game: str, speech: Speech) -> str:
    return speech.text(
        "Copy from {game} to all other games: levels, types, price, gain, liquidity, age and words? "
        "What they have there is replaced.",
        game=game_label(game),
    )


def _usd(value: int, speech: Speech) -> str:
    return speech.usd(value)


def _percent(value: int, speech: Speech) -> str:
    return speech.percent(value)


def _sales(value: int, speech: Speech) -> str:
    return speech.text("{number} a day", number=speech.number(Decimal(value).scaleb(-1)))


def _age(value: int, speech: Speech) -> str:
    """To the second: `1 h 30 min`."""
    spans = []
    for size in (86_400, 3600, 60, 1):
        whole, value = divmod(value, size)
        if whole:
            spans.append(speech.age(timedelta(seconds=whole * size)))
    return " ".join(spans)


def _float(value: int, _speech: Speech) -> str:
    """With a point in every language, as everywhere where floats are shown."""
    return f"{(Decimal(value) / MILLIONTHS).normalize():f}"


_WRITTEN: Mapping[Condition, Callable[[int, Speech], str]] = {
    Condition.PRICE: _usd,
    Condition.NET: _usd,
    Condition.RETURN: _percent,
    Condition.SALES: _sales,
    Condition.AGE: _age,
    Condition.FLOAT: _float,
}
