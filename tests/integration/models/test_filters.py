"""Who is told, in SQL and in the domain's own words: always the same chats."""

from random import Random

from domain.filters import Filter
from domain.games import GAMES
from domain.levels import LEVELS
from models.database import Database
from models.queries import chats
from tests.factories import NOW

MOST = 2**31 - 1
AMOUNTS = (-MOST - 1, -1, 0, 1, 499, 500, 501, 10_000, MOST)
WORDS = ("", "CSGO", "csgo ", "'; DROP TABLE chats; --", "{csgo}", "%", "★", "NULL", "x" * 500)


def some(rng: Random, known: list[str]) -> frozenset[str]:
    pool = [*known, *WORDS]
    return frozenset(rng.sample(pool, rng.randrange(len(pool) + 1)))


def test_the_database_chooses_the_chats_that_the_filter_matches(database: Database) -> None:
    """For filters with empty, unknown and hostile words and with amounts at the ends of their columns."""
    rng = Random(20261123)
    filters = {
        chat_id: Filter(some(rng, [*GAMES]), some(rng, [*LEVELS]), rng.choice(AMOUNTS), rng.choice(AMOUNTS))
        for chat_id in (*range(1, 150), -(2**62), 2**52)
    }
    with database.transaction() as session:
        for chat_id, wanted in filters.items():
            chats.subscribe(session, chat_id, "private", wanted, NOW)
    asked = told = 0
    with database.transaction() as session:
        for _ in range(300):
            game, level = rng.choice([*GAMES, *WORDS]), rng.choice([*LEVELS, *WORDS])
            net, share = rng.choice((*AMOUNTS, 2**40)), rng.choice((*AMOUNTS, -(2**40)))
            expected = [one for one, wanted in filters.items() if wanted.matches(game, level, net, share)]

            found = chats.matching_chats(session, game, level, net, share)

            assert found == sorted(expected), (game, level, net, share)
            asked, told = asked + 1, told + len(found)
        kept = {chat_id: chats.wanted(session, chat_id) for chat_id in filters}

    assert kept == filters
    assert told > asked
