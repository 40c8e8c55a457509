"""Quiet hours: presets, hours by two taps, or typed to the minute."""

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
from bot.typed import hours

QUESTION = Question(keyboards.QUIET)


async def answer(_services: Services, asked: Asked) -> Reply:
    text = messages.quiet_screen(asked.profile, asked.speech)
    return Reply((Say(text, keyboards.quiet(asked.profile, asked.speech)),))


async def choose_from(_services: Services, asked: Asked) -> Reply:
    return Reply((Say(messages.from_question(asked.speech), keyboards.from_hours(asked.speech)),))


async def choose_until(_services: Services, asked: Asked) -> Reply:
    begin = int(asked.arg)
    return Reply((Say(messages.until_question(begin, asked.speech), keyboards.until_hours(begin, asked.speech)),))


async def choose(services: Services, asked: Asked) -> Reply:
    """Minutes of the day from and until, or off."""
    begin, end = (None, None) if asked.arg == keyboards.OFF else map(int, asked.args)
    return await answer(services, await changed(services, asked, quiet_from=begin, quiet_until=end))


async def type_them(_services: Services, asked: Asked) -> Reply:
    return ask(asked, messages.quiet_question(asked.speech), QUESTION, back(asked.speech, keyboards.QUIET))


async def typed(services: Services, asked: Asked) -> Reply:
    span = hours(asked.words)
    if span is None:
        speech = asked.speech
        return ask_again(asked, messages.quiet_question(speech), QUESTION, back(speech, keyboards.QUIET))
    return await choose(services, asked.with_args(*map(str, span)))


FEATURE = for_known(
    Feature(
        routes=(
            Route(keyboards.QUIET, answer),
            Route(keyboards.QUIET_FROM, choose_from),
            Route(keyboards.QUIET_UNTIL, choose_until),
            Route(keyboards.SET_QUIET, choose, action="settings", manages=True),
            Route(keyboards.TYPE_QUIET, type_them, action="settings", manages=True),
        ),
        questions=(Route(QUESTION.kind, typed, action="settings", manages=True),),
    )
)
