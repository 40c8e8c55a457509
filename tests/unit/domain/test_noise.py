from dataclasses import replace
from datetime import timedelta

import pytest

from domain.kinds import DEALS, Kind, Loudness
from domain.noise import SEND, Past, Ruling, Why, Wish, rule
from domain.quiet import Window
from tests.factories import NOW

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SOON, LATE = NOW + MINUTE, NOW + 12 * HOUR  # when a deal and a digest expire
NIGHT = Window(NOW - HOUR, NOW + HOUR)
NOTHING = Past()


@pytest.mark.parametrize("kind", Kind)
def test_without_a_wish_everything_is_sent(kind: Kind) -> None:
    """Also silently."""
    assert rule(kind, SOON, NOW, Wish(), NOTHING) == SEND
    assert rule(kind, SOON, NOW, Wish(loudness=Loudness.SILENT), NOTHING) == SEND


@pytest.mark.parametrize("kind", Kind)
def test_what_is_off_is_dropped(kind: Kind) -> None:
    """Whatever else would hold."""
    wish = Wish(loudness=Loudness.OFF, quiet=NIGHT, muted=True, snoozed_until=LATE)

    assert rule(kind, LATE, NOW, wish, NOTHING) == Ruling(Why.OFF)


@pytest.mark.parametrize("kind", Kind)
def test_quiet_hours_drop_deals_and_put_off_the_rest(kind: Kind) -> None:
    """To their end, where it does not expire before."""
    wish = Wish(quiet=NIGHT)
    waits = Ruling(Why.QUIET, NIGHT.end)

    assert rule(kind, LATE, NOW, wish, NOTHING) == (Ruling(Why.QUIET) if kind in DEALS else waits)
    assert rule(kind, SOON, NOW, wish, NOTHING) == Ruling(Why.QUIET)


@pytest.mark.parametrize("kind", Kind)
def test_a_snooze_is_as_quiet(kind: Kind) -> None:
    """Until it ends, and not a moment longer."""
    wish = Wish(snoozed_until=NOW + HOUR)
    waits = Ruling(Why.SNOOZED, NOW + HOUR)

    assert rule(kind, LATE, NOW, wish, NOTHING) == (Ruling(Why.SNOOZED) if kind in DEALS else waits)
    assert rule(kind, LATE, NOW + HOUR, wish, NOTHING) == SEND


def test_a_muted_title_ends_deals_alone() -> None:
    """A watch on the same title was asked for."""
    assert rule(Kind.INSTANT, SOON, NOW, Wish(muted=True), NOTHING) == Ruling(Why.MUTED)
    assert rule(Kind.WATCH, SOON, NOW, Wish(muted=True), NOTHING) == SEND


@pytest.mark.parametrize(("today", "sent"), [(0, True), (2, True), (3, False), (4, False)])
def test_a_full_day_ends_deals_alone(today: int, sent: bool) -> None:
    """The cap is the last one that is sent."""
    ruling = rule(Kind.PATIENT, SOON, NOW, Wish(cap=3), Past(today=today))

    assert ruling == (SEND if sent else Ruling(Why.CAPPED))
    assert rule(Kind.DIGEST, LATE, NOW, Wish(cap=3), Past(today=today)) == SEND


def test_a_cap_of_nothing_is_a_cap() -> None:
    """0 is not "none"."""
    assert rule(Kind.INSTANT, SOON, NOW, Wish(cap=0), NOTHING) == Ruling(Why.CAPPED)


def test_a_cooldown_puts_off_and_drops_what_would_expire() -> None:
    """Counted from the last message of the kind."""
    wish = Wish(cooldown=timedelta(seconds=90))
    lately, long_ago = Past(last_at=NOW - MINUTE), Past(last_at=NOW - timedelta(seconds=90))
    wakes = NOW + timedelta(seconds=30)

    assert rule(Kind.INSTANT, SOON, NOW, wish, lately) == Ruling(Why.COOLDOWN, wakes)
    assert rule(Kind.INSTANT, wakes, NOW, wish, lately) == Ruling(Why.COOLDOWN)
    assert rule(Kind.INSTANT, SOON, NOW, wish, long_ago) == SEND
    assert rule(Kind.INSTANT, SOON, NOW, wish, NOTHING) == SEND


def test_quiet_hours_come_before_all_that_no_summary_tells() -> None:
    """A deal of the night counts for the summary, also on a full or snoozed day; one that is muted does not."""
    wish = Wish(quiet=NIGHT, snoozed_until=LATE, cap=0)

    assert rule(Kind.INSTANT, SOON, NOW, wish, NOTHING).why is Why.QUIET
    assert rule(Kind.INSTANT, SOON, NOW, replace(wish, muted=True), NOTHING).why is Why.MUTED
