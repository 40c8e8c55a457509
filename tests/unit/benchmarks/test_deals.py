"""A deal's way from the exchange to the chat."""

from datetime import UTC, datetime
from typing import Any

from benchmarks.calls import AGGREGATES, Asked
from benchmarks.deals import accepted_at, way_of

TITLE = "AK-47 | Redline (Field-Tested)"


def batch(answered: float, *deals: str, status: int = 200) -> Asked:
    return Asked(answered - 0.05, answered, "other", AGGREGATES, status, 100, deals)


def read(group: str, answered: float, *deals: str, status: int = 200) -> Asked:
    return Asked(answered - 0.05, answered, group, "/one-title", status, 0, deals)


def message(text: str, at: float, kind: str = "send") -> dict[str, Any]:
    return {"kind": kind, "text": text, "at": datetime.fromtimestamp(at, UTC).isoformat()}


def test_the_way_runs_from_the_first_aggregate_over_the_last_proof_to_the_message() -> None:
    """Batches before it was planted and later looks at it do not count."""
    asked = [
        batch(1.0),
        read("last-sales", 1.5, TITLE),
        batch(2.0, "another", TITLE),
        read("market-items", 2.2, TITLE),
        read("last-sales", 2.5, TITLE),
        read("other", 2.3, TITLE),
        batch(2.6, TITLE),
        read("market-items", 2.7, TITLE),
    ]

    way = way_of(TITLE, asked, accepted=3.0)

    assert way is not None
    assert (way.shown, way.proven) == (2.0, 2.5)
    assert (way.from_shown, way.from_proven) == (1.0, 0.5)


def test_sales_that_were_known_are_no_part_of_the_way() -> None:
    """Offers and bids alone prove it then."""
    way = way_of(TITLE, [batch(1.0, TITLE), read("market-items", 1.2, TITLE), read("other", 1.1, TITLE)], accepted=2.0)

    assert way is not None
    assert way.proven == 1.2


def test_reads_of_another_title_and_refused_ones_prove_nothing() -> None:
    """Without a read of its own a deal has no way that could be measured."""
    asked = [batch(1.0, TITLE), read("market-items", 1.2, "another"), read("other", 1.3, TITLE, status=429)]

    assert way_of(TITLE, asked, accepted=2.0) is None


def test_a_deal_that_no_aggregate_showed_has_no_way() -> None:
    """An answer that failed showed nothing, and one after the message was not its cause."""
    asked = [batch(1.0, TITLE, status=500), batch(2.5, TITLE), read("other", 1.3, TITLE)]

    assert way_of(TITLE, asked, accepted=2.0) is None


def test_a_message_belongs_to_the_title_in_its_second_line() -> None:
    """A variant may follow it; other messages and edits are passed over, the first alert counts."""
    messages = [
        message("Welcome!", 1.0),
        message("+$1 · 9%\nAK-47 | Redline (Minimal Wear)\nBuy $1", 2.0),
        message(f"+$1 · 9%\n{TITLE}\nBuy $1", 3.0, kind="edit"),
        message(f"+$1 · 9%\n{TITLE} · Phase 2\nBuy $1", 4.25),
        message(f"+$1 · 9%\n{TITLE}\nBuy $1", 5.0),
    ]

    assert accepted_at(TITLE, messages) == 4.25
    assert accepted_at("Fracture Case", messages) is None
