from sqlalchemy.orm import Session

from bot.command import ChatRef, Command, games
from bot.messages.status import status
from bot.services import Services
from bot.upstream import outlook
from models.queries import chats


async def answer(services: Services, chat: ChatRef) -> list[str]:
    now = services.now()

    def read(session: Session) -> list[str]:
        return status(games(session, services.settings), outlook(session, now), chats.is_active(session, chat.id), now)

    return await services.query(read)


COMMAND = Command("status", "how fresh the data of each game is", answer)
