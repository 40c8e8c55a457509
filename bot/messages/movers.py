"""/market: the titles of a game whose ask changed most, page by page."""

from collections.abc import Sequence
from html import escape

from bot.messages.wording import game_label
from bot.speech import Speech
from models.queries.market import LEAST_ASK, LEAST_ASKS, LEAST_BIDS, Mover

PAGE = 8  # titles on a page
A_DAY = 24  # hours
UP, DOWN = "🔺", "🔻"


def pages_of(found: Sequence[Mover]) -> int:
    """How many pages the movers fill, at least one."""
    return max(1, -(-len(found) // PAGE))


def page(found: Sequence[Mover], number: int) -> Sequence[Mover]:
    """Those of a page, the first being 1; one beyond the last gives the last."""
    start = (min(max(number, 1), pages_of(found)) - 1) * PAGE
    return found[start : start + PAGE]


def movers(found: Sequence[Mover], game: str, hours: int, number: int, speech: Speech) -> str:
    """One page as HTML, two lines a title; `hours` are those compared with."""
    span = speech.text("{n} h", n=hours) if hours <= A_DAY else speech.text("{n} d", n=hours // A_DAY)
    head = speech.text("<b>{game}: largest changes of the ask in {span}</b>", game=game_label(game), span=span)
    if not found:
        nothing = speech.text(
            "None worth showing: it takes at least {asks} offers and {bids} bids, from {least}, with known sales.",
            asks=LEAST_ASKS,
            bids=LEAST_BIDS,
            least=speech.usd(LEAST_ASK),
        )
        return f"{head}\n{nothing}"
    shown = page(found, number)
    first = found.index(shown[0]) + 1
    lines = [head, *(_entry(place, one, speech) for place, one in enumerate(shown, first))]
    if pages_of(found) > 1:
        lines.append(speech.text("Page {n} of {all}", n=(first - 1) // PAGE + 1, all=pages_of(found)))
    return "\n".join(lines)


def _entry(place: int, one: Mover, speech: Speech) -> str:
    sign, plus = (UP, "+") if one.change_bps > 0 else (DOWN, "")
    change = f"<b>{plus}{speech.percent(one.change_bps)}</b>"
    prices = f"{speech.usd(one.former)} → {speech.usd(one.ask)}"
    counts = speech.text(
        "{asks} offers, {bids} bids", asks=speech.number(one.ask_count), bids=speech.number(one.bid_count)
    )
    return f"{place}. {escape(one.title)}\n{sign} {change} · {prices} · {counts}"
