"""Links into a chat with the bot: what is passed on is what comes back."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.watch import LARGEST
from bot.links import linked, share_url, watch_url

STARTED = 64  # characters that Telegram hands to /start (core.telegram.org/bots/features#deep-linking)


@given(number=st.integers(1, LARGEST), title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_shared_link_comes_back_as_the_same_item(number: int, title: str) -> None:
    """Whatever the item is called, which stands beside the link as it is."""
    shared = urlsplit(share_url(watch_url("skinbeat_bot", number), title))
    given_on = parse_qs(shared.query, keep_blank_values=True)
    (link,) = map(urlsplit, given_on["url"])
    (start,) = parse_qs(link.query)["start"]

    assert given_on["text"] == [title]
    assert (link.netloc, link.path) == ("t.me", "/skinbeat_bot")
    assert linked(start) == str(number)
    assert len(start) <= STARTED


@pytest.mark.parametrize("words", ["", "w_", "w_x", "w_-1", "w_1 2", "x_1", "ref_17", "w_٣", "w_1234567890123456789"])
def test_other_words_behind_start_are_no_link(words: str) -> None:
    """Whoever made them, it is a plain /start."""
    assert linked(words) is None


def test_spaces_around_a_link_do_not_matter() -> None:
    """A person may have copied them."""
    assert linked(" w_17\n") == "17"
