"""The command menus of people with a role: made anew where a role changed, by any bot."""

import asyncio
from collections.abc import Mapping

from sqlalchemy.orm import Session
from telegram import Bot, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.app import menu
from bot.services import DATABASE_AWAY, Services, reason
from bot.speech import ENGLISH, LANGUAGES
from models.queries import panel, roles
from models.queries.roles import Role
from telemetry.logs import logger

log = logger(__name__)

LOOK_SECONDS = 3.0  # between two looks at the roles


class Menus:
    """`run` goes on until cancelled. Several bots each set the same, which changes nothing."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._shown: dict[int, Role] = {}
        self._begun = False

    async def run(self) -> None:
        while True:
            try:
                await self.renew()
            except DATABASE_AWAY as error:
                log.warning("the roles cannot be read", reason=reason(error))
            except TelegramError as error:
                log.warning("a command menu could not be set", reason=error.message)
            await asyncio.sleep(LOOK_SECONDS)  # between two looks

    async def renew(self) -> None:
        """Set the menus that are not as the roles are now; of people who have a chat with the bot.

        The first time this also resets those of people who lost their role while no bot looked.
        """
        owners = self._services.settings.admin_users
        holders, former = await self._services.query(lambda session: self._read(session, owners))
        self._begun = True
        self._shown |= dict.fromkeys(former, Role.VIEWER)  # whichever it was
        for user_id in changed(self._shown, holders):
            await self._set(user_id, holders.get(user_id))

    def _read(self, session: Session, owners: frozenset[int]) -> tuple[dict[int, Role], frozenset[int]]:
        holders = roles.reachable(session, owners)
        return holders, frozenset() if self._begun else panel.former(session, holders)

    async def _set(self, user_id: int, role: Role | None) -> None:
        """A person who cannot be reached is tried again when something changes."""
        scope = BotCommandScopeChat(user_id)
        try:
            for language in ("", *LANGUAGES):
                if role is None:
                    await self._bot.delete_my_commands(scope, language)
                else:
                    await self._bot.set_my_commands(menu(language or ENGLISH, role), scope, language)
        except (BadRequest, Forbidden) as error:
            log.info("a command menu cannot be set", reason=error.message)
        if role is None:
            self._shown.pop(user_id, None)
        else:
            self._shown[user_id] = role


def changed(shown: Mapping[int, Role], holders: Mapping[int, Role]) -> list[int]:
    """Who needs another menu than the one that is shown."""
    return sorted(one for one in {*shown, *holders} if shown.get(one) != holders.get(one))
