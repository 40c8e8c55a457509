"""Questions that wait for a typed answer, and what is said to an answer that cannot be read."""

from html import escape

from bot.asked import Asked
from bot.keyboards.common import MENU, to_menu
from bot.reply import Button, Question, Reply, Say

QUOTED = 40  # characters of an answer that are repeated


def ask(asked: Asked, text: str, question: Question, back: Button) -> Reply:
    """Ask, with the ways out below."""
    out = asked.speech.text("/cancel ends this question.")
    ways = (back,) if back.route == MENU else (back, to_menu(asked.speech))
    return Reply((Say(f"{text}\n\n{out}", (ways,)),), asks=question)


def ask_again(asked: Asked, example: str, question: Question, back: Button) -> Reply:
    """Say that the answer could not be read; `example` is a sentence that shows what could."""
    typed = asked.words.strip()
    quoted = escape(typed if len(typed) <= QUOTED else f"{typed[: QUOTED - 1]}…")
    return ask(
        asked, f"{asked.speech.text('I do not understand “{answer}”.', answer=quoted)} {example}", question, back
    )
