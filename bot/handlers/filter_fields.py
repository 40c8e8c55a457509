"""One field of a game's filter: chosen, typed, taken back. The arguments begin with the game and the field."""

from dataclasses import replace

from bot import fields, wishes
from bot.asked import Asked
from bot.asking import ask, ask_again
from bot.command import Feature, Route
from bot.fields import Form
from bot.keyboards import filters as keyboards
from bot.keyboards.common import back
from bot.known import for_known
from bot.messages import filters as messages
from bot.reply import Button, Question, Reply, Say
from bot.services import Services
from bot.typed import Range
from bot.wishes import Standing
from domain.filters import Condition, Filter

QUESTION = "filter"


def _of(asked: Asked) -> tuple[str, Condition]:
    return asked.args[0], Condition(asked.args[1])


async def answer(services: Services, asked: Asked) -> Reply:
    """The third argument is the page."""
    return _screen(await wishes.read(services, asked), asked, int(asked.args[2]))


async def tick(services: Services, asked: Asked) -> Reply:
    """The value and the page follow. The last level or type stays: without one nothing would ever fit."""
    game, condition = _of(asked)
    value, page = asked.args[2:]
    kept = False

    def make(one: Filter) -> Filter:
        nonlocal kept
        made = fields.toggled(one, condition, value)
        kept = made == one
        return made

    reply = _screen(await wishes.change(services, asked, make, game), asked, int(page))
    return replace(reply, toast=asked.speech.text("One must stay, or nothing would ever fit.")) if kept else reply


async def clear(services: Services, asked: Asked) -> Reply:
    game, condition = _of(asked)
    return _screen(await wishes.change(services, asked, lambda one: fields.cleared(one, condition), game), asked)


async def choose_flag(services: Services, asked: Asked) -> Reply:
    game, condition = _of(asked)
    value = keyboards.FLAGGED[asked.args[2]]

    def make(one: Filter) -> Filter:
        return fields.flagged(one, condition, value)

    return _screen(await wishes.change(services, asked, make, game), asked)


async def choose_amount(services: Services, asked: Asked) -> Reply:
    """The bounds follow, "" for none."""
    low, high = (int(end) if end else None for end in asked.args[2:])
    return await _bounded(services, asked, (low, high))


async def drop(services: Services, asked: Asked) -> Reply:
    game, condition = _of(asked)
    mark = asked.args[2]

    def make(one: Filter) -> Filter:
        return fields.dropped(one, condition, mark)

    return _screen(await wishes.change(services, asked, make, game), asked)


async def type_it(_services: Services, asked: Asked) -> Reply:
    _game, condition = _of(asked)
    return ask(asked, messages.question(condition, asked.speech), _question(asked), _back(asked))


async def typed(services: Services, asked: Asked) -> Reply:
    game, condition = _of(asked)
    if fields.form(game, condition) is Form.AMOUNT:
        bounds = fields.AMOUNTS[condition].read(asked.words)
        return await _bounded(services, asked, bounds) if bounds else _again(asked, condition)
    entries = fields.entries(condition, asked.words)
    if not entries:
        return _again(asked, condition)

    def make(one: Filter) -> Filter:
        return fields.added(one, condition, entries)

    return _screen(await wishes.change(services, asked, make, game), asked)


async def _bounded(services: Services, asked: Asked, bounds: Range) -> Reply:
    game, condition = _of(asked)

    def make(one: Filter) -> Filter:
        return fields.bounded(one, condition, bounds)

    return _screen(await wishes.change(services, asked, make, game), asked)


def _again(asked: Asked, condition: Condition) -> Reply:
    return ask_again(asked, messages.question(condition, asked.speech), _question(asked), _back(asked))


def _question(asked: Asked) -> Question:
    return Question(QUESTION, asked.args[:2])


def _back(asked: Asked) -> Button:
    return back(asked.speech, keyboards.FIELD, *asked.args[:2], "1")


def _screen(standing: Standing, asked: Asked, page: int = 1) -> Reply:
    game, condition = _of(asked)
    wanted, speech = standing.wishes[game], asked.speech
    text = messages.of_field(game, wanted, condition, standing.tallies.get(game), speech)
    return Reply((Say(text, keyboards.of_field(game, wanted, condition, page, speech)),))


FEATURE = for_known(
    Feature(
        routes=(
            Route(keyboards.FIELD, answer),
            Route(keyboards.TICK, tick, action="settings", manages=True),
            Route(keyboards.ANY, clear, action="settings", manages=True),
            Route(keyboards.FLAG, choose_flag, action="settings", manages=True),
            Route(keyboards.AMOUNT, choose_amount, action="settings", manages=True),
            Route(keyboards.DROP, drop, action="settings", manages=True),
            Route(keyboards.TYPE, type_it, action="settings", manages=True),
        ),
        questions=(Route(QUESTION, typed, action="settings", manages=True),),
    )
)
