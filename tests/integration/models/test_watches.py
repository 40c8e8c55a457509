"""A chat's own watches: how many, which, and nobody else's."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError

from domain.watches import MOST_WATCHES, TooManyWatchesError
from models.database import Database
from models.queries import watches
from tests.factories import NOW
from tests.integration.models.watching import (
    BELOW,
    CHAT,
    MINUTE,
    OTHER,
    a_watched_item,
    below,
    read,
    settle,
    told,
    values,
    watch,
)
from tests.rows import a_quote, rows


@pytest.fixture
def item(database: Database) -> int:
    return a_watched_item(database)


def test_the_same_watch_twice_is_one(database: Database, item: int) -> None:
    """Pressing a button again makes no second message."""
    with database.transaction() as session:
        first = watches.add(session, CHAT, item, BELOW, NOW)
        second = watches.add(session, CHAT, item, BELOW, NOW)

    assert (first.new, second.new) == (True, False)
    assert first.id == second.id


def test_a_chat_has_at_most_fifty_watches(database: Database, item: int) -> None:
    """Also when it asks twice at the same moment; another chat is not concerned."""
    for mark in range(1, MOST_WATCHES):
        watch(database, item, below(mark))

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(watch, database, item, below(mark)) for mark in (100, 101)]
    refused = [one.exception() for one in asked if one.exception()]
    watch(database, item, chat=OTHER)

    assert [str(error) for error in refused] == ["watches: a chat may have at most 50; remove one first"]
    assert isinstance(refused[0], TooManyWatchesError)


def test_nobody_reaches_the_watch_of_another(database: Database, item: int) -> None:
    """Its number alone opens nothing."""
    number = watch(database, item)

    with database.transaction() as session:
        denied = [
            watches.one(session, OTHER, number),
            watches.change(session, OTHER, number, below(500), NOW),
            watches.remove(session, OTHER, number),
            watches.snooze(session, OTHER, number, NOW + MINUTE),
            *watches.listed(session, OTHER),
        ]
        mine = watches.one(session, CHAT, number)

    assert denied == [None, [], False, False]
    assert mine is not None
    assert (mine.rule, mine.snoozed_until, mine.title) == (BELOW, None, "Title 00000")


def test_a_changed_watch_begins_anew(database: Database, item: int) -> None:
    """It fires by its new rule at once where that is true, and takes the place of a twin."""
    twin, number = watch(database, item, below(1200)), watch(database, item)
    settle(database)

    with database.transaction() as session:
        former = watches.change(session, CHAT, number, below(1200), NOW)
        (left,) = watches.listed(session, CHAT)
    settle(database)

    assert left.id == number != twin
    assert former == [number, twin]
    assert [one["watch_id"] for one in told(database)] == [twin, number]


def test_a_removed_watch_tells_nothing_any_more(database: Database, item: int) -> None:
    """Also of a price that it had seen."""
    number = watch(database, item)
    settle(database)
    read(database, {item: a_quote(900, 990)}, 1)

    with database.transaction() as session:
        assert watches.remove(session, CHAT, number)

    assert settle(database, 1) == 0
    assert values(database) == []


def test_watches_follow_a_chat_that_became_another(database: Database, item: int) -> None:
    """All but the ones that the new chat has itself."""
    watch(database, item)
    watch(database, item, below(500))
    watch(database, item, chat=OTHER)

    with database.transaction() as session:
        watches.follow(session, CHAT, OTHER)

    assert rows(database, "SELECT chat_id, mark FROM watches ORDER BY mark, chat_id") == [
        (OTHER, 500),
        (CHAT, 1000),
        (OTHER, 1000),
    ]


def test_an_unknown_chat_or_title_cannot_watch(database: Database, item: int) -> None:
    """The tables refuse it."""
    for chat, title in ((99, item), (CHAT, item + 1)):
        with pytest.raises(IntegrityError):
            watch(database, title, chat=chat)
