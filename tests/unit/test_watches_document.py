"""docs/watches.md says what the program does."""

from bot.messages.digest import ROOM
from domain.silence import Cause
from domain.watches import MOST_WATCHES, Measure, Turn, turns
from domain.windows import Every
from tests.unit.documents import ROOT, quoted, table

WATCHES = ROOT / "docs/watches.md"


def test_every_reason_of_silence_stands_in_its_order() -> None:
    """The first that holds is given, so the order is part of the meaning."""
    assert [reason for row in table(WATCHES, "reason") for reason in quoted(row[0])] == [cause.value for cause in Cause]


def test_every_measure_and_turn_is_explained() -> None:
    """What can be watched, for what."""
    rows = table(WATCHES, "what")

    assert {name for row in rows for name in quoted(row[0])} == {measure.value for measure in Measure}
    assert {name for row in rows for name in quoted(row[1])} == {turn.value for one in Measure for turn in turns(one)}
    assert {turn.value for turn in Turn} == {name for row in rows for name in quoted(row[1])}


def test_the_limits_are_those_in_force() -> None:
    """Watches of a chat, room of a message, and how often there is a digest."""
    text = WATCHES.read_text(encoding="utf-8")

    assert f"up to {MOST_WATCHES} watches" in text
    assert f"at most {ROOM:,} units" in text
    assert all(f"`{every}`" in text for every in Every if every is not Every.OFF)
