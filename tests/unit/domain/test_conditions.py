from datetime import timedelta

from domain.conditions import Condition, Part, Trouble, troubles
from tests.factories import NOW


def at(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


def failing(since: int, good: int | None = None, part: Part = Part.OFFERS) -> Condition:
    """Degraded since so many seconds after NOW; last good then."""
    return Condition(
        part, None if good is None else NOW + at(good), since=NOW + at(since), reason="offers: HTTP 500", degraded=True
    )


def well(good: int | None, part: Part = Part.OFFERS) -> Condition:
    return Condition(part, None if good is None else NOW + at(good))


def test_a_part_that_nobody_complains_of_is_well() -> None:
    """Whether it was ever tried or not."""
    assert troubles([]) == []
    assert troubles([well(5), well(None)]) == []


def test_what_fails_for_all_who_tried_is_in_trouble_since_the_last_success() -> None:
    """One that had no use for the part meanwhile does not count, one that failed late was good until then."""
    assert troubles([failing(10)]) == [Trouble(Part.OFFERS, NOW + at(10))]
    assert troubles([failing(10), well(5), well(None)]) == [Trouble(Part.OFFERS, NOW + at(10))]
    assert troubles([failing(10), failing(30, good=25)]) == [Trouble(Part.OFFERS, NOW + at(25))]


def test_a_worker_that_is_cut_off_alone_is_no_trouble_for_all() -> None:
    """Another one got through after it began to fail."""
    assert troubles([failing(10), well(11)]) == []


def test_parts_are_told_apart() -> None:
    """Each in the order in which it is met."""
    seen = [failing(10), well(5, Part.PRICES), failing(20, part=Part.BROKER), well(60, Part.BUDGET)]

    assert troubles(seen) == [Trouble(Part.OFFERS, NOW + at(10)), Trouble(Part.BROKER, NOW + at(20))]


def test_the_last_try_is_the_later_of_success_and_failure() -> None:
    """None before any."""
    assert Condition("offers").tried_at is None
    assert Condition("offers", NOW, NOW + at(1)).tried_at == NOW + at(1)
    assert Condition("offers", NOW + at(2), NOW + at(1)).tried_at == NOW + at(2)
