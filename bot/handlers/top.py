from sqlalchemy.orm import Session

from bot.command import ChatRef, Command, games
from bot.messages.top import top
from bot.services import Services
from bot.upstream import outlook
from models.queries import overview

SHOWN = 10


async def answer(services: Services, _chat: ChatRef) -> list[str]:
    now = services.now()

    def read(session: Session) -> list[str]:
        return top(overview.best(session, SHOWN), games(session, services.settings), outlook(session, now), now)

    return await services.query(read)


COMMAND = Command("top", "the best open opportunities now", answer)
