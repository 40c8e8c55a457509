from datetime import timedelta

import pytest

from domain.opportunities import Opportunity
from domain.variants import Variant
from models.database import Database
from models.opportunities import EventKind
from models.proof import Proof
from models.queries import opportunities
from models.queries.nominees import Claimed
from models.queries.opportunities import Change
from tests.factories import NOW, TITLE
from tests.integration.models.verdicts import an_opportunity, evidence_at
from tests.rows import a_claimed, make_item, rows, single

RUBY = Variant(phase="ruby")
PHASE_2 = Variant(phase="phase-2")
EVENTS = "SELECT kind, offer_id, buy, at FROM opportunity_events ORDER BY id"
SECOND = timedelta(seconds=1)


@pytest.fixture
def claimed(database: Database) -> Claimed:
    return a_claimed(database, make_item(database, TITLE))


def record(
    database: Database, claimed: Claimed, *found: Opportunity, second: int = 0, reason: str = "below_level"
) -> list[Change]:
    """Record what was found on data read `second` seconds after NOW."""
    with database.transaction() as session:
        return opportunities.record(session, claimed, found, evidence_at(second), reason)


def kinds(changes: list[Change]) -> list[EventKind]:
    return [change.kind for change in changes]


def test_a_new_opportunity_is_opened_with_its_proof(database: Database, claimed: Claimed) -> None:
    """One row, one event, and the whole evidence readable again."""
    found = an_opportunity()

    changes = record(database, claimed, found)

    (row,) = rows(database, "SELECT * FROM opportunities")
    proof = Proof.model_validate(row.evidence)
    assert kinds(changes) == [EventKind.OPENED]
    assert (row.state, row.game, row.level, row.exit) == ("open", "csgo", "medium", "instant")
    assert (row.buy, row.net, row.return_bps) == (1000, found.exit.net, found.exit.return_bps)
    assert (row.opened_at, row.confirmed_at) == (NOW, NOW)
    assert (proof.title, proof.buy, proof.offers_at) == (TITLE, 1000, NOW)
    assert rows(database, EVENTS) == [("opened", "a", 1000, NOW)]


def test_an_opportunity_that_stands_is_confirmed_silently(database: Database, claimed: Claimed) -> None:
    """Its row and proof get the new time; nothing happened that anybody must be told."""
    record(database, claimed, an_opportunity())

    changes = record(database, claimed, an_opportunity(), second=9)

    (row,) = rows(database, "SELECT opened_at, confirmed_at, evidence FROM opportunities")
    assert changes == []
    assert (row.opened_at, row.confirmed_at) == (NOW, NOW + 9 * SECOND)
    assert Proof.model_validate(row.evidence).offers_at == NOW + 9 * SECOND
    assert len(rows(database, EVENTS)) == 1


@pytest.mark.parametrize(("buy", "offer_id"), [(950, "a"), (1000, "b"), (950, "b")])
def test_another_price_or_offer_moves_it(database: Database, claimed: Claimed, buy: int, offer_id: str) -> None:
    """The same row goes on, and the change knows the former price."""
    record(database, claimed, an_opportunity())

    (change,) = record(database, claimed, an_opportunity(buy, offer_id=offer_id), second=1)

    assert (change.kind, change.former_buy) == (EventKind.MOVED, 1000)
    assert rows(database, "SELECT state, buy, offer_id FROM opportunities") == [("open", buy, offer_id)]
    assert rows(database, EVENTS)[1:] == [("moved", offer_id, buy, NOW + SECOND)]


def test_an_opportunity_that_the_verdict_does_not_know_is_gone(database: Database, claimed: Claimed) -> None:
    """With its reason; the next time it opens anew, as a row of its own."""
    record(database, claimed, an_opportunity())

    gone = record(database, claimed, second=1, reason="no_offer")
    again = record(database, claimed, an_opportunity(), second=2)

    query = "SELECT state, gone_reason, gone_at FROM opportunities ORDER BY id"
    assert (kinds(gone), kinds(again)) == ([EventKind.GONE], [EventKind.OPENED])
    assert rows(database, query) == [("gone", "no_offer", NOW + SECOND), ("open", None, None)]
    assert [row.kind for row in rows(database, EVENTS)] == ["opened", "gone", "opened"]


def test_variants_of_a_title_live_apart(database: Database, claimed: Claimed) -> None:
    """The Ruby is gone while the Phase 2 stands."""
    record(database, claimed, an_opportunity(variant=PHASE_2), an_opportunity(variant=RUBY, offer_id="r"))

    changes = record(database, claimed, an_opportunity(variant=PHASE_2), second=1, reason="other_variant")

    assert kinds(changes) == [EventKind.GONE]
    assert rows(database, "SELECT variant, state FROM opportunities ORDER BY variant") == [
        ("phase=phase-2", "open"),
        ("phase=ruby", "gone"),
    ]


def test_a_verdict_on_older_data_changes_nothing(database: Database, claimed: Claimed) -> None:
    """Neither a price nor an end: what was seen later is true."""
    record(database, claimed, an_opportunity(), second=5)

    moved = record(database, claimed, an_opportunity(900), second=4)
    ended = record(database, claimed, second=4)

    assert (moved, ended) == ([], [])
    assert rows(database, "SELECT state, buy FROM opportunities") == [("open", 1000)]
    assert single(database, "SELECT count(*) FROM opportunity_events") == 1


def test_what_a_scan_confirmed_is_listed_best_first(database: Database, claimed: Claimed) -> None:
    """Of one game, open, and seen since the scan began."""
    other = a_claimed(database, make_item(database, "Better"), score=200)
    record(database, claimed, an_opportunity(1000), second=3)
    record(database, other, an_opportunity(900), second=2)

    with database.transaction() as session:
        both = opportunities.confirmed_since(session, "csgo", NOW + 2 * SECOND)
        late = opportunities.confirmed_since(session, "csgo", NOW + 3 * SECOND)
        none = opportunities.confirmed_since(session, "rust", NOW)

    assert [row.buy for row in both] == [900, 1000]
    assert [row.buy for row in late] == [1000]
    assert none == []


def test_what_nothing_confirms_any_more_is_ended(database: Database, claimed: Claimed) -> None:
    """Only that game's, only the silent ones, each with its event; a second look finds nothing."""
    record(database, claimed, an_opportunity())

    def close(game: str, before: int) -> int:
        with database.transaction() as session:
            now = NOW + timedelta(minutes=10)
            return opportunities.close_unconfirmed(session, game, NOW + before * SECOND, now)

    ended = [close("rust", 1), close("csgo", 0), close("csgo", 1), close("csgo", 1)]

    assert ended == [0, 0, 1, 0]
    assert rows(database, "SELECT state, gone_reason FROM opportunities") == [("gone", "unconfirmed")]
    assert rows(database, EVENTS)[1:] == [("gone", "a", 1000, NOW + timedelta(minutes=10))]
