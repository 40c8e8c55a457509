"""What a typed name may mean, in words."""

from collections.abc import Sequence
from html import escape

from bot.messages.wording import game_label
from bot.speech import Speech
from models.queries.search import Found

QUOTED = 60  # characters of a typed name that are repeated


def which(found: Sequence[Found], words: str, speech: Speech) -> str:
    """The titles, numbered as the buttons are."""
    head = speech.text("Which one is “{words}”?", words=quoted(words))
    lines = (f"{number}. {escape(one.title)} · {game_label(one.game)}" for number, one in enumerate(found, 1))
    return "\n".join([head, *lines])


def nothing(words: str, speech: Speech) -> str:
    return speech.text(
        "I know no item called “{words}”. Send some words of its title, such as <b>ak redline ft</b>.",
        words=quoted(words),
    )


def quoted(words: str) -> str:
    """What was typed, escaped, without its end where it is long."""
    return escape(words if len(words) <= QUOTED else f"{words[: QUOTED - 1]}…")
