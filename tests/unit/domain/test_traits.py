from decimal import Decimal

import pytest

from domain.filters import FLAGS, OF_GAME, Condition
from domain.games import GAMES
from domain.traits import CHOICES, UNKNOWN, Traits, completed, to_millionths, value
from domain.variants import PLAIN, Variant


@pytest.mark.parametrize(
    ("title", "exterior", "stattrak", "souvenir"),
    [
        ("AK-47 | Redline (Field-Tested)", "field-tested", False, False),
        ("StatTrak™ AK-47 | Redline (Factory New)", "factory-new", True, False),
        ("★ StatTrak™ Karambit", "", True, False),
        ("Souvenir P250 | Sand Dune (Battle-Scarred)", "battle-scarred", False, True),
        ("Cologne 2014 Souvenir Package", "", False, False),
        ("Sticker | Spirit (Holo)", "", False, False),
        ("Music Kit | (Well-Worn) Song", "", False, False),
    ],
)
def test_a_cs2_title_tells_exterior_stattrak_and_souvenir(
    title: str, exterior: str, stattrak: bool, souvenir: bool
) -> None:
    """Only where Steam puts them."""
    traits = completed(UNKNOWN, "csgo", title, PLAIN, None)

    assert traits == Traits(exterior=exterior, stattrak=stattrak, souvenir=souvenir)


def test_what_a_title_does_not_tell_comes_from_the_exchange() -> None:
    """The variant and the float are part of it; other games have no StatTrak to know of."""
    said = Traits(exterior="not-painted", quality="unusual")
    traits = completed(said, "tf2", "Unusual Team Captain", Variant(effect="burning-flames"), Decimal("0.07"))

    assert traits == Traits(exterior="not-painted", quality="unusual", effect="burning-flames", float_millionths=70_000)


@pytest.mark.parametrize(
    ("written", "millionths"),
    [
        ("0.07", 70_000),
        ("0.0699999", 69_999),
        ("0.06999999999999999999999999999999999999999", 69_999),
        ("0", 0),
        ("1", 1_000_000),
        ("1e-40", 0),
        ("-0.0000001", -1),
        ("1e15", 2**31 - 1),
        ("-1e15", -(2**31)),
    ],
)
def test_a_float_is_rounded_down_to_millionths(written: str, millionths: int) -> None:
    """Exactly, however many digits it has, and into what a column holds."""
    assert to_millionths(Decimal(written)) == millionths


@pytest.mark.parametrize(
    ("said", "spelled"),
    [("Field-Tested", "field-tested"), ("OFF_HAND", "off-hand"), (" Anti Mage ", "anti-mage"), ("UNSPECIFIED", "")],
)
def test_values_have_one_spelling(said: str, spelled: str) -> None:
    """What is not specified is not known."""
    assert value(said) == spelled


@pytest.mark.parametrize("game", GAMES)
def test_menus_have_the_choices_of_every_game(game: str) -> None:
    """Each condition of the game that is no range or flag, in the spelling of its values, none twice."""
    ranges = {Condition.FLOAT, *FLAGS}

    assert set(CHOICES[game]) == {condition.value for condition in OF_GAME[game] if condition not in ranges}
    for choices in CHOICES[game].values():
        assert list(choices) == [value(one) for one in choices]
        assert len(set(choices)) == len(choices)


def test_the_exchanges_lists_are_whole() -> None:
    """As many values as its description of October 2026 enumerates, without the unspecified ones."""
    lists = [CHOICES[game][trait] for game, trait in LISTED]

    assert [len(one) for one in lists] == [6, 17, 8, 54, 9, 10, 4]


LISTED = (
    ("csgo", "exterior"),
    ("csgo", "rarity"),
    ("csgo", "phase"),
    ("dota2", "slot"),
    ("tf2", "class"),
    ("tf2", "quality"),
    ("tf2", "killstreak"),
)
