"""Titles by what people type: the one that is meant, or a choice of those that may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.asked import Asked
from bot.asking import ask
from bot.keyboards.common import menu_row, to_menu
from bot.keyboards.market import suggestions
from bot.messages import finding as messages
from bot.reply import Question, Reply, Say
from bot.services import Services
from domain.money import BasisPoints
from models.queries import search
from models.queries.search import Found

MOST = 8  # titles to choose from
CERTAIN: BasisPoints = 9_000  # how well a title must fit to be shown without asking,
APART: BasisPoints = 1_500  # and by how much better than the next one


@dataclass(frozen=True, slots=True)
class Aim:
    """What a title is looked for: the `route` that takes its number before `args`. What is typed after `sentence`,
    which asks for a name, goes to the `question`, "" for the one of the route's name.
    """

    route: str
    sentence: str
    args: tuple[str, ...] = ()
    question: str = ""


async def pick(services: Services, asked: Asked, words: str, aim: Aim) -> Found | Reply:
    """The title that `words` clearly mean, else what to say: a question, or buttons to choose from."""
    words = words.strip()
    if not words:
        return _ask(asked, asked.speech.text(aim.sentence), aim)
    found = await services.query(lambda session: search.find(session, words, limit=MOST))
    if not found:
        return _ask(asked, messages.nothing(words, asked.speech), aim)
    meant = clear(found, words)
    if meant:
        return meant
    keyboard = suggestions(found, aim.route, aim.args, asked.speech)
    return Reply((Say(messages.which(found, words, asked.speech), keyboard),))


def clear(found: Sequence[Found], words: str) -> Found | None:
    """The only one of that very title, or one that fits well and far better than all others."""
    same = [one for one in found if one.title.casefold() == words.casefold()]
    if same:
        return same[0] if len(same) == 1 else None
    best, rest = found[0], found[1:]
    if best.score >= CERTAIN and all(best.score - one.score >= APART for one in rest):
        return best
    return None


def unknown(asked: Asked) -> Reply:
    """What is said of a number that no title has."""
    return Reply((Say(asked.speech.text("I do not know this item any more."), (menu_row(asked.speech),)),))


def _ask(asked: Asked, text: str, aim: Aim) -> Reply:
    return ask(asked, text, Question(aim.question or aim.route), to_menu(asked.speech))
