from dataclasses import fields as fields_of

import pytest

from bot.fields import (
    AMOUNTS,
    MOST,
    Form,
    added,
    bounded,
    bounds,
    chosen,
    cleared,
    common,
    conditions,
    dropped,
    entries,
    flagged,
    form,
    marked_as,
    options,
    toggled,
)
from domain.filters import FIELDS, OF_GAME, Condition, Filter
from domain.games import GAMES
from domain.levels import LEVELS

ALL = [(game, condition) for game in GAMES for condition in conditions(game)]


def test_every_field_of_a_filter_can_be_set_for_some_game() -> None:
    """Nothing that can be asked for is out of reach."""
    reached = {name for game in GAMES for condition in conditions(game) for name in FIELDS[condition]} | {"on"}

    assert reached == {one.name for one in fields_of(Filter)}


@pytest.mark.parametrize(("game", "condition"), ALL)
def test_each_field_asks_for_something_and_for_nothing_again(game: str, condition: Condition) -> None:
    """In the form that its values have."""
    wanted = {
        Form.CHOICE: lambda: toggled(Filter(), condition, options(game, condition)[0]),
        Form.LIST: lambda: added(Filter(), condition, frozenset({"lina"})),
        Form.AMOUNT: lambda: bounded(Filter(), condition, AMOUNTS[condition].presets[0]),
        Form.FLAG: lambda: flagged(Filter(), condition, value=False),
    }[form(game, condition)]()

    assert wanted.asks() == {condition}
    assert cleared(wanted, condition) == Filter()


def test_the_last_level_and_type_stay() -> None:
    """A trait may go: none asks for nothing, but no level would be silence."""
    one_level = Filter(levels=frozenset({"pro"}))
    one_phase = toggled(Filter(), Condition.PHASE, "ruby")

    assert toggled(one_level, Condition.LEVEL, "pro") == one_level
    assert toggled(one_level, Condition.LEVEL, "boost").levels == {"pro", "boost"}
    assert toggled(one_phase, Condition.PHASE, "ruby") == Filter()


def test_amounts_are_told_as_they_were_set() -> None:
    """Of a range both ends, of a least value the first."""
    for condition, amount in AMOUNTS.items():
        for preset in amount.presets:
            assert bounds(bounded(Filter(), condition, preset), condition) == preset
        assert bounds(Filter(), condition) == (None, None)


def test_an_open_end_takes_back_what_stood_there() -> None:
    """Up to $25 has no lower bound any more."""
    both = bounded(Filter(), Condition.PRICE, (300, 2_500))

    assert bounded(both, Condition.PRICE, (None, 2_500)) == Filter(price_to=2_500)


def test_a_list_has_no_more_than_its_most_entries() -> None:
    """Those that were there stay."""
    full = added(Filter(), Condition.INCLUDE, frozenset(f"word {number}" for number in range(MOST)))
    more = added(full, Condition.INCLUDE, frozenset({"another", "word 1"}))

    assert more == full
    assert len(chosen(added(Filter(), Condition.EXCLUDE, frozenset(map(str, range(99)))), Condition.EXCLUDE)) == MOST


def test_an_entry_is_dropped_by_its_mark() -> None:
    """However long it is; a mark that nothing has changes nothing."""
    long = "word " * 20
    both = Filter(include=frozenset({long, "short"}))

    assert dropped(both, Condition.INCLUDE, marked_as(long)).include == {"short"}
    assert dropped(both, Condition.INCLUDE, "00000000") == both


def test_words_and_traits_are_spelled_each_in_their_way() -> None:
    """As titles are searched, and as the exchange's values are kept."""
    assert entries(Condition.EXCLUDE, "Night Ops") == {"night ops"}
    assert entries(Condition.HERO, "Phantom Assassin") == {"phantom-assassin"}


def test_what_all_games_have_is_copied_and_nothing_else() -> None:
    """Whether a game is on stays, and so does what only it has."""
    source = Filter(min_net=50, levels=frozenset(list(LEVELS)[:1]), exteriors=frozenset({"field-tested"}))
    other = Filter(on=False, max_age=60, heroes=frozenset({"lina"}))

    assert common(source, other) == Filter(on=False, min_net=50, levels=source.levels, heroes=frozenset({"lina"}))


def test_each_game_has_its_own_conditions() -> None:
    """Beside those of all."""
    assert set(OF_GAME["csgo"]) <= set(conditions("csgo"))
    assert Condition.HERO not in conditions("csgo")
    assert Condition.GAME not in conditions("rust")
