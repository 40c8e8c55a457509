from datetime import timedelta

from sqlalchemy.orm import Session

from bot.command import ChatRef, Command, games
from bot.messages.welcome import welcome
from bot.services import Services
from domain.filters import Filter
from models.queries import alerts, chats

MOST_AT_ONCE = 40  # open opportunities told to a newcomer: at a message a second, what fits before they are too old


async def answer(services: Services, chat: ChatRef) -> list[str]:
    now = services.now()
    max_age = timedelta(seconds=services.settings.alert_max_age)

    def subscribe(session: Session) -> list[str]:
        new = chats.subscribe(session, chat.id, chat.kind, Filter(), now)
        wanted = chats.wanted(session, chat.id)
        if new:
            owed = alerts.owe_open(session, chat.id, wanted, now=now, max_age=max_age, limit=MOST_AT_ONCE)
            if owed:
                alerts.notify(session)
        return welcome(new, wanted, games(session, services.settings), now)

    return await services.query(subscribe)


COMMAND = Command("start", "subscribe to alerts", answer)
