"""/delete_me: asks once more, then deletes everything of who asks."""

from functools import partial

from sqlalchemy.exc import OperationalError

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.keyboards.common import to_menu
from bot.messages import privacy as messages
from bot.reply import Button, Reply, Say, column
from bot.services import Services
from bot.speech import marked
from models.alerts import AlertState
from models.queries import privacy
from models.queries.alerts import Reason
from telemetry.metrics import ALERTS

DELETE = "delete_me_now"
DEADLOCK = "40P01"  # Postgres: deadlock_detected
TRIES = 3


async def answer(_services: Services, asked: Asked) -> Reply:
    yes = Button(asked.speech.text("🗑 Yes, delete everything"), DELETE)
    return Reply((Say(messages.delete_question(asked.speech), column(yes, to_menu(asked.speech))),))


async def erase(services: Services, asked: Asked) -> Reply:
    if not asked.private:
        return Reply()
    ended = await _erased(services, asked.chat_id)
    ALERTS.labels(AlertState.SUPPRESSED, Reason.STOPPED).inc(ended or 0)
    text = messages.unknown(asked.speech) if ended is None else messages.deleted(asked.speech)
    return Reply((Say(text),))


async def _erased(services: Services, chat_id: int) -> int | None:
    """Who crosses a verification that is writing to the chat may be asked by Postgres to begin again."""
    for attempt in range(1, TRIES + 1):
        work = partial(privacy.erase, chat_id=chat_id, now=services.now())
        try:
            return await services.query(work)
        except OperationalError as error:
            if attempt == TRIES or getattr(error.orig, "pgcode", None) != DEADLOCK:
                raise
    return None


FEATURE = Feature(
    commands=(Command("delete_me", answer, private=True, description=marked("delete everything stored about you")),),
    routes=(Route(DELETE, erase, action="settings"),),
)
