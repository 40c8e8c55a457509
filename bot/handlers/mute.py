"""/mute: the items of which a chat does not want to hear, and one more by name."""

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.finding import Aim, pick
from bot.keyboards import mute as keyboards
from bot.keyboards.market import suggestions
from bot.keyboards.settings import MUTED
from bot.known import for_known
from bot.messages import mute as messages
from bot.messages.finding import which
from bot.paging import paged
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from models.queries import manners, titles

PAGE = 8  # items
AIM = Aim(keyboards.MUTE_ITEM, marked("Which item? Send some words of its title, such as <b>ak redline ft</b>."))


async def answer(services: Services, asked: Asked) -> Reply:
    """Without a name the list; with one the title that it means, at once where this person may, else a choice."""
    words = asked.words.strip()
    if not words:
        return await listed(services, asked.with_args("1"))
    found = await pick(services, asked, words, AIM)
    if isinstance(found, Reply):
        return found
    if asked.manages:
        return await mute(services, asked.with_args(str(found.item_id)))
    text = which([found], words, asked.speech)
    return Reply((Say(text, suggestions([found], AIM.route, (), asked.speech)),))


async def listed(services: Services, asked: Asked) -> Reply:
    """The page is the button's argument."""
    muted = await services.query(lambda session: manners.muted(session, asked.chat_id, services.now()))
    page, speech = paged(muted, asked.arg, PAGE), asked.speech
    return Reply((Say(messages.muted_list(page, asked.profile.zone, speech), keyboards.muted_list(page, speech)),))


async def mute(services: Services, asked: Asked) -> Reply:
    item_id = int(asked.arg)

    def write(session: Session) -> str | None:
        title = titles.title_of(session, item_id)
        if title is not None:
            manners.mute(session, asked.chat_id, item_id, None)
        return title

    title = await services.query(write)
    if title is None:
        return await listed(services, asked.with_args("1"))
    return Reply((Say(messages.item_muted(title, asked.speech), keyboards.item_muted(item_id, asked.speech)),))


async def unmute(services: Services, asked: Asked) -> Reply:
    """The item and the page of the list that it stood on."""
    item_id, page = int(asked.args[0]), asked.args[1]
    await services.query(lambda session: manners.unmute(session, asked.chat_id, item_id))
    return await listed(services, asked.with_args(page))


FEATURE = for_known(
    Feature(
        commands=(Command("mute", answer, action="search", description=marked("items you do not want to hear about")),),
        routes=(
            Route(MUTED, listed),
            Route(keyboards.MUTE_ITEM, mute, action="settings", manages=True),
            Route(keyboards.UNMUTE, unmute, action="settings", manages=True),
        ),
        questions=(Route(AIM.route, answer, action="search", manages=True),),
    )
)
