"""Stored prices and watches: what meets a mark is told once, whoever looks and whatever breaks off."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.quotes import AggregatedPrice
from domain.watches import Measure, Rule, Turn
from models.database import Database
from models.queries import chats, claims, firings, prices, profiles, sightings, watches
from tests.factories import NOW
from tests.integration.models.watching import (
    CHAT,
    MINUTE,
    OTHER,
    SECOND,
    a_watched_item,
    below,
    read,
    settle,
    told,
    values,
    watch,
)
from tests.rows import a_quote, make_chat, make_item, rows, single

NOON = 12 * 60  # minutes of the day; NOW is then


@pytest.fixture
def item(database: Database) -> int:
    return a_watched_item(database)


def test_a_price_that_meets_a_watch_is_told_once_and_again_after_it_left(database: Database, item: int) -> None:
    """Below $10.00: told at $9.90, silent at $9.80, armed at $10.10, told at $9.95."""
    watch(database, item)

    for at, ask in enumerate((990, 980, 1010, 995), 1):
        read(database, {item: a_quote(900, ask)}, at)
        settle(database, at)

    assert values(database) == [(1200, 990), (1010, 995)]


def test_the_message_names_what_was_and_what_is_with_their_times(database: Database, item: int) -> None:
    """Title, rule, both values and when each was read."""
    number = watch(database, item)
    settle(database)
    read(database, {item: a_quote(900, 990)}, 60)
    settle(database, 61)

    (news,) = told(database)
    assert news == {
        "watch_id": number,
        "game": "csgo",
        "title": "Title 00000",
        "measure": "ask",
        "turn": "below",
        "mark": 1000,
        "value": 990,
        "seen_at": "2026-11-22T12:01:00Z",
        "former": 1200,
        "former_at": "2026-11-22T12:00:00Z",
    }


def test_a_watch_that_is_true_when_it_is_made_is_told_at_once(database: Database, item: int) -> None:
    """By the last price, without waiting for the next one."""
    watch(database, item, below(1300))

    assert settle(database) == 1
    assert values(database) == [(None, 1200)]


def test_a_title_without_a_price_is_watched_from_its_first_one(database: Database, item: int) -> None:
    """Nothing is known of it yet: the first price counts, a move is counted from there."""
    unread = make_item(database, "Unread")
    watch(database, unread, below(500))
    watch(database, unread, Rule(Measure.ASK, Turn.MOVED, 1000))

    settle(database)
    for at, ask in ((1, 500), (2, 549), (3, 550)):
        read(database, {unread: a_quote(None, ask)}, at)
        settle(database, at)

    assert values(database) == [(None, 500), (500, 550)]


def test_a_title_that_was_left_out_of_an_answer_tells_nothing(database: Database, item: int) -> None:
    """Two empty sides are no price and no number of pieces; a single empty side is a number, none."""
    watch(database, item, Rule(Measure.ASKS, Turn.BELOW, 1))
    watch(database, item)

    read(database, {item: None}, 1)
    settle(database, 1)
    silent = values(database)
    read(database, {item: a_quote(900, None)}, 2)
    settle(database, 2)

    assert silent == []
    assert values(database) == [(2, 0)]


def test_each_measure_looks_at_its_own_number(database: Database, item: int) -> None:
    """The ask, the bid, and how many there are of each."""
    for measure, mark in ((Measure.ASK, 1300), (Measure.BID, 950), (Measure.ASKS, 7), (Measure.BIDS, 9)):
        watch(database, item, Rule(measure, Turn.ABOVE, mark))
    settle(database)

    read(database, {item: AggregatedPrice("", 951, 9, 1301, 7)}, 1)
    settle(database, 1)

    assert sorted((one["measure"], one["value"]) for one in told(database)) == [
        ("ask", 1301),
        ("asks", 7),
        ("bid", 951),
        ("bids", 9),
    ]


def test_what_was_seen_first_is_told_though_the_price_went_back(database: Database, item: int) -> None:
    """A bot that comes late tells of the price that was there, and the watch is armed by the one that is."""
    watch(database, item)
    settle(database)
    read(database, {item: a_quote(900, 990)}, 1)
    read(database, {item: a_quote(900, 1200)}, 2)

    assert settle(database, 3) == 1
    assert settle(database, 3) == 1
    assert settle(database, 3) == 0
    assert values(database) == [(1200, 990)]
    assert single(database, "SELECT armed FROM watches")


def test_two_bots_at_once_tell_each_firing_once(database: Database, item: int) -> None:
    """Forty watches, eight threads that take a few at a time: forty messages."""
    for mark in range(1001, 1041):
        watch(database, item, below(mark))
    settle(database)
    read(database, {item: a_quote(900, 990)}, 1)

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(lambda _: settle(database, 1, limit=6), range(12)))

    assert taken == 40
    assert len({one["watch_id"] for one in told(database)}) == len(told(database)) == 40


def test_a_bot_that_breaks_off_leaves_the_firing_to_another(database: Database, item: int) -> None:
    """Message and watch are one transaction: nothing is told, then it is told once."""
    watch(database, item)
    settle(database)
    read(database, {item: a_quote(900, 990)}, 1)

    with database.transaction() as session:
        firings.settle(session, NOW, 10)
        session.rollback()
    broken = values(database)
    settle(database, 2)

    assert broken == []
    assert values(database) == [(1200, 990)]


def test_a_snoozed_watch_is_silent_and_then_looks_at_the_price_of_that_moment(database: Database, item: int) -> None:
    """What fell while it was snoozed is told when that is over, though the price does not change any more."""
    number = watch(database, item)
    settle(database)
    with database.transaction() as session:
        assert watches.snooze(session, CHAT, number, NOW + MINUTE)
    read(database, {item: a_quote(900, 990)}, 1)
    silent = settle(database, 1)

    with database.transaction() as session:
        early = firings.look_due(session, NOW + 59 * SECOND, 10)
    with database.transaction() as session:
        due = firings.look_due(session, NOW + MINUTE, 10)
    settle(database, 60)

    assert (silent, early, due) == (0, 0, 1)
    assert values(database) == [(1200, 990)]


def test_a_price_stored_beside_a_new_watch_is_not_missed(database: Database, item: int) -> None:
    """The batch did not see the watch, the watch not the price: a second look a little later sees both."""
    with database.transaction() as batch:
        prices.store(batch, {item: a_quote(900, 990)}, NOW + SECOND)
        sightings.look(batch, [item])
        watch(database, item)
    settle(database, 1)
    missed = values(database)

    with database.transaction() as session:
        firings.look_due(session, NOW + watches.SETTLED, 10)
    settle(database, 11)

    assert missed == []
    assert values(database) == [(1200, 990)]


def test_a_chat_that_left_is_not_told_and_hears_of_the_price_when_it_is_back(database: Database, item: int) -> None:
    """Its watches rest and are looked at again."""
    watch(database, item)
    settle(database)
    with database.transaction() as session:
        chats.stop(session, CHAT, NOW)
    read(database, {item: a_quote(900, 990)}, 1)
    settle(database, 1)
    silent = values(database)

    make_chat(database, CHAT)
    with database.transaction() as session:
        watches.look_again(session, CHAT, NOW)
        firings.look_due(session, NOW + MINUTE, 10)
    settle(database, 2)

    assert silent == []
    assert values(database) == [(1200, 990)]


def test_a_watch_of_a_later_version_does_not_stop_the_others(database: Database, item: int) -> None:
    """What this one does not understand stays silent."""
    strange = watch(database, item, below(1250))
    watch(database, item, below(1300))
    rows(database, "UPDATE watches SET turn = 'sideways' WHERE id = :id RETURNING id", id=strange)

    assert settle(database) == 2
    assert values(database) == [(None, 1200)]


def test_what_a_removed_watch_still_owes_is_taken_back(database: Database, item: int) -> None:
    """Held by quiet hours or waiting for its turn; what other watches owe is told, and what is on its way too."""
    first, other = watch(database, item, below(1300)), watch(database, item, below(1250))
    settle(database)
    with database.transaction() as session:
        profiles.change(session, CHAT, NOW, quiet_from=NOON, quiet_until=NOON + 120)
        claims.claim(session, NOW + SECOND, MINUTE, 10)
    held = states(database)
    with database.transaction() as session:
        assert watches.remove(session, CHAT, first)
        ended = [firings.withdraw(session, chat, first, NOW + MINUTE) for chat in (OTHER, CHAT, CHAT)]
    rows(database, "UPDATE alerts SET state = 'sending' WHERE state = 'held' RETURNING id")
    with database.transaction() as session:
        late = firings.withdraw(session, CHAT, other, NOW + MINUTE)

    assert held == [("held", None), ("held", None)]
    assert (ended, late) == ([0, 1, 0], 0)
    assert states(database) == [("suppressed", "cancelled"), ("sending", None)]


def states(database: Database) -> list[tuple[str, str | None]]:
    return [(row.state, row.reason) for row in rows(database, "SELECT state, reason FROM alerts ORDER BY id")]
