"""The other way round: which stored deals a chat's filters take, and which they missed by one condition."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from domain.deals import Deal
from domain.filters import Condition, Filter
from domain.games import GAMES
from domain.traits import Traits
from models.database import Database
from models.queries import matching
from models.queries.matching import Miss
from models.queries.opportunities import deal_of
from tests.factories import NOW
from tests.integration.models.matched import settle, store
from tests.rows import rows
from tests.wishes import some_deal, some_filter, some_game

SINCE = NOW - timedelta(minutes=2)
DEAL = Deal(1, "csgo", "AK-47 | Redline (Field-Tested)", "medium", "instant", 1_000, 116, 1_160, 40, 60)


def worths(database: Database, chat_id: int = 1, limit: int = 1_000) -> list[int]:
    """By their cents a day the deals that a chat would hear of."""
    with database.transaction() as session:
        return [row.cents_per_day for row in matching.open_deals(session, chat_id, NOW, SINCE, limit)]


def missed(database: Database, chat_id: int = 1) -> Miss | None:
    with database.transaction() as session:
        return matching.nearest_miss(session, chat_id, SINCE)


def test_a_chats_deals_are_those_that_its_filters_match(database: Database) -> None:
    """Best first, and the nearest miss is the best deal that misses one condition: as the domain says."""
    chance = Random(11)
    wishes = {chat: {game: some_filter(chance, game) for game in GAMES} for chat in range(1, 61)}
    settle(database, wishes)
    deals = [store(database, some_deal(chance, some_game(chance)), worth=1_000 - number) for number in range(120)]
    nothing = 0
    for chat_id, own in wishes.items():
        matching_ones = [1_000 - number for number, deal in enumerate(deals) if own[deal.game].matches(deal)]
        near = [
            (1_000 - number, *misses)
            for number, deal in enumerate(deals)
            if own[deal.game].on and len(misses := list(own[deal.game].misses(deal))) == 1
        ]
        miss = missed(database, chat_id)

        assert worths(database, chat_id) == matching_ones
        assert ((miss.row.cents_per_day, miss.condition) if miss else None) == (near[0] if near else None)
        nothing += not matching_ones

    assert nothing < len(wishes) / 2


def test_only_open_fresh_unmuted_deals_are_a_chats(database: Database) -> None:
    """And no more than asked for."""
    settle(database, {1: {}})
    store(database, DEAL, worth=5, state="gone")
    store(database, DEAL, worth=4, at=SINCE)
    store(database, DEAL, worth=3)
    store(database, DEAL, worth=2)
    muted = store(database, replace(DEAL, title="Muted"), worth=9)
    rows(database, "INSERT INTO mutes (chat_id, item_id) VALUES (1, :item) RETURNING 1", item=muted.item_id)

    assert worths(database) == [3, 2]
    assert worths(database, limit=1) == [3]
    assert worths(database, chat_id=2) == []


def test_a_listing_ages(database: Database) -> None:
    """A deal that was fresh enough when it opened is too old a second later."""
    settle(database, {1: {"csgo": Filter(max_age=60)}})
    store(database, DEAL)
    with database.transaction() as session:
        late = matching.open_deals(session, 1, NOW + timedelta(microseconds=1), SINCE, 10)

    assert worths(database) == [100]
    assert late == []


@pytest.mark.parametrize(
    ("wanted", "missing"),
    [
        (Filter(), None),
        (Filter(min_net=117), Condition.NET),
        (Filter(include=frozenset({"awp"})), Condition.INCLUDE),
        (Filter(exteriors=frozenset({"factory-new"})), Condition.EXTERIOR),
        (Filter(rarities=frozenset({"covert"})), Condition.RARITY),
        (Filter(min_net=117, min_return_bps=1_161), None),
        (Filter(on=False, min_net=117), None),
    ],
)
def test_a_near_miss_names_its_condition(database: Database, wanted: Filter, missing: Condition | None) -> None:
    """Also where the trait is not known; two misses are not near, and a game that is off misses nothing."""
    settle(database, {1: {"csgo": wanted}})
    store(database, replace(DEAL, traits=Traits(exterior="field-tested")), state="gone")
    store(database, replace(DEAL, net=10_000), worth=10_000, at=SINCE - timedelta(seconds=1))

    miss = missed(database)

    assert (miss.condition if miss else None) is missing


def test_a_stored_deal_is_read_back_as_it_was(database: Database) -> None:
    """Everything that a filter asks for goes through its own column."""
    chance = Random(3)
    settle(database, {1: {}})
    for number in range(20):
        deal = store(database, some_deal(chance, some_game(chance)), worth=number, at=NOW)
        with database.transaction() as session:
            (row,) = matching.open_deals(session, 1, NOW, SINCE, 1)
            back = deal_of(row, deal.title, NOW)

        assert replace(back, age=None) == replace(deal, age=None)
        assert (back.age is None, (back.age or 0) == min(deal.age or 0, 30_000 * 86_400)) == (deal.age is None, True)
