"""How many deals a day a chat may be told of."""

from bot.asked import Asked
from bot.asking import ask, ask_again
from bot.changing import changed
from bot.command import Feature, Route
from bot.keyboards import settings as keyboards
from bot.keyboards.common import back
from bot.known import for_known
from bot.messages import settings as messages
from bot.reply import Question, Reply, Say
from bot.services import Services
from bot.typed import count

MOST = 1_000
QUESTION = Question(keyboards.CAP)


async def answer(_services: Services, asked: Asked) -> Reply:
    text = messages.cap_screen(asked.profile, asked.speech)
    return Reply((Say(text, keyboards.caps(asked.profile, asked.speech)),))


async def choose(services: Services, asked: Asked) -> Reply:
    number = None if asked.arg == keyboards.OFF else int(asked.arg)
    return await answer(services, await changed(services, asked, daily_cap=number))


async def type_one(_services: Services, asked: Asked) -> Reply:
    return ask(asked, messages.cap_question(MOST, asked.speech), QUESTION, back(asked.speech, keyboards.CAP))


async def typed(services: Services, asked: Asked) -> Reply:
    number = count(asked.words, MOST)
    if number is None:
        example = messages.cap_question(MOST, asked.speech)
        return ask_again(asked, example, QUESTION, back(asked.speech, keyboards.CAP))
    return await choose(services, asked.with_args(str(number)))


FEATURE = for_known(
    Feature(
        routes=(
            Route(keyboards.CAP, answer),
            Route(keyboards.SET_CAP, choose, action="settings", manages=True),
            Route(keyboards.TYPE_CAP, type_one, action="settings", manages=True),
        ),
        questions=(Route(QUESTION.kind, typed, action="settings", manages=True),),
    )
)
