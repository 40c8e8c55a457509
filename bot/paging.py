"""Lists cut into pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Page(Generic[One]):
    """What stands on page `number` of `of`, both from 1; `first` is the place of its first entry in the whole list."""

    shown: Sequence[One]
    number: int
    of: int
    first: int


def paged(entries: Sequence[One], wanted: str, size: int) -> Page[One]:
    """The page of that number ("" is the first); one that is no longer there becomes the last."""
    of = max(1, -(-len(entries) // size))
    number = min(max(1, int(wanted or 1)), of)
    start = (number - 1) * size
    return Page(entries[start : start + size], number, of, start + 1)
