"""A few thousand damaged answers on each run; `make fuzz` makes a hundred thousand."""

import json
from collections import Counter

import pytest

from dmarket.wire import fields
from tests.fuzz.__main__ import report
from tests.fuzz.answers import ASKING, Sample, ask, samples
from tests.fuzz.cases import Case, complaint, draw, smallest

CASES = 4_000
SEED = 20261123


def test_a_damaged_answer_ends_in_a_typed_error_or_a_true_value() -> None:
    """No other exception, no price, count or title that does not stand in the answer, nothing that cannot be stored."""
    wrong = [number for number in range(CASES) if complaint(draw(SEED, number))]

    assert not wrong, "\n".join(report(SEED, number) for number in wrong[:3])


def test_the_damage_is_neither_always_noticed_nor_never() -> None:
    """Every kind of answer is read and is refused many times, or the cases would prove little."""
    ends: Counter[tuple[str, str]] = Counter()
    for number in range(1_000):
        case = draw(SEED, number)
        try:
            ask(case.sample.kind, case.sample.titles, (case.body, case.last))
        except Exception as error:  # noqa: BLE001  # only counted here, the test above looks at them
            ends[case.sample.kind, type(error).__name__] += 1
        else:
            ends[case.sample.kind, "read"] += 1

    assert all(ends[kind, "read"] >= 5 and ends[kind, "Malformed"] >= 5 for kind in ASKING), ends


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.kind)
def test_an_undamaged_answer_is_read_whole(sample: Sample) -> None:
    """The oracles have nothing against what is right."""
    case = Case(sample, json.dumps(sample.document).encode())

    assert complaint(case) == ""
    assert ask(sample.kind, sample.titles, (case.body, case.last))


def test_a_case_is_the_same_when_it_is_drawn_again() -> None:
    """Seed and number are all it depends on."""
    assert draw(3, 14) == draw(3, 14)
    assert draw(3, 14).body != draw(4, 14).body


@pytest.mark.parametrize("kind", ["prices", "offers", "bids", "sales", "fees", "balance", "catalogue"])
def test_the_oracle_sees_a_price_that_was_not_sent(kind: str, one_cent_off: None) -> None:
    """A reader that is a cent off is found out by each kind of answer."""
    case = undamaged(kind)

    assert "answer" in complaint(case) or " is not " in complaint(case)


def test_a_failing_case_is_made_small(one_cent_off: None) -> None:
    """What is shown holds little more than what is wrong: one row of eight."""
    case = undamaged("prices")

    small = smallest(case)

    assert "stands nowhere" in complaint(small)
    assert len(small.body) < len(case.body) / 4


def undamaged(kind: str) -> Case:
    sample = next(one for one in samples() if one.kind == kind)
    return Case(sample, json.dumps(sample.document).encode())


@pytest.fixture
def one_cent_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that reads every number wrongly."""
    monkeypatch.setattr(fields, "_whole", lambda number: int(number) + 1)
    monkeypatch.setattr(fields, "_DIGITS", -1)
    monkeypatch.setattr(fields, "_SMALL", -1)
