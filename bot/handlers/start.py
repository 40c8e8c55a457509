from sqlalchemy.orm import Session

from bot.command import ChatRef, Command, games
from bot.messages.welcome import welcome
from bot.services import Services
from domain.filters import Filter
from models.queries import chats


async def answer(services: Services, chat: ChatRef) -> list[str]:
    now = services.now()

    def subscribe(session: Session) -> list[str]:
        new = chats.subscribe(session, chat.id, chat.kind, Filter(), now)
        wanted = chats.wanted(session, chat.id)
        return welcome(new, wanted, games(session, services.settings), now)

    return await services.query(subscribe)


COMMAND = Command("start", "subscribe to alerts", answer)
