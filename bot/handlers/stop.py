from bot.command import ChatRef, Command
from bot.messages.welcome import farewell
from bot.services import Services
from models.alerts import AlertState
from models.queries import chats
from models.queries.alerts import Reason
from telemetry.metrics import ALERTS


async def answer(services: Services, chat: ChatRef) -> list[str]:
    now = services.now()
    ended = await services.query(lambda session: chats.stop(session, chat.id, now))
    ALERTS.labels(AlertState.SUPPRESSED, Reason.STOPPED).inc(ended or 0)
    return farewell(was_active=ended is not None)


COMMAND = Command("stop", "end the alerts", answer)
