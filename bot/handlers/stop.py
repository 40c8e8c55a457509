from bot.asked import Asked
from bot.command import Command, Feature
from bot.messages.welcome import farewell
from bot.reply import Reply
from bot.services import Services
from bot.speech import marked
from models.alerts import AlertState
from models.queries import chats
from models.queries.alerts import Reason
from telemetry.metrics import ALERTS


async def answer(services: Services, asked: Asked) -> Reply:
    now = services.now()
    ended = await services.query(lambda session: chats.stop(session, asked.chat_id, now))
    ALERTS.labels(AlertState.SUPPRESSED, Reason.STOPPED).inc(ended or 0)
    return Reply.of(farewell(ended is not None, asked.speech))


FEATURE = Feature(commands=(Command("stop", answer, manages=True, description=marked("end the alerts")),))
