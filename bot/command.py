"""What a command is: a name, a line for Telegram's menu, and the texts it answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.messages.status import Games
from bot.services import Services
from config.settings import Settings
from domain.games import GAMES
from models.queries import overview


@dataclass(frozen=True, slots=True)
class ChatRef:
    """The chat that asks; `kind` in Telegram's words: private, group, supergroup."""

    id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    description: str
    answer: Callable[[Services, ChatRef], Awaitable[list[str]]]


def games(session: Session, settings: Settings) -> Games:
    """Every game with how it stands and how often it is scanned."""
    return {key: (overview.game(session, key), settings.scan_interval(key)) for key in GAMES}
