"""What the operators say to everybody, and what admins read about it."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from bot.messages.wording import TEXT_LIMIT, units
from bot.reply import Say
from bot.speech import LANGUAGES, Speech
from bot.typed_html import LINK, PLAIN, UnreadableError
from models.broadcasts import BroadcastState
from models.payloads import NoticeNews
from models.queries.broadcasts import OTHERS, Progress

LONGEST = 3_900  # units of a text, so that what is said around a remark has room
MOST_WORDS = 300  # characters of Telegram's own words


def notice(payload: Mapping[str, Any], speech: Speech, _now: datetime) -> Say:
    """An admin's words as they are; a remark with who made it."""
    news = NoticeNews.model_validate(payload)
    if news.user_id is None:
        return Say(news.text)
    head = speech.text(
        "💬 <b>Feedback</b> from <code>{user}</code> in chat <code>{chat}</code>", user=news.user_id, chat=news.chat_id
    )
    return Say(f"{head}\n\n{escape(shortened(news.text))}")


def shortened(text: str) -> str:
    """At most LONGEST units, whatever characters they are."""
    return text if units(escape(text)) <= LONGEST else f"{text[: LONGEST // 2 - 1]}…"


def home(speech: Speech) -> str:
    return speech.text("<b>Broadcast</b>\nA message to every subscribed chat, behind all alerts in the queue.")


def ask_text(speech: Speech) -> str:
    return speech.text(
        "Send the text, plain or with Telegram's HTML such as &lt;b&gt;bold&lt;/b&gt;. You see it before anybody else."
    )


def ask_wording(language: str, speech: Speech) -> str:
    return speech.text("Send the text for chats in {language}.", language=LANGUAGES.get(language, language))


def unreadable(error: UnreadableError, speech: Speech) -> str:
    tag = escape(f"<{error.tag}>")
    if error.unclosed:
        return speech.text("The tag {tag} is opened but not closed.", tag=tag)
    return speech.text("Telegram does not take {tag} here. Anything that is not a tag is written as it is.", tag=tag)


def too_long(text: str, speech: Speech) -> str:
    return speech.text(
        "The text has {length} characters, at most {most} are allowed.",
        length=speech.number(units(text)),
        most=speech.number(LONGEST),
    )


def fits(text: str) -> bool:
    return 0 < units(text) <= LONGEST < TEXT_LIMIT


def preview(one: Progress, speech: Speech) -> str:
    """Stands below the text itself."""
    own = [LANGUAGES[key] for key in LANGUAGES if key in one.texts]
    told = speech.plural(
        "☝️ This goes to {n} chat. The button works once, for 10 minutes.",
        "☝️ This goes to {n} chats. The button works once, for 10 minutes.",
        one.recipients,
    )
    words = [speech.text("With a text of their own: {languages}.", languages=", ".join(own))] if own else []
    return "\n".join([told, *words])


def texts(one: Progress) -> dict[str, str]:
    """By language, the text for all others first."""
    return {key: one.texts[key] for key in (OTHERS, *LANGUAGES) if key in one.texts}


def refused(language: str, why: str, speech: Speech) -> str:
    """Telegram does not take the text for a language, OTHERS for all others; `why` in its own words."""
    told = escape(why[:MOST_WORDS])
    text = (
        speech.text(
            "Telegram refuses the text for chats in {language}: “{why}”.", language=LANGUAGES[language], why=told
        )
        if language in LANGUAGES
        else speech.text("Telegram refuses this text: “{why}”.", why=told)
    )
    tags = ", ".join(escape(f"<{tag}>") for tag in (*sorted(PLAIN), LINK))
    right = speech.text(
        "Nothing was queued. It takes a text with visible words in which only {tags} are tags.", tags=tags
    )
    return f"{text}\n{right}"


def late(speech: Speech) -> str:
    return speech.text("Nothing was sent: the text has changed, 10 minutes have passed, or it was sent already.")


def progress(one: Progress, speech: Speech) -> str:
    state = {
        BroadcastState.DRAFT: speech.text("not confirmed"),
        BroadcastState.SENDING: speech.text("all written") if one.finished else speech.text("being written"),
        BroadcastState.CANCELLED: speech.text("taken back"),
    }[one.state]
    return "\n".join(
        [
            speech.text("<b>Broadcast {number}</b>: {state}", number=one.id, state=state),
            speech.text(
                "{written} written, {sent} sent, {waiting} waiting, {rest} not sent",
                written=speech.number(one.written),
                sent=speech.number(one.sent),
                waiting=speech.number(one.waiting),
                rest=speech.number(one.not_sent),
            ),
        ]
    )
