from collections.abc import Sequence

from bot.command import ChatRef, Command
from bot.messages.welcome import usage
from bot.services import Services
from domain.games import GAMES

NAME = "help"
DESCRIPTION = "what I do and what I understand"


def about(others: Sequence[Command]) -> Command:
    """The help command for these others; it lists itself too."""
    lines = [*((command.name, command.description) for command in others), (NAME, DESCRIPTION)]

    async def answer(services: Services, _chat: ChatRef) -> list[str]:
        return usage(lines, {key: services.settings.scan_interval(key) for key in GAMES})

    return Command(NAME, DESCRIPTION, answer)
