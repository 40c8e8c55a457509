"""Titles follow the grammar of Steam's market hash names."""

from random import Random

import pytest

from sandbox.exchange.titles import DOPPLERS, VANILLA, draw_titles
from sandbox.exchange.words import EXTERIORS


@pytest.mark.parametrize(("game", "count"), [("csgo", 34_500), ("dota2", 3000), ("tf2", 2000), ("rust", 2000)])
def test_there_are_as_many_distinct_titles_as_asked_for(game: str, count: int) -> None:
    """Up to the size of the real CS2 catalogue."""
    titles = draw_titles(game, count, Random(1))

    assert count == len(set(titles))


def test_the_same_seed_draws_the_same_titles() -> None:
    """So that a failing run can be repeated."""
    assert draw_titles("rust", 300, Random(3)) == draw_titles("rust", 300, Random(3))
    assert draw_titles("rust", 300, Random(3)) != draw_titles("rust", 300, Random(4))


def test_cs2_always_has_dopplers_and_bare_knives() -> None:
    """However few titles are drawn: plants and traps live there."""
    titles = set(draw_titles("csgo", 200, Random(1)))

    assert set(DOPPLERS + VANILLA) <= titles


def test_painted_cs2_items_name_their_exterior() -> None:
    """Everything with a skin ends in one of the five."""
    painted = [title for title in draw_titles("csgo", 5000, Random(1)) if " | " in title and "Sticker" not in title]

    assert all(title.endswith(tuple(f"({one})" for one in EXTERIORS)) for title in painted)


@pytest.mark.parametrize("game", ["csgo", "dota2", "tf2", "rust"])
def test_no_title_contains_a_slash(game: str) -> None:
    """The bid book's path could not carry it."""
    assert not [title for title in draw_titles(game, 2000, Random(1)) if "/" in title]


def test_asking_for_too_many_says_how_many_there_are() -> None:
    """One sentence with both numbers."""
    with pytest.raises(ValueError, match="rust has 3000 titles to offer, 3001 were asked for"):
        draw_titles("rust", 3001, Random(1))


def test_a_game_without_titles_is_empty() -> None:
    """Switched off, not an error."""
    assert draw_titles("csgo", 0, Random(1)) == []
