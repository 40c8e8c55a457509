"""A message to all: typed, seen as it will be, sent by a button that works once."""

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.asking import ask
from bot.command import Feature, Route
from bot.keyboards import admin as keyboards
from bot.keyboards.common import back
from bot.messages import broadcast as messages
from bot.reply import Question, Reply, Say
from bot.services import Services
from bot.typed_html import UnreadableError, cleaned
from models.broadcasts import BroadcastState
from models.queries import broadcasts
from models.queries.broadcasts import OTHERS, Progress
from models.queries.roles import Role


async def answer(services: Services, asked: Asked) -> Reply:
    latest = await services.query(broadcasts.latest)
    return Reply((Say(messages.home(asked.speech), keyboards.broadcasts(latest, asked.speech)),))


async def ask_text(_services: Services, asked: Asked) -> Reply:
    way = back(asked.speech, keyboards.BROADCASTS)
    return ask(asked, messages.ask_text(asked.speech), Question(keyboards.NEW_TEXT), way)


async def ask_wording(_services: Services, asked: Asked) -> Reply:
    """The broadcast and the language."""
    way = back(asked.speech, keyboards.SHOWN, asked.args[0])
    question = Question(keyboards.OTHER_TEXT, asked.args)
    return ask(asked, messages.ask_wording(asked.args[1], asked.speech), question, way)


async def typed_text(services: Services, asked: Asked) -> Reply:
    text, wrong = _read(asked)
    if wrong:
        return ask(asked, wrong, Question(keyboards.NEW_TEXT), back(asked.speech, keyboards.BROADCASTS))
    now = services.now()
    number = await services.query(lambda session: broadcasts.draft(session, asked.user_id, text, now))
    return await show(services, asked.with_args(str(number)))


async def typed_wording(services: Services, asked: Asked) -> Reply:
    number, language = asked.args
    text, wrong = _read(asked)
    if wrong:
        question = Question(keyboards.OTHER_TEXT, asked.args)
        return ask(asked, wrong, question, back(asked.speech, keyboards.SHOWN, number))
    now = services.now()
    await services.query(lambda session: broadcasts.word(session, int(number), asked.user_id, (language, text), now))
    return await show(services, asked.with_args(number))


def _read(asked: Asked) -> tuple[str, str]:
    """The text as Telegram takes it, and what is wrong with it, "" for nothing."""
    try:
        text = cleaned(asked.words)
    except UnreadableError as error:
        return "", messages.unreadable(error, asked.speech)
    return text, "" if messages.fits(text) else messages.too_long(text, asked.speech)


async def show(services: Services, asked: Asked) -> Reply:
    """A draft as everybody would read it, with what can be done below; of one that was sent, how far it is.

    What Telegram does not take never gets its button: the texts come first.
    """
    one = await services.query(lambda session: broadcasts.progress(session, int(asked.arg)))
    if one is None:
        return await answer(services, asked)
    if one.state is BroadcastState.DRAFT:
        return _draft(one, asked)
    return Reply((Say(messages.progress(one, asked.speech), keyboards.progress(one, asked.speech)),))


def _draft(one: Progress, asked: Asked) -> Reply:
    texts, speech = messages.texts(one), asked.speech
    preview = Say(messages.preview(one, speech), keyboards.preview(one, speech))

    def refused(place: int, why: str) -> Say:
        language = [*texts, OTHERS][place]
        return Say(messages.refused(language, why, speech), keyboards.refused(one.id, language, speech))

    return Reply((*map(Say, texts.values()), preview), anew=True, refused=refused)


async def confirm(services: Services, asked: Asked) -> Reply:
    """The broadcast and the version that was seen."""
    number, version, now = int(asked.args[0]), int(asked.args[1]), services.now()

    def write(session: Session) -> bool:
        return broadcasts.confirm(session, number, asked.user_id, version, now)

    begun = await services.query(write)
    shown = await show(services, asked)
    return shown if begun else Reply(shown.says, toast=messages.late(asked.speech), anew=shown.anew)


async def cancel(services: Services, asked: Asked) -> Reply:
    number, now = int(asked.arg), services.now()
    await services.query(lambda session: broadcasts.cancel(session, number, asked.user_id, now))
    return await show(services, asked)


FEATURE = Feature(
    routes=(
        Route(keyboards.BROADCASTS, answer, role=Role.ADMIN),
        Route(keyboards.NEW_TEXT, ask_text, role=Role.ADMIN),
        Route(keyboards.OTHER_TEXT, ask_wording, role=Role.ADMIN),
        Route(keyboards.SHOWN, show, role=Role.ADMIN),
        Route(keyboards.CONFIRM, confirm, role=Role.ADMIN),
        Route(keyboards.CANCEL, cancel, role=Role.ADMIN),
    ),
    questions=(
        Route(keyboards.NEW_TEXT, typed_text, role=Role.ADMIN),
        Route(keyboards.OTHER_TEXT, typed_wording, role=Role.ADMIN),
    ),
)
