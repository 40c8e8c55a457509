from bot.asked import Asked
from bot.changing import changed
from bot.command import Command, Feature, Route
from bot.handlers.settings import overview
from bot.keyboards import settings as keyboards
from bot.known import for_known
from bot.messages import settings as messages
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked, speech


async def answer(_services: Services, asked: Asked) -> Reply:
    return Reply((Say(messages.language_screen(asked.speech), keyboards.languages(asked.speech)),))


async def choose(services: Services, asked: Asked) -> Reply:
    return await overview(services, await changed(services, asked, language=speech(asked.arg).language))


FEATURE = for_known(
    Feature(
        commands=(Command("language", answer, description=marked("the language I speak")),),
        routes=(
            Route(keyboards.LANGUAGE, answer),
            Route(keyboards.SET_LANGUAGE, choose, action="settings", manages=True),
        ),
    )
)
