"""Which titles share a group: those of like worth, with as few of them moved as possible."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Share = Counter[int]  # how many titles of each bucket


@dataclass(frozen=True, slots=True)
class Seat:
    """A title, the group it is in, and what it is worth (0: no longer in the catalogue)."""

    item_id: int
    group_id: int
    worth: int

    @property
    def bucket(self) -> int:
        """Worths of one bucket differ by less than a factor of two: not enough to move a title for."""
        return self.worth.bit_length()


def arrange(seats: Sequence[Seat], size: int) -> dict[int, int]:
    """The group of each title (by item id) so that groups of `size` hold like worths, the last one what is left over.

    The titles in descending order of their bucket are cut into groups. Within a bucket any order will do, so each cut
    gets the group that holds most of it already, and a title stays where it is unless its group has no place for its
    bucket. Needs no more groups than the titles are in now; some may end up empty.
    """
    cuts = _cuts(Counter(seat.bucket for seat in seats), size)
    places = {(group, bucket): count for group, cut in _homes(cuts, seats) for bucket, count in cut.items()}
    placed: dict[int, int] = {}
    movers: dict[int, list[int]] = defaultdict(list)
    for seat in seats:
        place = (seat.group_id, seat.bucket)
        if places.get(place):
            places[place] -= 1
            placed[seat.item_id] = seat.group_id
        else:
            movers[seat.bucket].append(seat.item_id)
    for (group, bucket), free in places.items():
        for _ in range(free):
            placed[movers[bucket].pop()] = group
    return placed


def _cuts(totals: Share, size: int) -> list[Share]:
    """How many titles of each bucket each group holds, from the greatest worth down."""
    cuts: list[Share] = [Counter()]
    room = size
    for bucket in sorted(totals, reverse=True):
        left = totals[bucket]
        while left:
            if not room:
                cuts.append(Counter())
                room = size
            taken = min(left, room)
            cuts[-1][bucket] += taken
            left, room = left - taken, room - taken
    return cuts


def _homes(cuts: Sequence[Share], seats: Iterable[Seat]) -> list[tuple[int, Share]]:
    """A group for each cut: cuts of a single bucket choose first, each the free group that has most of it already.

    A mixed cut looks at the best free group of each of its buckets only: to look at all of them for each cut would
    take a thousand times longer for a thousand groups.
    """
    held: dict[int, Share] = defaultdict(Counter)
    for seat in seats:
        held[seat.group_id][seat.bucket] += 1
    free = dict(sorted(held.items()))
    ranked = _ranked(held)
    homes = []
    for cut in sorted(cuts, key=lambda cut: max(cut.values(), default=0), reverse=True):
        if not cut:
            continue
        best = [group for bucket in cut if (group := _last_free(ranked.get(bucket, []), free)) is not None]
        group = max(best, key=lambda group: _common(cut, free[group]), default=next(iter(free)))
        del free[group]
        homes.append((group, cut))
    return homes


def _ranked(held: Mapping[int, Share]) -> dict[int, list[int]]:
    """The groups that hold some of a bucket, those with most of it last."""
    ranked: dict[int, list[int]] = defaultdict(list)
    for group, share in sorted(held.items(), reverse=True):
        for bucket in share:
            ranked[bucket].append(group)
    for bucket, groups in ranked.items():
        groups.sort(key=lambda group: held[group][bucket])
    return ranked


def _last_free(groups: list[int], free: Mapping[int, Share]) -> int | None:
    """Who stands last among the free ones; forgets those behind it that are taken."""
    while groups and groups[-1] not in free:
        groups.pop()
    return groups[-1] if groups else None


def _common(cut: Share, held: Mapping[int, int]) -> int:
    return sum(min(count, held.get(bucket, 0)) for bucket, count in cut.items())
