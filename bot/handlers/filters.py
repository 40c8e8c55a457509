"""/filters: what a chat is told of, game by game."""

from dataclasses import replace

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.fields import common
from bot.keyboards import filters as keyboards
from bot.keyboards.settings import FILTERS
from bot.known import for_known
from bot.messages import filters as messages
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from bot.wishes import Standing, change, change_all, read
from domain.filters import Filter, Wishes


async def answer(services: Services, asked: Asked) -> Reply:
    standing, speech = await read(services, asked), asked.speech
    text = messages.overview(standing.wishes, standing.tallies, speech)
    return Reply((Say(text, keyboards.overview(standing.wishes, speech)),))


async def liquidity(services: Services, asked: Asked) -> Reply:
    wishes, speech = (await read(services, asked)).wishes, asked.speech
    return Reply((Say(messages.liquidity(wishes, speech), keyboards.liquidity(wishes, speech)),))


async def game(services: Services, asked: Asked) -> Reply:
    return _game(await read(services, asked), asked)


async def toggle(services: Services, asked: Asked) -> Reply:
    standing = await change(services, asked, lambda one: replace(one, on=not one.on), asked.arg)
    return _game(standing, asked)


async def sure(_services: Services, asked: Asked) -> Reply:
    """The game, and what is to be done with its filter."""
    key, route = asked.args
    ask = messages.sure_copy if route == keyboards.COPY else messages.sure_reset
    return Reply((Say(ask(key, asked.speech), keyboards.sure(key, route, asked.speech)),))


async def reset(services: Services, asked: Asked) -> Reply:
    standing = await change(services, asked, lambda one: Filter(on=one.on), asked.arg)
    return replace(_game(standing, asked), toast=asked.speech.text("All conditions are gone."))


async def copy(services: Services, asked: Asked) -> Reply:
    def make(wishes: Wishes) -> Wishes:
        return {key: common(wishes[asked.arg], one) for key, one in wishes.items()}

    standing = await change_all(services, asked, make)
    return replace(_game(standing, asked), toast=asked.speech.text("Copied to all games."))


def _game(standing: Standing, asked: Asked) -> Reply:
    key, speech = asked.arg, asked.speech
    wanted = standing.wishes[key]
    text = messages.of_game(key, wanted, standing.tallies.get(key), speech)
    return Reply((Say(text, keyboards.of_game(key, wanted, speech)),))


FEATURE = for_known(
    Feature(
        commands=(
            Command(FILTERS, answer, description=marked("which deals I tell you about")),
            Command("liquidity_settings", liquidity),
        ),
        routes=(
            Route(FILTERS, answer),
            Route(keyboards.GAME, game),
            Route(keyboards.ON, toggle, action="settings", manages=True),
            Route(keyboards.SURE, sure),
            Route(keyboards.RESET, reset, action="settings", manages=True),
            Route(keyboards.COPY, copy, action="settings", manages=True),
        ),
    )
)
