from collections import Counter, defaultdict
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.seating import Seat, arrange

SIZE = 10


def seats_of(worths: list[int], size: int = SIZE) -> list[Seat]:
    """Titles in groups as the catalogue walk fills them."""
    return [Seat(place, place // size + 1, worth) for place, worth in enumerate(worths)]


def after(seats: list[Seat], size: int = SIZE) -> list[Seat]:
    placed = arrange(seats, size)
    return [Seat(seat.item_id, placed[seat.item_id], seat.worth) for seat in seats]


def moved(seats: list[Seat], placed: list[Seat]) -> int:
    return sum(one.group_id != other.group_id for one, other in zip(seats, placed, strict=True))


def shuffled(worths: list[int]) -> list[int]:
    return Random(3).sample(worths, len(worths))


def test_titles_of_like_worth_come_together() -> None:
    """Three kinds mixed over all groups end in groups of one kind each."""
    placed = after(seats_of(shuffled([1_000] * 10 + [100] * 20 + [1] * 10)))

    worths = defaultdict(set)
    for seat in placed:
        worths[seat.group_id].add(seat.worth)
    assert sorted(worths.values(), key=max) == [{1}, {100}, {100}, {1_000}]


def test_what_is_arranged_already_stays() -> None:
    """Also where a title's worth changed a little, within a factor of two."""
    placed = after(seats_of(shuffled([1_000] * 13 + [100] * 24 + [1] * 8)))
    drifted = [Seat(seat.item_id, seat.group_id, seat.worth * 11 // 10) for seat in placed]

    assert moved(placed, after(placed)) == 0
    assert moved(drifted, after(drifted)) == 0


def test_a_few_changes_move_a_few_titles() -> None:
    """Three titles that rise push only some over each cut between two kinds, not all that come behind them."""
    placed = after(seats_of([1 << (place // 50) for place in range(200)][::-1]))
    risen = [Seat(seat.item_id, seat.group_id, 1 << 20 if seat.item_id >= 197 else seat.worth) for seat in placed]

    assert 0 < moved(risen, after(risen)) <= 20


def test_the_last_group_holds_what_is_left_over() -> None:
    """Titles that the catalogue forgot are last of all, and a group may end up empty."""
    placed = after([Seat(1, 1, 5), Seat(2, 2, 0), Seat(3, 3, 5)], 2)

    assert placed[0].group_id == placed[2].group_id != placed[1].group_id


def test_no_titles_need_no_groups() -> None:
    """A game whose first prices are still to come."""
    assert arrange([], SIZE) == {}


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 1 << 16)), max_size=90))
def test_every_title_gets_one_seat_and_the_worthiest_sit_together(drawn: list[tuple[int, int]]) -> None:
    """No group holds too many, none is new, and none holds a title of a higher bucket than a better group's least."""
    counts: Counter[int] = Counter()
    seats = []
    for item, (group, worth) in enumerate(drawn):
        counts[group] += 1
        if counts[group] <= SIZE:
            seats.append(Seat(item, group, worth))

    placed = after(seats)

    members: dict[int, list[int]] = defaultdict(list)
    for seat in placed:
        members[seat.group_id].append(seat.bucket)
    assert members.keys() <= {seat.group_id for seat in seats}
    assert all(len(buckets) <= SIZE for buckets in members.values())
    ordered = sorted(members.values(), key=lambda buckets: (min(buckets), max(buckets)), reverse=True)
    assert all(min(better) >= max(lesser) for better, lesser in pairwise(ordered))
    assert moved(placed, after(placed)) == 0


@pytest.mark.parametrize("count", [1, 99, 100, 101, 250])
def test_groups_are_filled(count: int) -> None:
    """As many groups as full ones need, and at most one that is not full."""
    sizes = Counter(seat.group_id for seat in after(seats_of(list(range(count)), 100), 100))

    assert sorted(sizes.values(), reverse=True) == [100] * (count // 100) + [count % 100] * (count % 100 > 0)
