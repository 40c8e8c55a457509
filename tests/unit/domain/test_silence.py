"""Why nothing came: one reason, the first that holds."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.silence import Cause, Explanation, Facts, decent, explain

FINE = Facts(games_on=4, kinds_on=2)
ALL = Facts(
    games_on=0,
    kinds_on=0,
    ended={"quiet": 3, "capped": 1, "cooldown": 2, "gone": 4, "too_late": 1},
    snoozed=True,
    down=True,
    found=30,
    fitting=5,
    near=True,
)
HELD = {"gone": 4, "too_late": 1}


@pytest.mark.parametrize(
    ("facts", "cause", "number"),
    [
        (ALL, Cause.NO_GAMES, 0),
        (replace(ALL, games_on=1), Cause.KINDS_OFF, 0),
        (replace(ALL, games_on=1, kinds_on=1), Cause.QUIET, 3),
        (replace(ALL, games_on=1, kinds_on=1, ended={**HELD, "capped": 1}), Cause.CAPPED, 1),
        (replace(ALL, games_on=1, kinds_on=1, ended={**HELD, "capped": 1, "cooldown": 2}), Cause.COOLDOWN, 2),
        (replace(ALL, games_on=1, kinds_on=1, ended=HELD), Cause.SNOOZED, 0),
        (replace(FINE, ended=HELD, down=True, found=30, fitting=5, near=True), Cause.GONE, 5),
        (replace(FINE, down=True, found=30, fitting=5, near=True), Cause.DOWN, 0),
        (replace(FINE, found=30, fitting=5, near=True), Cause.CROWDED, 5),
        (replace(FINE, found=30, near=True), Cause.NEAREST, 30),
        (replace(FINE, found=30), Cause.FILTERS, 30),
        (FINE, Cause.NOTHING, 0),
    ],
)
def test_exactly_one_reason_is_given_and_the_chats_own_wishes_come_first(
    facts: Facts, cause: Cause, number: int
) -> None:
    """Each holds as soon as those before it do not, with the number of deals that it is about."""
    assert explain(facts) == Explanation(cause, number)


@pytest.mark.parametrize(
    ("hour", "zone", "fits"),
    [
        (9, "Europe/Berlin", True),
        (8, "Europe/Berlin", False),
        (18, "Europe/Berlin", True),
        (19, "Europe/Berlin", False),
        (19, "America/New_York", True),
        (14, "America/New_York", False),
    ],
)
def test_silence_is_explained_from_ten_to_twenty_in_the_zone(hour: int, zone: str, fits: bool) -> None:
    """Not at breakfast and not in the evening, on the clock of the chat."""
    assert decent(datetime(2026, 11, 23, hour, 59, tzinfo=UTC), ZoneInfo(zone)) is fits
