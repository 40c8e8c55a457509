"""/digest: how often, sorted by what, from how many deals on."""

from bot.asked import Asked
from bot.changing import changed
from bot.command import Command, Feature, Route
from bot.keyboards import digest as keyboards
from bot.keyboards.settings import DIGEST
from bot.known import for_known
from bot.messages import settings as messages
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from domain.quiet import place_of
from domain.windows import Every, Grouping, next_due


async def answer(services: Services, asked: Asked) -> Reply:
    profile = asked.profile
    due = next_due(Every(profile.digest), place_of(profile.zone), services.now())
    text = messages.digest_screen(profile, due, asked.speech)
    return Reply((Say(text, keyboards.digest(profile, asked.speech)),))


async def choose_rhythm(services: Services, asked: Asked) -> Reply:
    return await answer(services, await changed(services, asked, digest=Every(asked.arg).value))


async def choose_grouping(services: Services, asked: Asked) -> Reply:
    return await answer(services, await changed(services, asked, digest_group=Grouping(asked.arg).value))


async def choose_least(services: Services, asked: Asked) -> Reply:
    return await answer(services, await changed(services, asked, digest_least=int(asked.arg)))


FEATURE = for_known(
    Feature(
        commands=(Command(DIGEST, answer, description=marked("a list of deals at set times")),),
        routes=(
            Route(DIGEST, answer),
            Route(keyboards.SET_RHYTHM, choose_rhythm, action="settings", manages=True),
            Route(keyboards.SET_GROUPING, choose_grouping, action="settings", manages=True),
            Route(keyboards.SET_LEAST, choose_least, action="settings", manages=True),
        ),
    )
)
