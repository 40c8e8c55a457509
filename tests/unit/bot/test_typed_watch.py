"""Conditions of watches as they are typed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.condition_words import MEASURES, MOVES, PERCENT, TURNS
from bot.keyboards.watches import presets
from bot.typed_watch import BadConditionError, mark, rule, split
from domain.watches import Measure, Rule, Turn, WatchError, limits, turns

TITLE = "AK-47 | Redline (Field-Tested)"


@pytest.mark.parametrize(
    ("typed", "name", "wanted"),
    [
        (f"{TITLE} below 12.50", TITLE, Rule(Measure.ASK, Turn.BELOW, 1250)),
        (f"{TITLE} < $12,50", TITLE, Rule(Measure.ASK, Turn.BELOW, 1250)),
        ("ak redline UNDER 12", "ak redline", Rule(Measure.ASK, Turn.BELOW, 1200)),
        ("ак ниже 12", "ак", Rule(Measure.ASK, Turn.BELOW, 1200)),
        ("ak über 3 $", "ak", Rule(Measure.ASK, Turn.ABOVE, 300)),
        ("awp  bid   above 10", "awp", Rule(Measure.BID, Turn.ABOVE, 1000)),
        ("awp bid >=10", "awp", Rule(Measure.BID, Turn.ABOVE, 1000)),
        ("awp ±5%", "awp", Rule(Measure.ASK, Turn.MOVED, 500)),
        ("awp +/-7.5 %", "awp", Rule(Measure.ASK, Turn.MOVED, 750)),
        ("awp bid 5%", "awp", Rule(Measure.BID, Turn.MOVED, 500)),
        ("awp offers x2", "awp", Rule(Measure.ASKS, Turn.TIMES, 20_000)),
        ("awp volume 1.5x", "awp", Rule(Measure.ASKS, Turn.TIMES, 15_000)),
        ("awp bids ×3", "awp", Rule(Measure.BIDS, Turn.TIMES, 30_000)),
        ("awp offers below 3", "awp", Rule(Measure.ASKS, Turn.BELOW, 3)),
        ("awp b\u0131d below 5", "awp", Rule(Measure.BID, Turn.BELOW, 500)),
        ("below 5", "", Rule(Measure.ASK, Turn.BELOW, 500)),
        (TITLE, TITLE, None),
        ("p2000 | offering 5", "p2000 | offering 5", None),
        ("AWP | Hyper Beast below", "AWP | Hyper Beast below", None),
        ("", "", None),
    ],
)
def test_a_line_is_a_name_and_a_condition(typed: str, name: str, wanted: Rule | None) -> None:
    """What stands at its end; without one the whole is a name."""
    assert split(typed) == (name, wanted)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("цена меньше 12,50", Rule(Measure.ASK, Turn.BELOW, 1250)),
        ("дешевле 12", Rule(Measure.ASK, Turn.BELOW, 1200)),
        ("заявка больше 10", Rule(Measure.BID, Turn.ABOVE, 1000)),
        ("заявок больше 30", Rule(Measure.BIDS, Turn.ABOVE, 30)),
        ("изменение на 5%", Rule(Measure.ASK, Turn.MOVED, 500)),
        ("цена изменится на 5 процентов", Rule(Measure.ASK, Turn.MOVED, 500)),
        ("ОБЪЁМ x2", Rule(Measure.ASKS, Turn.TIMES, 20_000)),
        ("por debajo de 12,50", Rule(Measure.ASK, Turn.BELOW, 1250)),
        ("precio menos de 12", Rule(Measure.ASK, Turn.BELOW, 1200)),
        ("puja más de 10", Rule(Measure.BID, Turn.ABOVE, 1000)),
        ("ofertas por encima de 30", Rule(Measure.ASKS, Turn.ABOVE, 30)),
        ("cambia un 5 por ciento", Rule(Measure.ASK, Turn.MOVED, 500)),
        ("volumen x2", Rule(Measure.ASKS, Turn.TIMES, 20_000)),
        ("Preis unter 12,50", Rule(Measure.ASK, Turn.BELOW, 1250)),
        ("höchstens 12", Rule(Measure.ASK, Turn.BELOW, 1200)),
        ("Gebot mindestens 10", Rule(Measure.BID, Turn.ABOVE, 1000)),
        ("Angebote mehr als 30", Rule(Measure.ASKS, Turn.ABOVE, 30)),
        ("ÄNDERT SICH UM 5 Prozent", Rule(Measure.ASK, Turn.MOVED, 500)),
        ("Gebot ±5 %", Rule(Measure.BID, Turn.MOVED, 500)),
        ("Gebote 3x", Rule(Measure.BIDS, Turn.TIMES, 30_000)),
        ("changes by 5 percent", Rule(Measure.ASK, Turn.MOVED, 500)),
    ],
)
def test_a_condition_is_read_in_every_language(typed: str, wanted: Rule) -> None:
    """Above, below, a change by a share and the number of offers and bids, as people would write them."""
    assert split(f"{TITLE} {typed}") == (TITLE, wanted)


@pytest.mark.parametrize("word", [*TURNS, *MEASURES, *MOVES, *PERCENT])
def test_words_of_conditions_are_in_small_letters(word: str) -> None:
    """They are looked up so."""
    assert word == word.lower().strip()


@pytest.mark.parametrize("word", TURNS)
def test_every_word_for_a_limit_is_read(word: str) -> None:
    """Also in capitals."""
    assert split(f"awp {word.upper()} 5") == ("awp", Rule(Measure.ASK, TURNS[word], 500))


@pytest.mark.parametrize("word", MOVES)
def test_every_word_for_a_change_is_read(word: str) -> None:
    """Before a share."""
    assert split(f"awp {word} 5%") == ("awp", Rule(Measure.ASK, Turn.MOVED, 500))


@pytest.mark.parametrize("typed", ["ak below 0", "ak below 999999", "ak offers ±5%", "ak bid x2", "ak ±0.5%", "ak x1"])
def test_an_impossible_condition_is_no_name(typed: str) -> None:
    """It was understood, so it is answered as what it is."""
    with pytest.raises(BadConditionError):
        split(typed)


@pytest.mark.parametrize("typed", ["", "plenty", "12.345", "1e3", "-5", "٣", "5 5"])
def test_a_value_that_cannot_be_read_is_refused(typed: str) -> None:
    """Of every kind."""
    for measure in Measure:
        for turn in turns(measure):
            with pytest.raises(BadConditionError):
                rule(measure, turn, typed)


@given(st.text(max_size=400))
def test_any_line_is_read_or_refused(typed: str) -> None:
    """Nothing that is typed goes wrong."""
    try:
        name, wanted = split(typed)
    except WatchError:
        return

    assert len(name) <= 400
    assert wanted is None or wanted.mark > 0


@pytest.mark.parametrize("typed", [" below" * 1000, "bid " * 1000 + "x", "> " * 2000, "5" * 4000, "$ " * 2000])
def test_a_long_line_is_read_quickly(typed: str) -> None:
    """No line makes the expressions search for long."""
    begin = time.process_time()
    split(typed)

    assert time.process_time() - begin < 0.2


@given(measure=st.sampled_from(Measure), now=st.none() | st.integers(0, 20_000_000), data=st.data())
def test_values_to_choose_can_be_watched(measure: Measure, now: int | None, data: st.DataObject) -> None:
    """Each one is a rule, and a limit lies on the side that is not reached yet."""
    turn = data.draw(st.sampled_from(turns(measure)))
    least, most = limits(measure, turn)
    found = presets(measure, turn, now)

    assert len({*found}) == len(found)
    assert all(least <= one <= most for one in found)
    assert all(Rule(measure, turn, one) for one in found)
    if turn in {Turn.ABOVE, Turn.BELOW}:
        assert all((one > (now or 0)) is (turn is Turn.ABOVE) for one in found)


def test_a_mark_of_the_wrong_measure_is_none() -> None:
    """Prices have no factor, numbers of pieces no share."""
    assert mark(Measure.ASK, Turn.TIMES, "2") is None
    assert mark(Measure.ASKS, Turn.MOVED, "5%") is None
