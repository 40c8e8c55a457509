import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.words import has, phrase, spaced


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("Key", "key"),
        ("  Night   OPS ", "night ops"),
        ("AK-47 |", "ak 47"),
        ("StatTrak™", "stattrak"),
        ("★ Karambit", "★ karambit"),
        ("Chantico's", "chantico s"),
        ("snake_case", "snake case"),
        ("КЛЮЧ", "ключ"),
        ("Straße", "strasse"),
        ("e\u0301", "é"),
        ("É", "é"),
        ("%_\\'\x00", ""),
        ("", ""),
    ],
)
def test_words_are_letters_and_digits_in_lower_case(typed: str, understood: str) -> None:
    """Signs part words and are forgotten, but for the star; letters are the same however they are composed."""
    assert phrase(typed) == understood


@pytest.mark.parametrize("title", ["Mann Co. Supply Crate Key", "KEY", "A (Key)", "Key|Case", "the key_holder"])
def test_a_word_is_found_whole(title: str) -> None:
    """At the beginning, in the middle, at the end, beside signs."""
    assert has(title, "key")


@pytest.mark.parametrize("title", ["Keyboard", "Monkey", "Turkeys", "K-ey", "Клавиша", ""])
def test_a_word_is_never_a_part_of_another(title: str) -> None:
    """Who does not want keys may still want keyboards."""
    assert not has(title, "key")


def test_several_words_must_stand_side_by_side() -> None:
    """In their order."""
    assert has("AK-47 | Night Ops (Factory New)", "night ops")
    assert not has("Ops by Night", "night ops")
    assert not has("Night and Ops", "night ops")


@given(st.text(), st.text())
def test_a_phrase_is_its_own_phrase_and_is_found_in_what_holds_it(before: str, text: str) -> None:
    """Whatever was typed, and whatever stands around it."""
    words = phrase(text)

    assert phrase(words) == words
    assert f" {words} " in spaced(f"{before} | {text} |") or not words
    assert not set(words) & set("%_\\\x00")
