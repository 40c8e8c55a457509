"""Who is told, in SQL and in the domain's own words: always the same chats."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from domain.audience import fit
from domain.deals import Deal
from domain.filters import Filter
from domain.games import GAMES
from models.database import Database
from models.queries import chats
from tests.factories import NOW
from tests.integration.models.matched import settle, told
from tests.rows import make_item, rows
from tests.wishes import some_deal, some_filter, some_game

DEAL = Deal(1, "csgo", "AK-47 | Redline (Field-Tested)", "medium", "instant", 1_000, 116, 1_160)
PICKY = Filter(min_net=100, price_to=2_000, exits=frozenset({"instant"}))


def test_the_database_chooses_the_chats_that_the_filter_matches(database: Database) -> None:
    """Over tens of thousands of pairs that meet at the edges of every condition, hostile texts included."""
    chance = Random(20261123)
    wishes = {chat: {game: some_filter(chance, game) for game in GAMES} for chat in (*range(1, 250), -(2**62), 2**52)}
    settle(database, wishes)
    pairs = matched = 0
    for _ in range(150):
        deal = some_deal(chance, some_game(chance))
        expected = sorted(chat_id for chat_id, own in wishes.items() if own[deal.game].matches(deal))

        found = told(database, deal)

        assert sorted(found) == expected, deal
        pairs, matched = pairs + len(wishes), matched + len(found)

    assert pairs / 20 < matched < pairs / 2


def test_the_bound_is_kept_and_the_best_fit_comes_first(database: Database) -> None:
    """Of those who want it, the ones that ask for most, whatever the seed."""
    chance = Random(7)
    wishes = {chat: {"csgo": some_filter(chance, "csgo", most=4)} for chat in range(1, 200)}
    settle(database, wishes)
    wanting = [chat for chat, own in wishes.items() if own["csgo"].matches(DEAL)]
    best = sorted((fit(wishes[chat]["csgo"]) for chat in wanting), reverse=True)

    for most in (0, 1, 5, len(wanting) - 1, len(wanting), 1_000):
        found = told(database, DEAL, seed=most, most=most)

        assert set(found) <= set(wanting)
        assert len(set(found)) == len(found) == min(most, len(wanting))
        assert [fit(wishes[chat]["csgo"]) for chat in found] == best[:most]


def test_among_equals_the_turn_goes_round(database: Database) -> None:
    """Over many deals every chat is told about as often as any other, and nobody waits long for a turn."""
    settle(database, {chat: {} for chat in range(1, 101)})
    heard: Counter[int] = Counter()
    waits: dict[int, int] = dict.fromkeys(range(1, 101), 0)
    longest = 0
    for seed in range(1, 301):
        found = told(database, DEAL, seed=seed, most=10)
        heard.update(found)
        waits = {chat: 0 if chat in found else wait + 1 for chat, wait in waits.items()}
        longest = max(longest, *waits.values())

    assert sorted(heard) == list(range(1, 101))
    assert min(heard.values()) >= 25
    assert max(heard.values()) <= 35
    assert longest <= 25


def test_the_same_seed_gives_the_same_chats(database: Database) -> None:
    """In the same order, and another seed others."""
    settle(database, {chat: {} for chat in range(1, 51)})
    first, again, other = (told(database, DEAL, seed=seed, most=5) for seed in (3, 3, 4))

    assert first == again
    assert set(first) != set(other)


@pytest.mark.parametrize(
    ("change", "told_then"),
    [
        ("UPDATE chats SET snoozed_until = :now + interval '1 second' WHERE id = 1", False),
        ("UPDATE chats SET snoozed_until = :now WHERE id = 1", True),
        ("INSERT INTO manners (chat_id, kind, loudness) VALUES (1, 'instant', 'off')", False),
        ("INSERT INTO manners (chat_id, kind, loudness) VALUES (1, 'instant', 'silent')", True),
        ("INSERT INTO manners (chat_id, kind, loudness) VALUES (1, 'patient', 'off')", True),
        ("INSERT INTO mutes (chat_id, item_id) VALUES (1, :item)", False),
        ("INSERT INTO mutes (chat_id, item_id, until) VALUES (1, :item, :now + interval '1 second')", False),
        ("INSERT INTO mutes (chat_id, item_id, until) VALUES (1, :item, :now)", True),
        ("INSERT INTO mutes (chat_id, item_id) VALUES (1, :other)", True),
        ("INSERT INTO mutes (chat_id, item_id) VALUES (2, :item)", True),
    ],
)
def test_who_does_not_want_to_hear_now_is_passed_over(database: Database, change: str, told_then: bool) -> None:
    """Snoozed, the kind off, the title muted: each until it ends, and each only for the chat that said so."""
    settle(database, {1: {}, 2: {}, 3: {}})
    item, other = make_item(database, DEAL.title), make_item(database, "Another")
    rows(database, f"{change} RETURNING 1", now=NOW, item=item, other=other)
    deal = Deal(item, *(getattr(DEAL, name) for name in ("game", "title", "level", "exit", "buy", "net", "return_bps")))

    found = told(database, deal)

    assert (1 in found, 3 in found) == (told_then, True)


def test_a_chat_that_left_is_told_nothing_until_it_comes_back(database: Database) -> None:
    """By its own /stop, or blocked; its filters stay what they were."""
    settle(database, {1: {"csgo": PICKY}, 2: {}, 3: {}})
    with database.transaction() as session:
        chats.stop(session, 1, NOW)
        chats.mark_blocked(session, 2, "Forbidden", NOW)
    left = told(database, DEAL)
    with database.transaction() as session:
        chats.subscribe(session, 1, "private", Filter(), NOW + timedelta(hours=1))
    back = told(database, DEAL)

    assert left == [3]
    assert back == [1, 3]
    assert not told(database, Deal(1, "csgo", "AK-47", "medium", "patient", 1_000, 116, 1_160)).count(1)


def test_a_group_that_became_a_supergroup_is_told_under_its_new_number(database: Database) -> None:
    """Its filters go with it; where the new one is known, that one's stand."""
    settle(database, {-5: {"csgo": PICKY}, -6: {"csgo": PICKY}, -600: {"csgo": Filter(on=False)}})
    with database.transaction() as session:
        chats.migrate(session, -5, -500, NOW)
        chats.migrate(session, -6, -600, NOW)

    assert told(database, DEAL) == [-500]
