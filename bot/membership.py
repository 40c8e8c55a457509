"""The bot is added to a group, put out of it, blocked by a person or let in again."""

from telegram import ChatMemberUpdated, Update, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden

from bot.answering import Answering
from bot.asked import Asked
from bot.reply import Reply, Say
from bot.services import DATABASE_AWAY, Services, reason
from bot.speech import guessed
from models.alerts import AlertState
from models.queries import chats, roles
from models.queries.alerts import Reason
from models.queries.profiles import Profile
from telemetry.logs import logger
from telemetry.metrics import ALERTS

log = logger(__name__)

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)  # a channel cannot ask for anything
AWAY = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


async def changed(services: Services, answering: Answering, update: Update) -> None:
    """Forget who cannot be reached any more; say hello in a group that is new.

    Who lets the bot in again is told of nothing before the next /start: a person did not ask for it with this.
    """
    change = update.my_chat_member
    if change is None:
        return
    was_away, is_away = (member.status in AWAY for member in (change.old_chat_member, change.new_chat_member))
    if is_away:
        await _forget(services, change.chat.id, change.new_chat_member.status)
    elif was_away and change.chat.type in GROUPS and not await _banned(services, change.from_user):
        await _greet(answering, change, change.from_user)


async def _banned(services: Services, user: User) -> bool:
    owners = services.settings.admin_users
    try:
        standing = await services.query(lambda session: roles.standing(session, user.id, owners))
    except DATABASE_AWAY as error:
        log.warning("a group is not greeted", reason=reason(error))
        return True
    return standing.banned


async def _forget(services: Services, chat_id: int, status: str) -> None:
    now = services.now()
    why = "the bot is no member any more" if status == ChatMemberStatus.LEFT else "the bot was put out"
    try:
        ended = await services.query(lambda session: chats.mark_blocked(session, chat_id, why, now))
    except DATABASE_AWAY as error:
        # The next alert that Telegram refuses says the same.
        log.warning("a chat that is gone could not be noted", reason=reason(error))
        return
    ALERTS.labels(AlertState.FAILED, Reason.BLOCKED).inc(ended)


async def _greet(answering: Answering, change: ChatMemberUpdated, user: User) -> None:
    profile = Profile(change.chat.id, language=guessed(user.language_code))
    asked = Asked(change.chat.id, change.chat.type, user.id, profile)
    text = asked.speech.text(
        "Hello! I tell you about skins on DMarket that can be bought and sold again at a profit. An administrator of "
        "this group subscribes it with /start, in a forum in the topic where alerts should come."
    )
    try:
        await answering.give(asked, Reply((Say(text),)))
    except (BadRequest, Forbidden) as error:
        log.info("a group cannot be greeted", reason=error.message)
