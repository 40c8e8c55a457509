"""The buttons of the filters: games, the fields of a game, the values of a field."""

from collections.abc import Iterator

from bot.fields import AMOUNTS, Form, bounds, chosen, conditions, form, marked_as, options
from bot.keyboards.common import back, menu_row, ticked, to_menu, turned
from bot.keyboards.settings import FILTERS
from bot.keyboards.settings import chosen as dotted
from bot.messages.filters import NAMES, amount, flag, label
from bot.reply import Button, Keyboard, grid
from bot.speech import Speech
from domain.filters import FLAGS, Condition, Filter, Wishes
from domain.games import GAMES

GAME, ON, FIELD, SURE, RESET, COPY = "flt", "flt_on", "flt_field", "flt_sure", "flt_reset", "flt_copy"
TICK, ANY, FLAG, AMOUNT, DROP, TYPE = "flt_tick", "flt_any", "flt_flag", "flt_amount", "flt_drop", "flt_type"
PAGE = 12  # values
LABEL = 22  # characters of an entry in a label
FLAGGED = {"any": None, "only": True, "none": False}


def overview(wishes: Wishes, speech: Speech) -> Keyboard:
    games = grid(
        (Button(ticked(GAMES[game].label, on=one.on), GAME, (game,)) for game, one in wishes.items() if game in GAMES),
        2,
    )
    return (*games, menu_row(speech))


def liquidity(wishes: Wishes, speech: Speech) -> Keyboard:
    sales = Condition.SALES.value
    games = grid((Button(GAMES[game].label, FIELD, (game, sales, "1")) for game in wishes if game in GAMES), 2)
    return (*games, (back(speech, FILTERS), to_menu(speech)))


def of_game(game: str, wanted: Filter, speech: Speech) -> Keyboard:
    asks = wanted.asks()
    fields = (
        Button(dotted(speech.text(NAMES[one]), now=one in asks), FIELD, (game, one.value, "1"))
        for one in conditions(game)
    )
    return (
        (Button(ticked(speech.text("Tell me about {game}", game=GAMES[game].label), on=wanted.on), ON, (game,)),),
        *grid(fields, 2),
        (
            Button(speech.text("♻️ Reset"), SURE, (game, RESET)),
            Button(speech.text("📋 Copy to all games"), SURE, (game, COPY)),
        ),
        (back(speech, FILTERS), to_menu(speech)),
    )


def sure(game: str, route: str, speech: Speech) -> Keyboard:
    return ((Button(speech.text("✅ Yes"), route, (game,)),), (back(speech, GAME, game), to_menu(speech)))


def of_field(game: str, wanted: Filter, condition: Condition, page: int, speech: Speech) -> Keyboard:
    """`page` is that of a long choice, from 1."""
    rows = _ROWS[form(game, condition)](game, wanted, condition, page, speech)
    return (*rows, (back(speech, GAME, game), to_menu(speech)))


def pages(game: str, condition: Condition) -> int:
    return max(1, -(-len(options(game, condition)) // PAGE))


def _choice(game: str, wanted: Filter, condition: Condition, page: int, speech: Speech) -> Keyboard:
    values, first = chosen(wanted, condition), (page - 1) * PAGE
    ticks = (
        Button(ticked(label(condition, one, speech), on=one in values), TICK, (game, condition.value, one, str(page)))
        for one in options(game, condition)[first : first + PAGE]
    )
    turning = turned(speech, page, pages(game, condition), FIELD, game, condition.value)
    return (*_any(game, wanted, condition, speech), *grid(ticks, 2), *turning)


def _list(game: str, wanted: Filter, condition: Condition, _page: int, speech: Speech) -> Keyboard:
    entries = (
        Button(_cut(label(condition, one, speech)), DROP, (game, condition.value, marked_as(one)))
        for one in sorted(chosen(wanted, condition))
    )
    return (_typing(game, condition, speech), *grid(entries, 2), *_any(game, wanted, condition, speech))


def _amount(game: str, wanted: Filter, condition: Condition, _page: int, speech: Speech) -> Keyboard:
    now = bounds(wanted, condition)
    presets = (
        Button(
            dotted(amount(condition, one, speech), now=one == now),
            AMOUNT,
            (game, condition.value, *("" if end is None else str(end) for end in one)),
        )
        for one in AMOUNTS[condition].presets
    )
    return (*grid(presets, 2), _typing(game, condition, speech), *_any(game, wanted, condition, speech))


def _flag(game: str, wanted: Filter, condition: Condition, _page: int, speech: Speech) -> Keyboard:
    now = getattr(wanted, FLAGS[condition])
    return (
        tuple(
            Button(dotted(flag(value, speech), now=value is now), FLAG, (game, condition.value, name))
            for name, value in FLAGGED.items()
        ),
    )


def _typing(game: str, condition: Condition, speech: Speech) -> tuple[Button, ...]:
    return (Button(speech.text("✏️ Type it"), TYPE, (game, condition.value)),)


def _any(game: str, wanted: Filter, condition: Condition, speech: Speech) -> Iterator[tuple[Button, ...]]:
    """The row that takes a condition back, where there is one."""
    if condition in wanted.asks():
        yield (Button(speech.text("♻️ Any"), ANY, (game, condition.value)),)


def _cut(entry: str) -> str:
    return f"❌ {entry if len(entry) <= LABEL else f'{entry[: LABEL - 1]}…'}"


_ROWS = {Form.CHOICE: _choice, Form.LIST: _list, Form.AMOUNT: _amount, Form.FLAG: _flag}
