"""A chat's watches in words: what can be watched, what is, and what a value may be."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

from bot.messages.price import quoted
from bot.messages.watch import amount, condition, factor
from bot.messages.wording import game_label
from bot.speech import Speech, marked
from domain.watches import (
    LEAST_FACTOR_BPS,
    LEAST_MOVE_BPS,
    MOST_CENTS,
    MOST_FACTOR_BPS,
    MOST_MOVE_BPS,
    MOST_PIECES,
    MOST_WATCHES,
    Measure,
    Rule,
    Turn,
    turns,
)
from models.queries.market import Quote
from models.queries.watches import Listed

KINDS = (
    (Measure.ASK, Turn.BELOW, marked("⬇️ Offer at or below")),
    (Measure.ASK, Turn.ABOVE, marked("⬆️ Offer at or above")),
    (Measure.ASK, Turn.MOVED, marked("↕️ Offer moves by ±%")),
    (Measure.BID, Turn.ABOVE, marked("💵 Bid at or above")),
    (Measure.ASKS, Turn.TIMES, marked("📦 Number of offers")),
    (Measure.BIDS, Turn.TIMES, marked("🛒 Number of bids")),
)
RULES: Mapping[Measure, str] = {
    Measure.ASK: marked("cheapest offer {condition}"),
    Measure.BID: marked("highest bid {condition}"),
    Measure.ASKS: marked("pieces on offer {condition}"),
    Measure.BIDS: marked("bids {condition}"),
}


def rule_text(rule: Rule, speech: Speech) -> str:
    """`cheapest offer at or below $12.50`."""
    return speech.text(RULES[rule.measure], condition=condition(rule.measure, rule.turn, rule.mark, speech))


def which_kind(game: str, title: str, quote: Quote | None, speech: Speech, changed: Rule | None = None) -> str:
    """What shall be watched of a title; `changed` is the watch that is to be another."""
    lines = [f"👁 <b>{escape(title)}</b> · {game_label(game)}", _now(quote, speech)]
    if changed:
        lines.append(speech.text("Your watch: {condition}", condition=rule_text(changed, speech)))
    return "\n".join([*lines, "", speech.text("What shall I watch?")])


def which_value(game: str, title: str, quote: Quote | None, measure: Measure, turn: Turn, *, speech: Speech) -> str:
    label = next(label for one, way, label in KINDS if (one, way) == (measure, turn))
    head = f"👁 <b>{escape(title)}</b> · {game_label(game)}"
    return "\n".join([head, _now(quote, speech), "", f"<b>{speech.text(label)}</b>: {example(measure, turn, speech)}"])


def example(measure: Measure, turn: Turn, speech: Speech) -> str:
    """What a value of this kind may be."""
    if turn not in turns(measure):
        return speech.text("Prices move by a percentage, such as ±5%; numbers of pieces by a factor, such as x2.")
    if turn is Turn.MOVED:
        least, most = speech.percent(LEAST_MOVE_BPS), speech.percent(MOST_MOVE_BPS)
        return speech.text("a percentage from {least} to {most}, such as <b>5%</b>.", least=least, most=most)
    if turn is Turn.TIMES:
        least, most = factor(LEAST_FACTOR_BPS, speech), factor(MOST_FACTOR_BPS, speech)
        return speech.text("a factor from {least} to {most}, such as <b>2</b>.", least=least, most=most)
    if measure.is_price:
        return speech.text(
            "a price from {least} to {most}, such as <b>12.50</b>.", least=speech.usd(1), most=speech.usd(MOST_CENTS)
        )
    return speech.text("a number from 1 to {most}.", most=speech.number(MOST_PIECES))


def impossible(measure: Measure, turn: Turn, speech: Speech) -> str:
    return speech.text("That cannot be watched. What can be: {example}", example=example(measure, turn, speech))


def made(title: str, rule: Rule, new: bool, quote: Quote | None, speech: Speech) -> str:
    """A watch that stands; `new` is False where the chat had the same already."""
    named = {"title": escape(title), "condition": rule_text(rule, speech)}
    said = (
        speech.text("✅ Watching <b>{title}</b>: {condition}.", **named)
        if new
        else speech.text("You watch <b>{title}</b> already: {condition}.", **named)
    )
    return f"{said}\n{_now(quote, speech)}"


def full(speech: Speech) -> str:
    return speech.text(
        "You have {most} watches already, which is the most there can be. Remove one first: /alerts", most=MOST_WATCHES
    )


def listed(shown: Sequence[Listed], first: int, every: int, zone: str, *, speech: Speech, now: datetime) -> str:
    """One page of the chat's `every` watches, numbered from `first`."""
    if not every:
        return speech.text(
            "👁 You watch nothing yet. <code>/watch ak redline ft below 12.50</code> begins, and so does the button "
            "below any price."
        )
    head = speech.plural(
        "👁 <b>{n} watch</b>. A number below opens it.", "👁 <b>{n} watches</b>. A number below opens one.", every
    )
    lines = (line for number, one in enumerate(shown, first) for line in _entry(number, one, zone, speech, now))
    return "\n".join([head, "", *lines])


def one(watch: Listed, quote: Quote | None, zone: str, speech: Speech, now: datetime) -> str:
    """All about one watch."""
    lines = [f"👁 <b>{escape(watch.title)}</b> · {game_label(watch.game)}"]
    lines.append(speech.text("Your watch: {condition}", condition=rule_text(watch.rule, speech)))
    lines += _state(watch, zone, speech, now)
    return "\n".join([*lines, "", _now(quote, speech)])


def removed(title: str, rule: Rule, speech: Speech) -> str:
    return speech.text(
        "🗑 Removed: <b>{title}</b>, {condition}.", title=escape(title), condition=rule_text(rule, speech)
    )


def no_such_number(every: int, speech: Speech) -> str:
    if not every:
        return speech.text("There is no watch to remove.")
    return speech.text(
        "Which one? Send <code>/removealert 1</code> with its number in /alerts, 1 to {most}.", most=every
    )


def _entry(number: int, watch: Listed, zone: str, speech: Speech, now: datetime) -> Iterator[str]:
    yield f"{number}. {escape(watch.title)} · {game_label(watch.game)}"
    states = list(_state(watch, zone, speech, now))
    yield " · ".join([rule_text(watch.rule, speech), *states])


def _state(watch: Listed, zone: str, speech: Speech, now: datetime) -> Iterator[str]:
    if watch.snoozed_until and watch.snoozed_until > now:
        yield speech.text("💤 until {moment}", moment=speech.moment(watch.snoozed_until, zone))
    if watch.base is not None and watch.rule.turn in {Turn.MOVED, Turn.TIMES}:
        yield speech.text("compared with {value}", value=amount(watch.base, watch.rule.measure, speech))
    if watch.fired_at:
        told = speech.moment(watch.fired_at, zone)
        yield speech.plural("told {n} time, last {moment}", "told {n} times, last {moment}", watch.fired, moment=told)
    if not watch.armed:
        yield speech.text("waits until the price has left the mark")


def _now(quote: Quote | None, speech: Speech) -> str:
    return quoted(quote, speech) if quote else speech.text("Its price has not been read yet")
