"""What the bot can be asked: commands, routes behind buttons, questions that wait for a typed answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.messages.status import Games
from bot.reply import Reply
from bot.services import Services
from config.settings import Settings
from domain.games import GAMES
from models.queries import overview
from models.queries.roles import Role

Screen: TypeAlias = Callable[[Services, Asked], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Route:
    """What a button or a question's answer leads to.

    `action` names the rate limit that counts it. `manages` refuses group members who are not administrators, `role`
    those without that role.
    """

    name: str
    screen: Screen
    action: str = "default"
    manages: bool = False
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Command(Route):
    """`description` is an English sentence of the catalogues for Telegram's menu, "" keeps it out of the menu.

    `private` says that it is answered in private chats only.
    """

    description: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Feature:
    """What one file in bot/handlers/ brings: all names are unique over all features."""

    commands: tuple[Command, ...] = ()
    routes: tuple[Route, ...] = ()
    questions: tuple[Route, ...] = ()


def games(session: Session, settings: Settings) -> Games:
    """Every game with how it stands and how often it is scanned."""
    return {key: (overview.game(session, key), settings.scan_interval(key)) for key in GAMES}
