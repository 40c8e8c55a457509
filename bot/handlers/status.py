from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route, games
from bot.keyboards.common import menu_row
from bot.messages.status import status
from bot.reply import Reply
from bot.services import Services
from bot.speech import marked
from bot.upstream import outlook
from models.queries import chats


async def answer(services: Services, asked: Asked) -> Reply:
    now = services.now()

    def read(session: Session) -> list[str]:
        subscribed = chats.is_active(session, asked.chat_id)
        return status(games(session, services.settings), outlook(session, now), subscribed, asked.speech, now)

    return Reply.of(await services.query(read), (menu_row(asked.speech),))


FEATURE = Feature(
    commands=(Command("status", answer, description=marked("how fresh the data of each game is")),),
    routes=(Route("status", answer),),
)
