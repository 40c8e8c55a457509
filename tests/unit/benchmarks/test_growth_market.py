"""The made-up market: opportunities that stand, prices that change as they are said to."""

from datetime import UTC, datetime

from benchmarks.growth_market import BUY, CHANGING, evidence, proof, quotes, title
from domain.judgement import judge
from domain.opportunities import Limits
from models.proof import Proof

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_evidence_is_accepted() -> None:
    """What is to be confirmed or opened passes every gate."""
    verdict = judge(evidence(title(7), "offer-7", NOW), NOW, Limits())

    assert verdict.rejection is None
    assert [one.offer.price for one in verdict.opportunities] == [BUY]


def test_proof_can_be_read_back() -> None:
    """/top must show the seeded opportunities, so their evidence has to be today's."""
    assert Proof.model_validate_json(proof(NOW)).buy == BUY


def test_a_tenth_of_the_prices_changes_at_each_scan() -> None:
    """Titles that moved in one scan are back in the next, when others move."""
    titles = {title(number): number for number in range(200)}
    first, second = quotes(titles, 1), quotes(titles, 2)

    assert sum(first[name] != second[name] for name in titles) == 2 * len(titles) // CHANGING
