"""/market: which titles of a game changed their price most since yesterday."""

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.keyboards import market as keyboards
from bot.messages import movers as messages
from bot.paging import paged
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from models.queries import market

HOURS = 24


async def answer(_services: Services, asked: Asked) -> Reply:
    text = asked.speech.text("📊 <b>Largest price changes in 24 h.</b> Which game?")
    return Reply((Say(text, keyboards.market(asked.speech)),))


async def movers(services: Services, asked: Asked) -> Reply:
    """The game and the page."""
    game, number = asked.args
    now = services.now()
    found = await services.query(lambda session: market.movers(session, game, HOURS, now))
    page = paged(found, number, messages.PAGE)
    text = messages.movers(found, game, HOURS, page.number, asked.speech)
    return Reply((Say(text, keyboards.movers(page, game, asked.speech)),))


FEATURE = Feature(
    commands=(Command(keyboards.MARKET, answer, description=marked("the largest price changes of a day")),),
    routes=(Route(keyboards.MARKET, answer), Route(keyboards.MOVERS, movers)),
)
