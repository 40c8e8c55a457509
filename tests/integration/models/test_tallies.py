"""How many of the last deals a chat's filters take, and changing them without losing what another changed."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from domain.filters import Filter, Wishes
from domain.games import GAMES
from models.database import Database
from models.queries import filters
from models.queries.tallies import Tally, tally
from tests.factories import NOW
from tests.integration.models.matched import settle, store
from tests.integration.models.threads import at_once
from tests.wishes import some_deal, some_filter, some_game

ADA, BOB = 1, 2
DAY = timedelta(hours=24)


def tallies(database: Database, chat_id: int = ADA) -> dict[str, Tally]:
    with database.transaction() as session:
        return tally(session, chat_id, NOW - DAY)


def test_deals_of_the_last_day_are_counted_by_game(database: Database) -> None:
    """Those that are gone too; those that fit are as many as the domain says."""
    chance = Random(3)
    wishes = {chat_id: {game: some_filter(chance, game) for game in GAMES} for chat_id in range(1, 21)}
    settle(database, wishes)
    deals = [some_deal(chance, some_game(chance)) for _ in range(80)]
    for number, deal in enumerate(deals):
        store(database, deal, worth=number, state="gone" if number % 3 else "open")
    store(database, deals[0], worth=1_000, at=NOW - DAY - timedelta(seconds=1))

    for chat_id, own in wishes.items():
        expected = {
            game: Tally(sum(own[game].matches(deal) for deal in deals if deal.game == game), opened)
            for game in GAMES
            if (opened := sum(deal.game == game for deal in deals))
        }
        assert tallies(database, chat_id) == expected


def test_without_deals_or_a_chat_there_is_nothing_to_count(database: Database) -> None:
    """No game is named."""
    settle(database, {ADA: {}})

    assert tallies(database, ADA) == tallies(database, BOB) == {}


def test_changes_at_once_follow_one_another(database: Database) -> None:
    """Two presses in two bots: neither is lost, and no other chat or game changes."""
    settle(database, {ADA: {}, BOB: {}})

    def dearer(wishes: Wishes) -> Wishes:
        return {"csgo": replace(wishes["csgo"], min_net=wishes["csgo"].min_net + 1)}

    def change() -> Wishes:
        with database.transaction() as session:
            return filters.change(session, ADA, dearer)

    after = at_once(8, change)

    assert sorted(wishes["csgo"].min_net for wishes in after) == list(range(1, 9))
    with database.transaction() as session:
        assert filters.load(session, ADA) == dict.fromkeys(sorted(GAMES), Filter()) | {"csgo": Filter(min_net=8)}
        assert filters.load(session, BOB) == dict.fromkeys(sorted(GAMES), Filter())


def test_a_stranger_has_nothing_to_change(database: Database) -> None:
    """And gets nothing by it."""
    with database.transaction() as session:
        assert filters.change(session, 404, lambda wishes: wishes) == {}
