from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.keyboards import settings as keyboards
from bot.known import for_known
from bot.messages import settings as messages
from bot.messages.settings import Own
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from domain.quiet import place_of
from domain.windows import Every, next_due
from models.queries import manners


async def overview(services: Services, asked: Asked) -> Reply:
    """All settings of the chat, and the ways to change them."""
    now, profile = services.now(), asked.profile
    due = next_due(Every(profile.digest), place_of(profile.zone), now)

    def read(session: Session) -> Own:
        muted = manners.muted(session, asked.chat_id, now)
        return Own(manners.read(session, asked.chat_id), len(muted), due)

    text = messages.overview(profile, await services.query(read), asked.speech, now)
    return Reply((Say(text, keyboards.settings(asked.speech)),))


FEATURE = for_known(
    Feature(
        commands=(Command("settings", overview, description=marked("language, clock, quiet hours, sounds, digest")),),
        routes=(Route(keyboards.SETTINGS, overview),),
    )
)
