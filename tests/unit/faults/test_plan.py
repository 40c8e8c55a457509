from itertools import pairwise

import pytest

from tests.faults.plan import DECK, Kind, plan, text

SECONDS = 600.0


def test_the_same_seed_gives_the_same_plan() -> None:
    """A failing seed replays."""
    assert plan(7, SECONDS) == plan(7, SECONDS)
    assert plan(7, SECONDS) != plan(8, SECONDS)


def test_a_long_plan_holds_every_kind() -> None:
    """None is left out by chance: each comes once before any comes twice."""
    assert {(fault.kind, fault.part) for fault in plan(1, SECONDS)} == {(one.kind, one.part) for one in DECK}


@pytest.mark.parametrize("seconds", [20.0, 60.0, SECONDS])
def test_all_is_over_in_time(seconds: float) -> None:
    """The calm begins when it was announced."""
    faults = plan(3, seconds)

    assert faults
    assert all(fault.at + fault.seconds <= seconds + 0.1 for fault in faults)


def test_no_part_is_hurt_twice_at_once() -> None:
    """A process that is stopped cannot be killed and started meanwhile without confusion."""
    faults = plan(4, SECONDS)

    for part in {fault.part for fault in faults}:
        own = [fault for fault in faults if fault.part is part]
        assert all(first.at + first.seconds <= second.at for first, second in pairwise(own))


def test_a_long_plan_rests_long_enough_to_be_seen_healthy() -> None:
    """An outage is felt for 30 s, a deal must then be told within 20 s: some pauses are longer than both."""
    faults = plan(5, SECONDS)
    ends = [max(one.at + one.seconds for one in faults[: place + 1]) for place in range(len(faults))]
    pauses = [after.at - end for end, after in zip(ends, faults[1:], strict=False)]

    assert sum(pause >= 60 for pause in pauses) >= 3


def test_clocks_are_stepped_both_ways() -> None:
    """Forwards things expire too early, backwards nothing is due."""
    sizes = {fault.size for fault in plan(6, SECONDS) if fault.kind is Kind.CLOCK}

    assert min(sizes) <= -5
    assert max(sizes) >= 5


def test_a_plan_can_be_read() -> None:
    """One line a fault below the seed."""
    faults = plan(2, 20.0)

    assert text(2, faults).splitlines()[0] == f"seed 2: {len(faults)} faults"
    assert str(faults[0].part) in text(2, faults).splitlines()[1]
