"""What is open by game and level, and what keeps a deal from a chat."""

from datetime import timedelta

import pytest

from domain.filters import Condition, Filter
from domain.kinds import Kind, Loudness
from models.database import Database
from models.queries import browse, filters, manners, refused
from models.queries.refused import Refused
from tests.factories import NOW
from tests.integration.bot.rows import an_opportunity
from tests.rows import make_chat

ADA, BOB = 1, 2


@pytest.fixture
def market(database: Database) -> Database:
    """Three open deals in two games, one that is gone, and one whose evidence cannot be read."""
    with database.transaction() as session:
        an_opportunity(session, NOW, title="low", level="boost", cents_per_day=5)
        an_opportunity(session, NOW, title="best", level="boost", cents_per_day=9)
        an_opportunity(session, NOW, title="other", level="pro", game="rust")
        an_opportunity(session, NOW, title="gone", level="pro", state="gone")
        an_opportunity(session, NOW, title="odd", level="pro", evidence={})
    return database


def titles(database: Database, game: str, level: str | None, limit: int = 10) -> list[str]:
    with database.transaction() as session:
        return [one.proof.title for one in browse.open_of(session, game, level, limit)]


def test_open_deals_are_counted(market: Database) -> None:
    """By game and level; what is gone is not there."""
    with market.transaction() as session:
        assert browse.counts(session) == {("csgo", "boost"): 2, ("csgo", "pro"): 1, ("rust", "pro"): 1}


def test_the_best_come_first(market: Database) -> None:
    """Of one level or of all, no more than asked for; what cannot be read is left out."""
    assert titles(market, "csgo", "boost") == ["best", "low"]
    assert titles(market, "csgo", "boost", 1) == ["best"]
    assert titles(market, "csgo", "pro") == []
    assert titles(market, "rust", None) == ["other"]
    assert titles(market, "csgo", None)[-1] != "gone"
    assert titles(market, "dota2", None) == []


def read(database: Database, opportunity_id: int, chat_id: int = ADA) -> Refused | None:
    with database.transaction() as session:
        return refused.refused(session, chat_id, opportunity_id, NOW)


def a_deal(database: Database) -> tuple[int, int]:
    """The ids of a deal at $12.34 that brings $1.16, and of its title."""
    make_chat(database, ADA)
    make_chat(database, BOB)
    with database.transaction() as session:
        row = an_opportunity(session, NOW, title="One")
        return row.id, row.item_id


def test_a_chat_learns_what_its_own_settings_refuse(database: Database) -> None:
    """Filter, mute and sound; those of another chat do not count."""
    deal, item = a_deal(database)
    with database.transaction() as session:
        filters.save(session, ADA, "csgo", Filter(min_net=200, price_to=1000))
        manners.mute(session, ADA, item, NOW + timedelta(hours=1))
        manners.change(session, ADA, Kind.INSTANT, loudness=Loudness.OFF)
    own, other = read(database, deal), read(database, deal, BOB)

    assert own is not None
    assert other is not None
    assert own.misses == (Condition.PRICE, Condition.NET)
    assert (own.muted, own.muted_until, own.off) == (True, NOW + timedelta(hours=1), True)
    assert (other.misses, other.muted, other.off) == ((), False, False)


def test_a_mute_that_is_over_refuses_nothing(database: Database) -> None:
    """Nor is there anything to say to a chat or of a deal that is not known."""
    deal, item = a_deal(database)
    with database.transaction() as session:
        manners.mute(session, ADA, item, NOW)
    found = read(database, deal)

    assert found is not None
    assert (found.muted, found.muted_until) == (False, None)
    assert read(database, deal, 99) is None
    assert read(database, deal + 1) is None
