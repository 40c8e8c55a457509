from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from domain.deals import OLDEST, Deal, age_of
from domain.filters import ANY, COMMON, FIELDS, OF_GAME, Condition, Filter, foreign
from domain.games import GAMES
from domain.levels import LEVELS
from domain.traits import UNKNOWN, Traits
from tests.wishes import some_deal, some_filter, some_game

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TRAITS = Traits(
    exterior="factory-new",
    rarity="covert",
    phase="ruby",
    hero="axe",
    quality="strange",
    slot="weapon",
    classes=frozenset({"scout", "pyro"}),
    effect="burning-flames",
    killstreak="basic",
    type="rug",
    stattrak=True,
    souvenir=False,
    craftable=False,
    float_millionths=70_000,
)
DEAL = Deal(1, "csgo", "★ Knife | Night Ops (Factory New)", "medium", "instant", 1_000, 116, 1_160, 25, 60, TRAITS)


def some(*values: str) -> frozenset[str]:
    return frozenset(values)


@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("exit_", ["instant", "patient"])
def test_the_defaults_match_every_deal(game: str, level: str, exit_: str) -> None:
    """A chat that only sent /start hears of everything, however small the gain and however little is known."""
    assert Filter().matches(Deal(1, game, "", level, exit_, 50, 1, 100))


@pytest.mark.parametrize(
    ("wanted", "missing"),
    [
        ({"on": False}, Condition.GAME),
        ({"levels": some("pro", "boost")}, Condition.LEVEL),
        ({"levels": ANY}, Condition.LEVEL),
        ({"exits": some("patient")}, Condition.EXIT),
        ({"price_from": 1_001}, Condition.PRICE),
        ({"price_to": 999}, Condition.PRICE),
        ({"min_net": 117}, Condition.NET),
        ({"min_return_bps": 1_161}, Condition.RETURN),
        ({"min_sales_tenths": 26}, Condition.SALES),
        ({"max_age": 59}, Condition.AGE),
        ({"include": some("gloves", "kni")}, Condition.INCLUDE),
        ({"exclude": some("key", "night")}, Condition.EXCLUDE),
        ({"exteriors": some("well-worn")}, Condition.EXTERIOR),
        ({"rarities": some("restricted")}, Condition.RARITY),
        ({"phases": some("sapphire")}, Condition.PHASE),
        ({"float_from": 70_001}, Condition.FLOAT),
        ({"float_below": 70_000}, Condition.FLOAT),
        ({"stattrak": False}, Condition.STATTRAK),
        ({"souvenir": True}, Condition.SOUVENIR),
        ({"heroes": some("lina")}, Condition.HERO),
        ({"qualities": some("vintage")}, Condition.QUALITY),
        ({"slots": some("head")}, Condition.SLOT),
        ({"classes": some("spy", "medic")}, Condition.CLASS),
        ({"effects": some("stormy-storm")}, Condition.EFFECT),
        ({"killstreaks": some("none")}, Condition.KILLSTREAK),
        ({"craftable": True}, Condition.CRAFTABLE),
        ({"types": some("rock")}, Condition.TYPE),
    ],
)
def test_each_wish_alone_refuses(wanted: dict[str, Any], missing: Condition) -> None:
    """By a cent, a second, a millionth, or another value; and says which it is."""
    wish = Filter(**wanted)

    assert not wish.matches(DEAL)
    assert list(wish.misses(DEAL)) == [missing]
    assert wish.asks() == {missing}


@pytest.mark.parametrize(
    "wanted",
    [
        {"price_from": 1_000, "price_to": 1_000, "min_net": 116, "min_return_bps": 1_160},
        {"min_sales_tenths": 25, "max_age": 60, "levels": some("medium"), "exits": some("instant", "patient")},
        {"include": some("gloves", "night ops"), "exclude": some("opsec", "nightops")},
        {"exteriors": some("factory-new", "well-worn"), "stattrak": True, "souvenir": False, "craftable": False},
        {"float_from": 70_000, "float_below": 70_001, "classes": some("spy", "pyro"), "phases": some("ruby")},
    ],
)
def test_wishes_include_their_own_value(wanted: dict[str, Any]) -> None:
    """At least means at least, and of several values one is enough."""
    assert Filter(**wanted).matches(DEAL)


@pytest.mark.parametrize(
    "wanted",
    [
        {"max_age": OLDEST},
        {"exteriors": some("factory-new")},
        {"float_from": 0},
        {"float_below": 1_000_000},
        {"stattrak": True},
        {"stattrak": False},
        {"classes": some("spy")},
        {"craftable": False},
        {"types": some("rug")},
    ],
)
def test_what_is_not_known_is_not_what_was_asked_for(wanted: dict[str, Any]) -> None:
    """Neither where something is wanted nor where it is not wanted."""
    wish = Filter(**wanted)

    assert set(wish.misses(replace(DEAL, traits=UNKNOWN, age=None))) == wish.asks()


def test_a_filter_matches_what_misses_nothing() -> None:
    """And misses only what it asks for."""
    chance = Random(1)
    for _ in range(2_000):
        game = some_game(chance)
        wish, deal = some_filter(chance, game), some_deal(chance, game)
        misses = set(wish.misses(deal))

        assert wish.matches(deal) == (not misses)
        assert misses <= wish.asks()


def test_every_field_belongs_to_one_condition() -> None:
    """And every condition to all games or to some."""
    named = [name for names in FIELDS.values() for name in names]
    own = {condition for conditions in OF_GAME.values() for condition in conditions}

    assert sorted(named) == sorted(field.name for field in fields(Filter))
    assert set(FIELDS) == set(Condition) == set(COMMON) | own
    assert set(OF_GAME) == set(GAMES)


def test_what_a_games_items_do_not_have_is_foreign() -> None:
    """Nothing would match it."""
    wish = Filter(min_net=5, phases=some("ruby"), craftable=True)

    assert foreign("csgo", wish) == {Condition.CRAFTABLE}
    assert foreign("tf2", wish) == {Condition.PHASE}
    assert foreign("rust", Filter()) == frozenset()


@pytest.mark.parametrize(
    ("listed", "age"),
    [
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (timedelta(seconds=60), 60),
        (timedelta(seconds=60, microseconds=1), 61),
        (timedelta(seconds=-5), 0),
        (timedelta(days=30_000), OLDEST),
    ],
)
def test_an_age_is_in_whole_seconds_rounded_up(listed: timedelta, age: int) -> None:
    """So that "at most 60 s" takes nothing older; a clock that is ahead makes no negative one."""
    assert age_of(NOW - listed, NOW) == age
    assert age_of(None, NOW) is None
