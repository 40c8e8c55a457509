"""/stats: what a chat was told and how much of it held."""

from collections.abc import Iterator, Mapping

from bot.speech import Speech, counted, marked
from domain.kinds import DEALS, Kind
from domain.money import ONE
from models.feedback import Verdict
from models.queries.stats import Stats

FEW = 5  # deals below which a share says nothing
OTHERS: Mapping[Kind, tuple[str, str]] = {
    Kind.WATCH: counted("{n} price watch", "{n} price watches"),
    Kind.DIGEST: counted("{n} digest", "{n} digests"),
    Kind.SUMMARY: counted("{n} summary after quiet hours", "{n} summaries after quiet hours"),
}


def stats(day: Stats, week: Stats, speech: Speech) -> str:
    """Two blocks as HTML."""
    blocks = ((marked("<b>Last 24 hours</b>"), day), (marked("<b>Last 7 days</b>"), week))
    parts = ["\n".join([speech.text(head), *_lines(one, speech)]) for head, one in blocks]
    return "\n\n".join([speech.text("📈 <b>What you were told</b>"), *parts])


def _lines(one: Stats, speech: Speech) -> Iterator[str]:
    told = sum(one.sent[kind] for kind in DEALS)
    deals = speech.plural("{n} deal", "{n} deals", told) if told else speech.text("No deal")
    others = [speech.plural(*OTHERS[kind], one.sent[kind]) for kind in OTHERS if one.sent[kind]]
    yield ", ".join([deals, *others])
    if one.settled:
        yield from _held(one, speech)
    if one.said:
        yield speech.text(
            "You said: {bought} × bought, {gone} × gone, {wrong} × wrong",
            bought=speech.number(one.said[Verdict.BOUGHT]),
            gone=speech.number(one.said[Verdict.GONE]),
            wrong=speech.number(one.said[Verdict.WRONG]),
        )
    elif told:
        yield speech.text("You said nothing about them; the buttons below a deal tell me how it went.")
    if one.rested:
        yield speech.plural(
            "{n} came in quiet hours or a snooze and was not sent",
            "{n} came in quiet hours or a snooze and were not sent",
            one.rested,
        )
    if one.late:
        yield speech.plural(
            "{n} was over before its turn and was not sent",
            "{n} were over before their turn and were not sent",
            one.late,
        )


def _held(one: Stats, speech: Speech) -> Iterator[str]:
    """How many were true when they arrived: a share only where there are enough of them."""
    yield speech.plural("{n} was gone within 60 s", "{n} were gone within 60 s", one.gone)
    if one.settled < FEW:
        yield speech.text("Too few to say how often I am right.")
        return
    yield speech.text(
        "Right: <b>{share}</b> ({right} of {all} stayed open for a minute, and you called them neither gone nor wrong)",
        share=speech.percent(one.right * ONE // one.settled),
        right=speech.number(one.right),
        all=speech.number(one.settled),
    )
