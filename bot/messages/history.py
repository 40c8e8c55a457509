"""What stands below a chart: its numbers."""

from collections.abc import Iterator, Sequence
from html import escape

from bot.messages.wording import game_label
from bot.speech import Speech, marked
from domain.money import Cents
from models.queries.charts import Course


def caption(course: Course, speech: Speech) -> str:
    """Prices and sales of the time drawn, as HTML; ages are those at its end."""
    return "\n".join([_head(course), *_lines(course, speech)])


def nothing(course: Course, speech: Speech) -> str:
    """In the place of a chart that would be empty."""
    said = (
        speech.text("Its price has not been read yet, so there is nothing to draw.")
        if course.seen_at is None
        else speech.text("Nothing is known for that time: neither a price nor a sale.")
    )
    return f"{_head(course)}\n{said}"


def _head(course: Course) -> str:
    return f"<b>{escape(course.title)}</b> · {game_label(course.game)}"


def _lines(course: Course, speech: Speech) -> Iterator[str]:
    asks = [step.ask for step in course.steps]
    bids = [step.bid for step in course.steps]
    for sentence, prices in (
        (marked("Ask {now}, between {low} and {high}"), asks),
        (marked("Bid {now}, between {low} and {high}"), bids),
    ):
        if any(prices):
            yield _side(sentence, prices, speech)
    if course.sales:
        sold = sorted(sale.price for sale in course.sales)
        yield speech.plural(
            "{n} sale, from {low} to {high}, median {middle}",
            "{n} sales, from {low} to {high}, median {middle}",
            len(sold),
            low=speech.usd(sold[0]),
            high=speech.usd(sold[-1]),
            middle=speech.usd(sold[(len(sold) - 1) // 2]),
        )
    else:
        yield speech.text("No sale is known for that time")
    if course.seen_at:
        yield speech.text("Prices read {age} ago", age=speech.age(course.until - course.seen_at))


def _side(sentence: str, prices: Sequence[Cents | None], speech: Speech) -> str:
    known = [price for price in prices if price is not None]
    last = prices[-1]
    now = f"<b>{speech.usd(last)}</b>" if last is not None else speech.text("none now")
    return speech.text(sentence, now=now, low=speech.usd(min(known)), high=speech.usd(max(known)))
