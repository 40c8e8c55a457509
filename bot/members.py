"""Who may speak for a group: its administrators, as Telegram says."""

from collections.abc import Callable
from time import monotonic

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from bot.permits import Seconds

REMEMBERED: Seconds = 60.0
MOST = 10_000  # memberships remembered
_RUNNING = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Members:
    """Asks Telegram, and remembers its answer for a minute."""

    def __init__(self, bot: Bot, clock: Callable[[], Seconds] = monotonic) -> None:
        self._bot = bot
        self._clock = clock
        self._known: dict[tuple[int, int], tuple[bool, Seconds]] = {}

    async def manages(self, chat_id: int, user_id: int) -> bool:
        """Whether this member is an administrator of the group; somebody Telegram does not know there is none.

        Raises other errors of Telegram: then nobody knows.
        """
        now = self._clock()
        known = self._known.get((chat_id, user_id))
        if known and known[1] > now:
            return known[0]
        try:
            member = await self._bot.get_chat_member(chat_id, user_id)
        except (BadRequest, Forbidden):
            return False
        if len(self._known) >= MOST:
            self._known.clear()
        manages = member.status in _RUNNING
        self._known[chat_id, user_id] = manages, now + REMEMBERED
        return manages
