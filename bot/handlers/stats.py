"""/stats: what this chat was told in a day and a week, and how much of it held."""

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.keyboards.common import menu_row
from bot.known import for_known
from bot.messages.stats import stats as said
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from models.queries.market import DAY, WEEK
from models.queries.stats import Stats, stats

NAME = "stats"


async def answer(services: Services, asked: Asked) -> Reply:
    now = services.now()

    def read(session: Session) -> tuple[Stats, Stats]:
        return stats(session, asked.chat_id, now - DAY, now), stats(session, asked.chat_id, now - WEEK, now)

    day, week = await services.query(read)
    return Reply((Say(said(day, week, asked.speech), (menu_row(asked.speech),)),))


FEATURE = for_known(
    Feature(
        commands=(Command(NAME, answer, description=marked("what I told you, and how often I was right")),),
        routes=(Route(NAME, answer),),
    )
)
