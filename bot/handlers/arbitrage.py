"""/arbitrage: a game, a level, and page by page what is open there."""

from collections import Counter

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route, games
from bot.keyboards import market as keyboards
from bot.messages import arbitrage as messages
from bot.paging import paged
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from bot.upstream import outlook
from models.queries import browse

PAGE = 4
MOST = 100  # deals of a game and level that are shown


async def answer(services: Services, asked: Asked) -> Reply:
    now = services.now()

    def read(session: Session) -> Reply:
        counts: Counter[str] = Counter()
        for (game, _level), number in browse.counts(session).items():
            counts[game] += number
        text = messages.overview(counts, games(session, services.settings), outlook(session, now), asked.speech, now)
        return Reply((Say(text, keyboards.arbitrage(counts, asked.speech)),))

    return await services.query(read)


async def levels(services: Services, asked: Asked) -> Reply:
    """The game is the argument."""
    game = asked.arg
    found = await services.query(browse.counts)
    counts = {level: number for (key, level), number in found.items() if key == game}
    text = messages.levels(game, sum(counts.values()), asked.speech)
    return Reply((Say(text, keyboards.levels(game, counts, asked.speech)),))


async def deals(services: Services, asked: Asked) -> Reply:
    """The game, the level or ALL, and the page."""
    game, chosen, number = asked.args
    level = None if chosen == keyboards.ALL else chosen
    now = services.now()

    def read(session: Session) -> Reply:
        page = paged(browse.open_of(session, game, level, MOST), number, PAGE)
        watched, how = games(session, services.settings), outlook(session, now)
        texts = messages.deals(page, game, level, watched, how, speech=asked.speech, now=now)
        return Reply.of(texts, keyboards.deals(game, chosen, page.number, page.of, asked.speech))

    return await services.query(read)


FEATURE = Feature(
    commands=(Command(keyboards.ARBITRAGE, answer, description=marked("open deals by game and level")),),
    routes=(
        Route(keyboards.ARBITRAGE, answer),
        Route(keyboards.ARBITRAGE_GAME, levels),
        Route(keyboards.DEALS, deals),
    ),
)
