from datetime import timedelta

from prometheus_client import REGISTRY

from telemetry.conditions import Conditions, look
from tests.factories import NOW

SECOND = timedelta(seconds=1)


def shown(part: str) -> tuple[float | None, float | None]:
    """What the metrics say of a part: degraded, last success."""
    values = (
        REGISTRY.get_sample_value(name, {"part": part})
        for name in ("skinbeat_degraded", "skinbeat_last_success_timestamp_seconds")
    )
    degraded, success = values
    return degraded, success


def test_a_part_is_degraded_from_enough_failures_in_a_row() -> None:
    """Fewer are accidents; it has failed since the first of them, for the reason of the last."""
    known = Conditions()
    for number in range(3):
        known.failed("offers", f"try {number}", NOW + number * SECOND, enough=3)
        degraded = known.degraded({"offers"})
        assert bool(degraded) is (number == 2)

    assert (degraded[0].since, degraded[0].reason) == (NOW, "try 2")
    assert degraded[0].failed_at == NOW + 2 * SECOND


def test_one_success_ends_it() -> None:
    """And failures are counted anew."""
    known = Conditions()
    for _ in range(2):
        known.failed("offers", "away", NOW, enough=2)
    known.good("offers", NOW + SECOND)
    known.failed("offers", "away", NOW + 2 * SECOND, enough=2)
    (one,) = known.all()

    assert (one.degraded, one.good_at, one.since) == (False, NOW + SECOND, NOW + 2 * SECOND)


def test_what_is_degraded_stays_so_with_any_further_failure() -> None:
    """Also one that asks for more proof."""
    known = Conditions()
    known.failed("telegram", "away", NOW)
    known.failed("telegram", "away", NOW, enough=10)

    assert known.degraded({"telegram"})
    assert known.degraded({"broker"}) == []


def test_only_changes_wake_who_reports() -> None:
    """Not every read."""
    known = Conditions()
    known.good("offers", NOW)
    known.failed("offers", "away", NOW, enough=2)
    woken = [known.changed.is_set()]
    known.failed("offers", "away", NOW, enough=2)
    woken.append(known.changed.is_set())
    known.changed.clear()
    known.failed("offers", "away", NOW, enough=2)
    woken.append(known.changed.is_set())
    known.good("offers", NOW)
    woken.append(known.changed.is_set())

    assert woken == [False, True, False, True]


def test_the_metrics_show_it() -> None:
    """0 and 1, and when it last worked, as a Unix time; nothing before a part was met."""
    known, before = Conditions(), shown("a part")
    known.good("a part", NOW)
    fine = shown("a part")
    known.failed("a part", "away", NOW + SECOND)

    assert before == (None, None)
    assert fine == (0, NOW.timestamp())
    assert shown("a part") == (1, NOW.timestamp())


def test_checks_are_kept_by_their_part() -> None:
    """A check's sentence is the reason."""
    known = Conditions()
    look(known, {"broker": lambda: None, "database": lambda: "the database does not answer"}, NOW)
    (failing,) = known.degraded({"broker", "database"})

    assert (failing.part, failing.reason) == ("database", "the database does not answer")
    assert {one.part: one.good_at for one in known.all()} == {"broker": NOW, "database": None}
