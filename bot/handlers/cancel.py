"""/cancel ends an open question. So does every other command: this one says so."""

from bot.asked import Asked
from bot.command import Command, Feature
from bot.keyboards.common import menu_row
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked


async def answer(_services: Services, asked: Asked) -> Reply:
    speech = asked.speech
    ended, idle = speech.text("Cancelled: nothing was changed."), speech.text("There is nothing to cancel.")
    return Reply((Say(ended if asked.interrupts else idle, (menu_row(speech),)),))


FEATURE = Feature(commands=(Command("cancel", answer, description=marked("end an open question")),))
