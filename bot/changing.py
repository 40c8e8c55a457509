"""A chat's own settings: changed in one transaction, and read again for the screen that shows them."""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.services import Services
from models.queries import digests, holding, profiles
from models.queries.profiles import Profile

_WHEN = {"digest", "zone"}  # what a digest's time follows from
_PAUSES = {"quiet_from", "quiet_until", "snoozed_until", "zone"}  # what messages may be held back by


async def changed(services: Services, asked: Asked, **values: object) -> Asked:
    """Set columns that `Profile` names; the same question with the profile of now."""
    now = services.now()

    def write(session: Session) -> Profile:
        profiles.change(session, asked.chat_id, now, **values)
        if _WHEN.intersection(values):
            digests.arrange(session, asked.chat_id, now)
        if _PAUSES.intersection(values):
            holding.look_again(session, asked.chat_id, now)
        return profiles.read(session, asked.chat_id)

    return replace(asked, profile=await services.query(write))
