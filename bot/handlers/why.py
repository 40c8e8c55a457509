"""/why: what became of a title, and why this chat was told of it or not."""

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.finding import Aim, pick, unknown
from bot.keyboards.market import WHY, of_item
from bot.messages.misfits import misfits
from bot.messages.why import why as said
from bot.messages.wording import pages
from bot.reply import Reply
from bot.services import Services
from bot.speech import marked
from models.queries import refused, why

AIM = Aim(WHY, marked("About which item? Send some words of its title, such as <b>ak redline ft</b>."))


async def answer(services: Services, asked: Asked) -> Reply:
    found = await pick(services, asked, asked.words, AIM)
    return found if isinstance(found, Reply) else await show(services, asked.with_args(str(found.item_id)))


async def show(services: Services, asked: Asked) -> Reply:
    """The title's number is the argument."""
    now, item_id = services.now(), int(asked.arg)

    def read(session: Session) -> Reply:
        found = why.why(session, item_id, asked.chat_id)
        if found is None:
            return unknown(asked)
        against = refused.refused(session, asked.chat_id, found.last.opportunity_id, now) if found.last else None
        zone, speech = asked.profile.zone, asked.speech
        lines = tuple(misfits(against, speech, zone)) if against else ()
        return Reply.of(pages([said(found, speech, zone, now, misfits=lines)]), of_item(item_id, speech))

    return await services.query(read)


FEATURE = Feature(
    commands=(Command(WHY, answer, action="search", description=marked("why I told you about an item, or did not")),),
    routes=(Route(WHY, show),),
    questions=(Route(WHY, answer, action="search"),),
)
