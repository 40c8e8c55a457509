from datetime import timedelta

import pytest

from bot.messages.outage import SAID, outages
from bot.speech import speech
from bot.upstream import Outlook
from domain.conditions import EXCHANGE, NEEDED, Part, Trouble
from models.queries.conditions import Standing
from tests.factories import NOW

EN = speech("en")


def seen(*parts: Part, own: tuple[Part, ...] = ()) -> list[str]:
    """The lines when these parts have been in trouble for 3 minutes."""
    since = NOW - timedelta(minutes=3)
    standing = Standing(1, NOW, tuple(Trouble(part, since) for part in parts))
    return outages(Outlook(standing, tuple(Trouble(part, since) for part in own)), EN, NOW)


def test_well_is_silence() -> None:
    """No line where nothing is wrong."""
    assert seen() == []


@pytest.mark.parametrize("part", sorted({*NEEDED, *EXCHANGE}))
def test_each_part_has_its_line_with_its_meaning(part: Part) -> None:
    """Every part that a worker can report."""
    (line,) = seen(part)

    assert line == f"⚠️ {SAID[part][0]} for 3 min — {SAID[part][1]}"


def test_an_exchange_that_is_away_is_one_line() -> None:
    """Not one for each thing that cannot be read; what is not the exchange's keeps its own."""
    lines = seen(Part.PRICES, Part.OFFERS, Part.SALES, Part.FEES, Part.BROKER, own=(Part.TELEGRAM,))

    assert lines == [
        "⚠️ DMarket: unreadable for 3 min — no deal is found or confirmed, alerts pause",
        "⚠️ Message broker: out of reach for 3 min — no scan goes on, alerts pause",
        "⚠️ Telegram: no alert accepted for 3 min — they wait until they are too old",
    ]


def test_without_workers_their_last_words_do_not_count() -> None:
    """Only that nobody works, and the bot's own trouble."""
    gone = Standing(0, NOW - timedelta(minutes=7), (Trouble(Part.OFFERS, NOW),))
    lines = outages(Outlook(gone, (Trouble(Part.TELEGRAM, NOW),)), EN, NOW)

    assert lines == [
        "⚠️ No scanner is running, the last one was seen 7 min ago — nothing is read, alerts pause",
        "⚠️ Telegram: no alert accepted for 0 s — they wait until they are too old",
    ]
    assert outages(Outlook(Standing()), EN, NOW) == ["⚠️ No scanner is running — nothing is read, alerts pause"]
