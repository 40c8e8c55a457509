"""The one call that hands an alert to Telegram."""

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.delivery import Send
from bot.messages.alert import alert as text_of
from bot.outcome import Kind, Outcome, of_error
from bot.services import Services
from models.queries.alerts import ClaimedAlert

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def sender(bot: Bot, services: Services) -> Send:
    """Sends the alert as it reads now; every answer of Telegram becomes an outcome."""

    async def send(alert: ClaimedAlert) -> Outcome:
        text = text_of(alert.proof, alert.id, services.now())
        try:
            message = await bot.send_message(
                alert.chat_id, text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
            )
        except TelegramError as error:
            return of_error(error)
        return Outcome(Kind.SENT, number=message.message_id)

    return send
