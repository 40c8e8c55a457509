"""Watches fire once for each time that a price really gets there: laws over all prices, and the limits of rules."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import ONE
from domain.watches import (
    LEAST_PIECES,
    BadRuleError,
    Measure,
    Rule,
    Stand,
    Turn,
    limits,
    marks,
    step,
    turns,
)

measures = st.sampled_from(Measure)
values = st.one_of(st.none(), st.integers(0, 200_000))


@st.composite
def rules(draw: st.DrawFn, turn: Turn | None = None) -> Rule:
    measure = draw(measures)
    chosen = draw(st.sampled_from([one for one in turns(measure) if turn in {None, one}] or list(turns(measure))))
    least, most = limits(measure, chosen)
    return Rule(measure, chosen, draw(st.integers(least, min(most, 150_000))))


def run(rule: Rule, prices: Sequence[int | None]) -> list[tuple[int, int | None]]:
    """What it fired at, with the value that it fired against."""
    stand, fired = Stand(), []
    for value in prices:
        done = step(rule, stand, value)
        if done.fired:
            fired.append((value or 0, done.former))
        stand = done.stand
    return fired


def below(mark: int, measure: Measure = Measure.ASK) -> Rule:
    return Rule(measure, Turn.BELOW, mark)


@given(rules(), st.lists(values, max_size=40))
def test_an_unknown_value_changes_nothing(rule: Rule, prices: list[int | None]) -> None:
    """An empty side and a failed read neither fire a watch nor arm it."""
    assert run(rule, prices) == run(rule, [value for value in prices if value is not None])


@given(rules(), st.lists(values, max_size=40))
def test_a_value_that_stays_is_told_at_most_once(rule: Rule, prices: list[int | None]) -> None:
    """Each value read again and again fires no more often than read once."""
    assert run(rule, [value for value in prices for _ in range(3)]) == run(rule, prices)


@given(rules(), st.lists(st.integers(0, 200_000), max_size=40))
def test_between_two_firings_the_value_has_left_by_the_band(rule: Rule, prices: list[int]) -> None:
    """At a mark: 1 %, a tick or three pieces beyond it. From a base: the whole change that was asked for."""
    stand, since = Stand(), list[int]()
    for value in prices:
        done = step(rule, stand, value)
        if done.fired and since:
            band = max(-(-rule.mark // 100), 1 if rule.measure.is_price else LEAST_PIECES)
            match rule.turn:
                case Turn.ABOVE:
                    assert min(since) <= rule.mark - band
                case Turn.BELOW:
                    assert max(since) >= rule.mark + band
                case Turn.MOVED:
                    assert abs(value - since[0]) * ONE >= rule.mark * since[0]
                    assert value != since[0]
                case Turn.TIMES:
                    assert abs(value - since[0]) >= LEAST_PIECES
                    assert value * ONE >= rule.mark * since[0] or value * rule.mark <= since[0] * ONE
        since = [value] if done.fired else [*since, value] if since else []
        stand = done.stand


@given(rules(), st.booleans(), st.one_of(st.none(), st.integers(0, 200_000)), st.integers(0, 200_000))
def test_a_known_base_changes_only_where_a_mark_is_met(rule: Rule, armed: bool, base: int | None, value: int) -> None:
    """The database compares prices with the marks alone: what they let pass must be all that matters."""
    stand = Stand(armed, base)
    done = step(rule, stand, value)

    if base is not None:
        assert (done.stand != stand or done.fired) == marks(rule, stand).met(value)


@given(st.integers(1, 150_000), st.lists(st.integers(-1, 1), max_size=40))
def test_noise_around_a_mark_is_told_once(mark: int, noise: list[int]) -> None:
    """A price that trembles by less than the band at the mark is one event, in both directions."""
    trembling = [mark + one * (mark // 200) for one in noise]

    assert len(run(below(mark), trembling)) <= 1
    assert len(run(Rule(Measure.ASK, Turn.ABOVE, mark), trembling)) <= 1


def test_the_first_look_counts() -> None:
    """A watch that is true when it is made tells at once; nothing was known before."""
    assert run(below(1000), [1000]) == [(1000, None)]
    assert run(Rule(Measure.BID, Turn.ABOVE, 1000), [1200]) == [(1200, None)]


def test_a_watch_fires_again_after_the_price_has_left_the_band() -> None:
    """$10.00 is left at $10.10, not at $10.09; the second message tells from there."""
    assert run(below(1000), [1200, 990, 1009, 980, 1010, 1000]) == [(990, 1200), (1000, 1010)]


def test_at_a_few_cents_the_band_is_a_tick() -> None:
    """1 % of 20 cents is less than a cent."""
    assert run(below(20), [21, 20, 21, 20]) == [(20, 21), (20, 21)]


def test_a_move_is_counted_from_the_last_one_told() -> None:
    """5 % from $10.00 is $10.50; from there $9.97 is 5 % again."""
    moved = Rule(Measure.ASK, Turn.MOVED, 500)

    assert run(moved, [1000, 1049, 1050, 1000, 998, 997]) == [(1050, 1000), (997, 1050)]


def test_a_number_of_pieces_changes_by_a_factor_and_by_three_at_least() -> None:
    """Two pieces instead of one is twice as many and still no news."""
    doubled = Rule(Measure.ASKS, Turn.TIMES, 20_000)

    assert run(doubled, [1, 2, 3, 4, 7, 8, 4]) == [(4, 1), (8, 4), (4, 8)]
    assert run(doubled, [0, 2, 3, 0]) == [(3, 0), (0, 3)]


@pytest.mark.parametrize(
    ("measure", "turn", "mark", "said"),
    [
        (Measure.ASK, Turn.BELOW, 0, "mark: must be 1 to 10000000 for ask below, not 0"),
        (Measure.ASK, Turn.MOVED, 99, "mark: must be 100 to 100000 for ask moved, not 99"),
        (Measure.BIDS, Turn.TIMES, 10_000, "mark: must be 12000 to 1000000 for bids times, not 10000"),
        (Measure.ASKS, Turn.MOVED, 500, "asks: can be watched for above, below, times, not moved"),
        (Measure.ASK, Turn.TIMES, 20_000, "ask: can be watched for above, below, moved, not times"),
    ],
)
def test_a_watch_that_cannot_be_is_refused_in_a_sentence(measure: Measure, turn: Turn, mark: int, said: str) -> None:
    """It names what is wrong and what would be right; no second try helps."""
    with pytest.raises(BadRuleError) as refused:
        Rule(measure, turn, mark)

    assert str(refused.value) == said
    assert refused.value.permanent
