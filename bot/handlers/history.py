"""/history: the course of a title's price as a picture, a day, a week or a month of it."""

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.finding import Aim, pick, unknown
from bot.keyboards.market import HISTORY, SPANS, WEEK, spans
from bot.messages import history as messages
from bot.pictures.errors import NothingToDrawError
from bot.pictures.labels import labels
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from models.queries import charts

AIM = Aim(HISTORY, marked("Which item's history? Send some words of the title, such as <b>ak redline ft</b>."), (WEEK,))


async def answer(services: Services, asked: Asked) -> Reply:
    found = await pick(services, asked, asked.words, AIM)
    return found if isinstance(found, Reply) else await show(services, asked.with_args(str(found.item_id), WEEK))


async def show(services: Services, asked: Asked) -> Reply:
    """The title's number and the key of the time span."""
    item_id, span = int(asked.args[0]), asked.args[1]
    now, speech = services.now(), asked.speech
    course = await services.query(lambda session: charts.course(session, item_id, SPANS[span], now))
    if course is None:
        return unknown(asked)
    keyboard = spans(item_id, span, speech)
    try:
        picture = await services.painter.chart(course, labels(course, speech, asked.profile.zone))
    except NothingToDrawError:
        return Reply((Say(messages.nothing(course, speech), keyboard),))
    return Reply((Say(messages.caption(course, speech), keyboard, picture=picture),))


FEATURE = Feature(
    commands=(Command(HISTORY, answer, action="picture", description=marked("a chart of an item's price")),),
    routes=(Route(HISTORY, show, action="picture"),),
    questions=(Route(HISTORY, answer, action="picture"),),
)
