"""The clock of a chat: a common place, or one that was typed."""

import asyncio

from bot.asked import Asked
from bot.asking import QUOTED, ask
from bot.changing import changed
from bot.command import Feature, Route
from bot.keyboards import settings as keyboards
from bot.keyboards.common import back
from bot.known import for_known
from bot.messages import settings as messages
from bot.reply import Question, Reply, Say
from bot.services import Services
from bot.zones import find

QUESTION = Question(keyboards.ZONE)


async def answer(services: Services, asked: Asked) -> Reply:
    now, speech = services.now(), asked.speech
    text = messages.zone_screen(asked.profile, speech, now)
    return Reply((Say(text, keyboards.zones(asked.profile, speech, now)),))


async def choose(services: Services, asked: Asked) -> Reply:
    """The zone is the button's argument."""
    return await answer(services, await changed(services, asked, zone=asked.arg))


async def type_one(_services: Services, asked: Asked) -> Reply:
    return ask(asked, messages.zone_question(asked.speech), QUESTION, back(asked.speech, keyboards.ZONE))


async def typed(services: Services, asked: Asked) -> Reply:
    """Where only one place is called so it is taken; of several one is to be chosen."""
    now, speech = services.now(), asked.speech
    found = await asyncio.to_thread(find, asked.words, now)
    if len(found) == 1:
        return await choose(services, asked.with_args(found[0]))
    if found:
        rows = keyboards.part(keyboards.zone_rows(found, asked.profile, speech, now), speech, keyboards.ZONE)
        return Reply((Say(messages.zone_which(speech), rows),))
    unknown = messages.zone_unknown(asked.words.strip()[:QUOTED], speech)
    return ask(asked, unknown, QUESTION, back(speech, keyboards.ZONE))


FEATURE = for_known(
    Feature(
        routes=(
            Route(keyboards.ZONE, answer),
            Route(keyboards.SET_ZONE, choose, action="settings", manages=True),
            Route(keyboards.TYPE_ZONE, type_one, action="settings", manages=True),
        ),
        questions=(Route(QUESTION.kind, typed, action="settings", manages=True),),
    )
)
