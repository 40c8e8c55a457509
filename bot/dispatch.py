"""From an update to the screen that answers it: who asks, whether they may, what they get."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session
from telegram import CallbackQuery, Chat, Message, Update, User
from telegram.error import BadRequest

from bot.answering import Answering
from bot.asked import Asked
from bot.command import Command, Route
from bot.commands import HELP, QUESTIONS, ROUTES
from bot.members import Members
from bot.reply import Reply, Say
from bot.services import DATABASE_AWAY, Services, reason
from bot.speech import guessed, marked, speech
from models.queries import profiles, questions, roles
from models.queries.questions import Waiting
from models.queries.roles import may
from telemetry.logs import logger

log = logger(__name__)

AWAY = marked("My database does not answer at the moment. Please try again in a minute.")
STALE = marked("This button is out of date.")
SECOND = timedelta(seconds=1)  # what is left of one counts as a whole one
LONGEST_TOAST = 200  # characters (core.telegram.org/bots/api#answercallbackquery)


class Refused(Exception):  # noqa: N818  # no fault of anybody: an answer
    """Something that this person may not do, or not now; the text says which, none where it was said already."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who asked, and the question of theirs that was open. `anonymous` administrators hide behind their group."""

    asked: Asked
    waiting: Waiting | None
    anonymous: bool


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Answers commands, presses and typed texts. A banned person gets nothing."""

    services: Services
    answering: Answering
    members: Members

    async def command(self, update: Update, command: Command, words: str) -> None:
        """A command, with what follows its name. It ends a question that waited for an answer."""
        await self._answer(update, lambda seen: self._command(seen, command, readable(words)))

    async def text(self, update: Update) -> None:
        """Something typed: the answer to an open question; in a private chat anything else brings the help."""
        await self._answer(update, self._typed)

    async def press(self, update: Update) -> None:
        """A button. One that was made for another chat, or before its route changed, is out of date.

        It ends a question that waited for an answer: what is typed after it was not meant for that any more.
        """
        query = update.callback_query
        message = query.message if query else None
        if query is None:
            return None
        if not isinstance(message, Message):  # too old: Telegram does not say any more what it was
            return await _toast(query, _spoken(query.from_user, STALE))
        try:
            # the pressed message is ours, so its sender says nothing about who pressed
            seen = await self._seen(message.chat, query.from_user, message, anonymous=False)
            reply = await self._pressed(seen, query.data or "") if seen else Reply()
            await self._keep(seen, reply)
        except Refused as refused:
            return await _toast(query, str(refused))
        except DATABASE_AWAY as error:
            log.warning("a press could not be answered", reason=reason(error))
            return await _toast(query, _spoken(query.from_user, AWAY))
        await _toast(query, reply.toast)
        if seen:
            await self.answering.give(seen.asked, reply, message)
        return None

    async def _answer(self, update: Update, choose: Callable[[Seen], Awaitable[Reply]]) -> None:
        message, user = update.message, update.effective_user
        if message is None or user is None:
            return
        asked = _bare(message.chat, user, message)
        try:
            hidden = message.sender_chat is not None and message.sender_chat.id == message.chat.id
            seen = await self._seen(message.chat, user, message, anonymous=hidden)
            if seen is None:
                return
            asked = seen.asked
            reply = await choose(seen)
            await self._keep(seen, reply)
        except Refused as refused:
            reply = Reply((Say(str(refused)),) if str(refused) else ())
        except DATABASE_AWAY as error:
            log.warning("a message could not be answered", reason=reason(error))
            reply = Reply((Say(_spoken(user, AWAY)),))
        await self.answering.give(asked, reply)

    async def _command(self, seen: Seen, command: Command, words: str) -> Reply:
        if not may(seen.asked.role, command.role):
            return await self._typed(seen)  # as if there were no such command
        if command.private and not seen.asked.private:
            text = seen.asked.speech.text("/{name} is answered in a private chat only.", name=command.name)
            raise Refused(text)
        asked = replace(seen.asked, words=words, interrupts=seen.waiting is not None)
        return await self._run(command, replace(seen, asked=asked))

    async def _typed(self, seen: Seen) -> Reply:
        route = QUESTIONS.get(seen.waiting.kind) if seen.waiting else None
        if seen.waiting and route:
            return await self._run(route, replace(seen, asked=replace(seen.asked, args=seen.waiting.args)))
        return await self._run(HELP, seen) if seen.asked.private else Reply()

    async def _pressed(self, seen: Seen, data: str) -> Reply:
        press = self.answering.seal.unpack(seen.asked.chat_id, data)
        route = ROUTES.get(press.route) if press else None
        if press is None or route is None:
            reply = await self._run(HELP, seen)
            return replace(reply, toast=seen.asked.speech.text(STALE), anew=True)
        return await self._run(route, replace(seen, asked=replace(seen.asked, args=press.args)))

    async def _run(self, route: Route, seen: Seen) -> Reply:
        """The one place that lets somebody do something."""
        asked = seen.asked
        if not may(asked.role, route.role):
            return await self._run(HELP, seen)
        if not asked.manages and route.manages:
            if not (seen.anonymous or await self.members.manages(asked.chat_id, asked.user_id)):
                raise Refused(asked.speech.text("Only administrators of this group can do that."))
            asked = replace(asked, manages=True)
        wait = await self.services.limits.allow(asked.user_id, route.action, self.services.now())
        if wait:
            text = asked.speech.text("Too fast: try again in {wait}.", wait=asked.speech.age(wait.wait + SECOND))
            raise Refused(text if wait.tell else "")
        return await route.screen(self.services, replace(asked, bot=self.answering.bot.username))

    async def _seen(self, chat: Chat, user: User, message: Message, *, anonymous: bool) -> Seen | None:
        """None for somebody who is banned. An open question ends with this."""
        now = self.services.now()
        bare = _bare(chat, user, message)
        owners = self.services.settings.admin_users

        def read(session: Session) -> Seen | None:
            standing = roles.standing(session, user.id, owners)
            if standing.banned:
                return None
            waiting = questions.take(session, chat.id, user.id, now)
            profile = profiles.read(session, chat.id, bare.profile.language)
            return Seen(replace(bare, profile=profile, role=standing.role), waiting, anonymous)

        return await self.services.query(read)

    async def _keep(self, seen: Seen | None, reply: Reply) -> None:
        """Remember the question that the reply asks."""
        if seen is None or reply.asks is None:
            return
        asked, asks, now = seen.asked, reply.asks, self.services.now()
        await self.services.query(
            lambda session: questions.ask(session, asked.chat_id, asked.user_id, Waiting(asks.kind, asks.args), now)
        )


def readable(text: str) -> str:
    """What can be stored and sent again: without NUL and halves of characters, which no client of Telegram writes."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _bare(chat: Chat, user: User, message: Message) -> Asked:
    """What the update alone says about who asks."""
    profile = profiles.Profile(chat.id, language=guessed(user.language_code))
    thread_id = message.message_thread_id if message.is_topic_message else None
    asked = Asked(chat.id, chat.type, user.id, profile, thread_id=thread_id, words=readable(message.text or ""))
    return replace(asked, manages=asked.private)


def _spoken(user: User, sentence: str) -> str:
    return speech(guessed(user.language_code)).text(sentence)


async def _toast(query: CallbackQuery, text: str) -> None:
    """Every press is answered, or the button would go on turning; one that is too old cannot be."""
    with suppress(BadRequest):
        await query.answer(text[:LONGEST_TOAST] or None)
