"""/market_analysis: how deep a title's book is, and how often it sells."""

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.finding import Aim, pick, unknown
from bot.keyboards.market import ANALYSIS, of_item
from bot.messages.market import analysis
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from domain.turnover import turnover
from models.queries import market, sales

AIM = Aim(ANALYSIS, marked("Which item's market? Send some words of the title, such as <b>ak redline ft</b>."))


async def answer(services: Services, asked: Asked) -> Reply:
    found = await pick(services, asked, asked.words, AIM)
    return found if isinstance(found, Reply) else await show(services, asked.with_args(str(found.item_id)))


async def show(services: Services, asked: Asked) -> Reply:
    """The title's number is the argument."""
    now, item_id, speech = services.now(), int(asked.arg), asked.speech

    def read(session: Session) -> Reply:
        card = market.price_of(session, item_id, now)
        if card is None:
            return unknown(asked)
        depth, known = market.depth(session, item_id, now), sales.load(session, item_id)
        if depth is None:
            return Reply((Say(speech.text("Its price has not been read yet"), of_item(item_id, speech)),))
        sold = turnover(known, now) if known else ()
        text = analysis(depth, sold, known.observed_at if known else None, speech, now)
        return Reply((Say(text, of_item(item_id, speech)),))

    return await services.query(read)


FEATURE = Feature(
    commands=(
        Command(ANALYSIS, answer, action="search", description=marked("how deep and liquid an item's market is")),
    ),
    routes=(Route(ANALYSIS, show),),
    questions=(Route(ANALYSIS, answer, action="search"),),
)
