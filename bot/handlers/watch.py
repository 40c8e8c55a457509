"""/watch and /alert: a title, what of it, and from which value on. One line does, and so do buttons."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot import typed_watch
from bot.asked import Asked
from bot.asking import ask, ask_again
from bot.command import Command, Feature, Route
from bot.finding import Aim, pick, unknown
from bot.keyboards import watches as keyboards
from bot.keyboards.common import menu_row
from bot.keyboards.market import WATCH
from bot.known import for_known
from bot.messages import watches as messages
from bot.reply import Question, Reply, Say
from bot.services import Services
from bot.speech import marked
from bot.typed_watch import BadConditionError
from domain.watches import Measure, Rule, TooManyWatchesError, Turn
from models.alerts import AlertState
from models.queries import firings, titles, watches
from models.queries.alerts import Reason
from models.queries.market import Quote
from models.queries.titles import Quoted
from telemetry.metrics import ALERTS

LARGEST = 2**31 - 1  # that a title's number can be; a link may bring any
ASK = marked(
    "What shall I watch? Send some words of the title, with a condition or without: <b>ak redline ft below 12.50</b>, "
    "<b>awp asiimov bid above 60</b>, <b>karambit doppler ±5%</b>."
)


@dataclass(frozen=True, slots=True)
class Target:
    """The title that a watch is for; `changed` is the watch that is to become another."""

    name: str
    item: Quoted
    changed: watches.Listed | None = None


async def answer(services: Services, asked: Asked) -> Reply:
    """A name, with a condition behind it or without."""
    try:
        name, rule = typed_watch.split(asked.words)
    except BadConditionError as error:
        text = messages.impossible(error.measure, error.turn, asked.speech)
        return ask(asked, text, Question(WATCH), keyboards.to_list(asked.speech))
    if rule is None:
        found = await pick(services, asked, name, Aim(WATCH, ASK))
        return found if isinstance(found, Reply) else await open_item(services, asked.with_args(str(found.item_id)))
    terms = (rule.measure.value, rule.turn.value, str(rule.mark))
    found = await pick(services, asked, name, Aim(keyboards.SET_ITEM, ASK, terms, WATCH))
    if isinstance(found, Reply):
        return found
    return await set_item(services, asked.with_args(str(found.item_id), *terms))


async def open_item(services: Services, asked: Asked) -> Reply:
    """What to watch of the title whose number is the argument; a link may name one that is not there."""
    if not asked.arg.isdecimal() or int(asked.arg) > LARGEST:
        return unknown(asked)
    return await _kinds(services, asked, keyboards.target_of(keyboards.OF_ITEM, int(asked.arg)))


async def edit(services: Services, asked: Asked) -> Reply:
    """What else to watch: the argument is the watch."""
    return await _kinds(services, asked, keyboards.target_of(keyboards.OF_WATCH, int(asked.arg)))


async def kind(services: Services, asked: Asked) -> Reply:
    """The target, the measure and the turn."""
    measure, turn = Measure(asked.args[1]), Turn(asked.args[2])
    target = await services.query(lambda session: _target(session, asked.chat_id, asked.arg))
    if target is None:
        return unknown(asked)
    text = messages.which_value(
        target.item.game, target.item.title, target.item.quote, measure, turn, speech=asked.speech
    )
    now = _value(target.item.quote, measure)
    return Reply((Say(text, keyboards.values(target.name, measure, turn, now, asked.speech)),))


async def type_it(_services: Services, asked: Asked) -> Reply:
    """The target, the measure and the turn."""
    measure, turn = Measure(asked.args[1]), Turn(asked.args[2])
    text = asked.speech.text("Send {example}", example=messages.example(measure, turn, asked.speech))
    return ask(asked, text, _question(asked), keyboards.to_kinds(asked.arg, asked.speech))


async def typed(services: Services, asked: Asked) -> Reply:
    """A value for the target, the measure and the turn."""
    measure, turn = Measure(asked.args[1]), Turn(asked.args[2])
    try:
        rule = typed_watch.rule(measure, turn, asked.words)
    except BadConditionError:
        text = asked.speech.text("Send {example}", example=messages.example(measure, turn, asked.speech))
        return ask_again(asked, text, _question(asked), keyboards.to_kinds(asked.arg, asked.speech))
    return await _set(services, asked, asked.arg, rule)


async def set_one(services: Services, asked: Asked) -> Reply:
    """The target and the three parts of a rule."""
    return await _set(services, asked, asked.arg, _rule(asked))


async def set_item(services: Services, asked: Asked) -> Reply:
    """The number of a title and the three parts of a rule."""
    return await _set(services, asked, keyboards.target_of(keyboards.OF_ITEM, int(asked.arg)), _rule(asked))


async def _kinds(services: Services, asked: Asked, name: str) -> Reply:
    target, speech = await services.query(lambda session: _target(session, asked.chat_id, name)), asked.speech
    if target is None:
        return unknown(asked)
    changed = target.changed
    text = messages.which_kind(
        target.item.game, target.item.title, target.item.quote, speech, changed.rule if changed else None
    )
    out = keyboards.to_watch(changed.id, speech) if changed else keyboards.to_item(target.item.item_id, speech)
    return Reply((Say(text, keyboards.kinds(name, speech, out)),))


async def _set(services: Services, asked: Asked, name: str, rule: Rule) -> Reply:
    """A watch that is changed takes back what its former rule has not told yet."""
    now, speech = services.now(), asked.speech

    def write(session: Session) -> tuple[Reply, int]:
        target, untold = _target(session, asked.chat_id, name), 0
        if target is None:
            return unknown(asked), untold
        if target.changed:
            watch_id, new = target.changed.id, True
            former = watches.change(session, asked.chat_id, watch_id, rule, now)
            untold = sum(firings.withdraw(session, asked.chat_id, one, now) for one in former)
        else:
            added = watches.add(session, asked.chat_id, target.item.item_id, rule, now)
            watch_id, new = added.id, added.new
        text = messages.made(target.item.title, rule, new, target.item.quote, speech)
        return Reply((Say(text, keyboards.made(watch_id, target.item.item_id, speech)),)), untold

    try:
        reply, untold = await services.query(write)
    except TooManyWatchesError:
        return Reply((Say(messages.full(speech), ((keyboards.to_list(speech),), menu_row(speech))),))
    ALERTS.labels(AlertState.SUPPRESSED, Reason.CANCELLED).inc(untold)
    return reply


def _target(session: Session, chat_id: int, name: str) -> Target | None:
    """What a button names; None for a title that is not there, and for a watch that this chat does not have."""
    number = int(name[1:])
    changed = watches.one(session, chat_id, number) if name[0] == keyboards.OF_WATCH else None
    if name[0] == keyboards.OF_WATCH and changed is None:
        return None
    item = titles.quoted(session, changed.item_id if changed else number)
    return Target(name, item, changed) if item else None


def _value(quote: Quote | None, measure: Measure) -> int | None:
    if quote is None:
        return None
    values = {Measure.ASK: quote.ask, Measure.BID: quote.bid}
    counts = {Measure.ASKS: quote.ask_count, Measure.BIDS: quote.bid_count}
    return values[measure] if measure.is_price else counts[measure]


def _rule(asked: Asked) -> Rule:
    measure, turn, mark = asked.args[1:]
    return Rule(Measure(measure), Turn(turn), int(mark))


def _question(asked: Asked) -> Question:
    return Question(keyboards.VALUE, asked.args[:3])


FEATURE = for_known(
    Feature(
        commands=(
            Command(WATCH, answer, action="search", manages=True, description=marked("tell me when a price changes")),
            Command("alert", answer, action="search", manages=True, description=marked("the same as /watch")),
        ),
        routes=(
            Route(WATCH, open_item),
            Route(keyboards.EDIT, edit),
            Route(keyboards.KIND, kind),
            Route(keyboards.TYPE, type_it, action="settings", manages=True),
            Route(keyboards.SET, set_one, action="settings", manages=True),
            Route(keyboards.SET_ITEM, set_item, action="settings", manages=True),
        ),
        questions=(
            Route(WATCH, answer, action="search", manages=True),
            Route(keyboards.VALUE, typed, action="settings", manages=True),
        ),
    )
)
