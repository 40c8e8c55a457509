import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal import LARGEST, Press, Seal

SEAL = Seal("1234:token")
ADA = 501
PART = st.text(st.characters(codec="utf-8", exclude_characters=":"), max_size=12)


@given(st.integers(-(2**52), 2**52), PART, st.lists(PART, max_size=2))
def test_what_was_packed_is_unpacked(chat_id: int, route: str, args: list[str]) -> None:
    """Whatever the names, as long as they fit."""
    try:
        data = SEAL.pack(chat_id, route, tuple(args))
    except ValueError:
        return

    assert len(data.encode()) <= LARGEST
    assert SEAL.unpack(chat_id, data) == Press(route, tuple(args))


@given(st.text(max_size=64))
def test_what_was_not_packed_is_nothing(data: str) -> None:
    """Made-up data of a modified client."""
    assert SEAL.unpack(ADA, data) is None


def test_a_button_counts_in_its_own_chat_only() -> None:
    """Neither another chat nor another bot takes it, and nothing in it can be changed."""
    data = SEAL.pack(ADA, "mute", ("17",))

    assert SEAL.unpack(ADA + 1, data) is None
    assert Seal("1234:other").unpack(ADA, data) is None
    assert SEAL.unpack(ADA, data.replace("17", "18")) is None


@pytest.mark.parametrize(("route", "arg"), [("a:b", "c"), ("a", "b:c"), ("a", "ß" * 28)])
def test_what_a_button_cannot_carry_is_refused_when_it_is_made(route: str, arg: str) -> None:
    """A colon would be read as another argument; more than 64 bytes Telegram refuses."""
    with pytest.raises(ValueError, match="button"):
        SEAL.pack(ADA, route, (arg,))
