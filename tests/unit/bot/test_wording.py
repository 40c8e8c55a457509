from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.wording import TEXT_LIMIT, age, gain, game_label, level_emoji, level_line, pages
from bot.speech import speech
from domain.levels import LEVELS


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86_399, "23 h"), (400_000, "4 d")],
)
def test_an_age_is_given_in_its_largest_whole_unit(seconds: int, text: str) -> None:
    """A clock that runs ahead never gives a negative age."""
    assert age(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("net", "bps", "text"), [(116, 1160, "+$1.16 · 11.6%"), (-40, -320, "-$0.40 · -3.2%"), (0, 0, "$0.00 · 0.0%")]
)
def test_a_gain_carries_its_sign(net: int, bps: int, text: str) -> None:
    """A loss is shown as a loss."""
    assert gain(net, bps) == text


def test_a_level_line_comes_from_the_table() -> None:
    """Band and threshold are those of domain.levels."""
    assert level_line(LEVELS["boost"], speech("en")) == "🚀 boost: $0.50 to $3.00, at least 1.0% net"


def test_keys_outside_the_tables_do_not_break_a_message() -> None:
    """A row of a game or level that was removed since can still be shown."""
    assert game_label("<new>") == "&lt;new&gt;"
    assert level_emoji("new") == "•"


def test_blocks_that_fit_stay_together() -> None:
    """Short texts are one message."""
    assert pages(["a", "b"]) == ["a\nb"]


@given(st.lists(st.text(st.sampled_from("a★😀\n"), min_size=1, max_size=30), min_size=1), st.integers(60, 80))
def test_long_texts_are_cut_between_blocks(blocks: list[str], limit: int) -> None:
    """Nothing is lost, no block is cut, no page exceeds the limit in UTF-16 units."""
    texts = pages(blocks, limit)

    assert "\n".join(texts) == "\n".join(blocks)
    assert all(len(text.encode("utf-16-le")) // 2 <= limit for text in texts)


def test_the_limit_is_telegrams() -> None:
    """A message of exactly 4096 units is not cut."""
    assert len(pages(["a" * (TEXT_LIMIT - 2), "b"])) == 1
    assert len(pages(["a" * (TEXT_LIMIT - 1), "b"])) == 2
