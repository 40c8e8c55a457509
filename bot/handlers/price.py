"""/price: what a title costs, and the way to everything else about it."""

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.finding import Aim, pick, unknown
from bot.keyboards.market import PRICE, card
from bot.messages.price import price
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from models.queries import market

AIM = Aim(PRICE, marked("Which item's price? Send some words of the title, such as <b>ak redline ft</b>."))


async def answer(services: Services, asked: Asked) -> Reply:
    found = await pick(services, asked, asked.words, AIM)
    return found if isinstance(found, Reply) else await show(services, asked.with_args(str(found.item_id)))


async def show(services: Services, asked: Asked) -> Reply:
    """The title's number is the argument."""
    now, item_id = services.now(), int(asked.arg)
    found = await services.query(lambda session: market.price_of(session, item_id, now))
    if found is None:
        return unknown(asked)
    keyboard = card(item_id, found.game, found.title, asked.bot, asked.speech)
    return Reply((Say(price(found, asked.speech, now), keyboard),))


FEATURE = Feature(
    commands=(Command(PRICE, answer, action="search", description=marked("what an item costs and sells for")),),
    routes=(Route(PRICE, show),),
    questions=(Route(PRICE, answer, action="search"),),
)
