from collections.abc import Sequence

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.keyboards.common import menu_row
from bot.messages.welcome import usage
from bot.reply import Reply
from bot.services import Services
from bot.speech import marked
from domain.games import GAMES
from models.queries import switches

NAME = "help"
DESCRIPTION = marked("what I do and what I understand")


def about(others: Sequence[Feature]) -> Feature:
    """The help command for these others; it lists itself too."""
    public = (command for feature in others for command in feature.commands if command.role is None)
    listed = [(command.name, command.description) for command in public]
    lines = [*(line for line in listed if line[1]), (NAME, DESCRIPTION)]

    async def answer(services: Services, asked: Asked) -> Reply:
        intervals = {key: services.settings.scan_interval(key) for key in GAMES}
        paused = await services.query(switches.all_paused)
        return Reply.of(usage(lines, intervals, asked.speech, paused), (menu_row(asked.speech),))

    return Feature(commands=(Command(NAME, answer, description=DESCRIPTION),), routes=(Route(NAME, answer),))
