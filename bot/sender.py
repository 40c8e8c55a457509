"""The calls that hand a message of the outbox to Telegram, and the registry of what puts each kind into words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.delivery import Send
from bot.keyboards.alert import alert_keyboard, gone_keyboard, moved_keyboard
from bot.markup import markup
from bot.messages.alert import alert as deal
from bot.messages.broadcast import notice
from bot.messages.digest import digest
from bot.messages.report import report
from bot.messages.silence import silence
from bot.messages.struck import struck
from bot.messages.summary import summary
from bot.messages.watch import watch
from bot.outcome import Kind as Became
from bot.outcome import Outcome, of_error
from bot.permits import Permit, Priority
from bot.reply import Keyboard, Say
from bot.seal import Seal
from bot.services import Services
from bot.speech import Speech, speech
from bot.strikes import Edit
from domain.kinds import DEALS, Kind
from models.queries.alerts import ClaimedAlert
from models.queries.strikes import Strike
from telemetry.traces import Kind as Span
from telemetry.traces import span

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
SAME = "message is not modified"  # Telegram's words for an edit that changes nothing

Renderer: TypeAlias = Callable[[Mapping[str, Any], Speech, datetime], Say]

# What puts the payload of each kind that is no deal into words. It raises ValueError (pydantic's too), KeyError or
# TypeError for one that it cannot read.
RENDERERS: Mapping[Kind, Renderer] = {
    Kind.SUMMARY: summary,
    Kind.WATCH: watch,
    Kind.DIGEST: digest,
    Kind.SILENCE: silence,
    Kind.NOTICE: notice,
    Kind.REPORT: report,
}


def rendered(alert: ClaimedAlert, now: datetime) -> Say:
    """The message in its chat's language; raises ValueError, KeyError or TypeError where it cannot be read."""
    speaking = speech(alert.language)
    if alert.kind in DEALS:
        if alert.proof is None:
            raise ValueError("a deal has lost its opportunity")
        text = deal(alert.proof, alert.id, speaking, now, alert.told)
        return Say(text, alert_keyboard(alert.proof, alert.id, speaking))
    return RENDERERS[alert.kind](alert.payload, speaking, now)


def sender(bot: ExtBot[Any], services: Services) -> Send:
    """Sends the message as it reads now; every answer of Telegram becomes an outcome."""
    seal = _seal(services)

    async def send(alert: ClaimedAlert, permit: Permit) -> Outcome:
        ids = {"alert": alert.id, "opportunity": alert.opportunity_id}
        with span("telegram send", Span.CLIENT, message=alert.kind, **ids) as note:
            outcome = await attempt(alert, permit)
            note(outcome=outcome.kind)
        return outcome

    async def attempt(alert: ClaimedAlert, permit: Permit) -> Outcome:
        try:
            say = rendered(alert, services.now())
        except (ValueError, KeyError, TypeError) as error:
            return Outcome(Became.UNREADABLE, text=type(error).__name__)
        terms = {
            "parse_mode": ParseMode.HTML,
            "message_thread_id": alert.thread_id,
            "disable_notification": alert.silent,
            "reply_markup": markup(say.keyboard, alert.chat_id, seal),
            "rate_limit_args": permit,
        }
        try:
            message = await _handed_over(bot, alert.chat_id, say, terms)
        except TelegramError as error:
            return of_error(error)
        return Outcome(Became.SENT, number=message.message_id)

    return send


async def _handed_over(bot: ExtBot[Any], chat_id: int, say: Say, terms: dict[str, Any]) -> Any:
    if say.picture:
        return await bot.send_photo(chat_id, say.picture, caption=say.text, **terms)
    return await bot.send_message(chat_id, say.text, link_preview_options=NO_PREVIEW, **terms)


def editor(bot: ExtBot[Any], services: Services) -> Edit:
    """Puts what holds now in the place of an alert; every answer of Telegram becomes an outcome."""
    seal = _seal(services)

    async def edit(strike: Strike, priority: Priority) -> Outcome:
        speaking = speech(strike.language)
        try:
            await bot.edit_message_text(
                struck(strike, speaking),
                chat_id=strike.chat_id,
                message_id=strike.message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=markup(_buttons(strike, speaking), strike.chat_id, seal),
                rate_limit_args=priority,
            )
        except TelegramError as error:
            done = SAME in error.message.lower()
            return Outcome(Became.SENT, number=strike.message_id) if done else of_error(error)
        return Outcome(Became.SENT, number=strike.message_id)

    return edit


def _buttons(strike: Strike, speaking: Speech) -> Keyboard:
    if strike.gone_at:
        return gone_keyboard(strike.id, speaking, strike.said)
    return moved_keyboard(strike.proof, strike.id, speaking, strike.said)


def _seal(services: Services) -> Seal:
    return Seal(services.settings.telegram_bot_token.get_secret_value())
