"""A rest for a chat: /snooze, /unsnooze, and the part of the settings."""

from bot.asked import Asked
from bot.changing import changed
from bot.command import Command, Feature, Route
from bot.keyboards import settings as keyboards
from bot.known import for_known
from bot.messages import settings as messages
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from domain.snoozing import Nap, ends


async def answer(services: Services, asked: Asked) -> Reply:
    now, profile = services.now(), asked.profile
    asleep = profile.snoozed_until is not None and profile.snoozed_until > now
    text = messages.nap_screen(profile, asked.speech, now)
    return Reply((Say(text, keyboards.naps(asked.speech, asleep=asleep)),))


async def choose(services: Services, asked: Asked) -> Reply:
    if asked.arg == keyboards.OFF:
        return await wake(services, asked)
    until = ends(Nap(asked.arg), services.now(), asked.profile.zone)
    return await answer(services, await changed(services, asked, snoozed_until=until))


async def wake(services: Services, asked: Asked) -> Reply:
    return await answer(services, await changed(services, asked, snoozed_until=None))


FEATURE = for_known(
    Feature(
        commands=(
            Command("snooze", answer, description=marked("a pause of some hours")),
            Command("unsnooze", wake, action="settings", manages=True, description=marked("end the pause")),
        ),
        routes=(
            Route(keyboards.NAP, answer),
            Route(keyboards.SET_NAP, choose, action="settings", manages=True),
        ),
    )
)
