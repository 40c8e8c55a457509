"""Digests on real rows: each window once, what stands in it, and who is moved on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import rounds
from domain.filters import Filter
from domain.windows import Every, Grouping
from models.chats import ChatState
from models.database import Database
from models.opportunities import OpportunityRow
from models.payloads import DigestNews
from models.queries import digests, filters, profiles
from models.queries.digested import LINES
from tests.integration.bot.rows import an_opportunity
from tests.rows import make_chat, rows, single

CHAT = 11
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Berlin, a Monday
HOUR = timedelta(hours=1)


def want(database: Database, chat: int = CHAT, every: Every = Every.DAILY, **values: object) -> None:
    """A chat in Berlin that wants a digest of one deal or more and made up its mind two days ago."""
    chosen = {"zone": "Europe/Berlin", "digest": every.value, "digest_least": 1, "digest_group": "game"} | values
    make_chat(database, chat, at=MORNING)
    with database.transaction() as session:
        profiles.change(session, chat, MORNING, **chosen)
        digests.arrange(session, chat, MORNING - 48 * HOUR)


def deal(database: Database, ago: timedelta = HOUR, **values: Any) -> int:
    """The id of an opportunity that opened that long before MORNING; columns and fields of its proof may be given."""
    columns = {name: values.pop(name) for name in list(values) if name in OpportunityRow.__table__.columns}
    proof = {name: columns[name] for name in ("game", "level", "exit", "buy") if name in columns} | values
    with database.transaction() as session:
        row = an_opportunity(session, MORNING - ago, **proof)
        for name, value in columns.items():
            setattr(row, name, value)
        return row.id


def write(database: Database, at: datetime = MORNING) -> bool:
    with database.transaction() as session:
        return rounds.digest(session, at)


def written(database: Database) -> list[DigestNews]:
    found = rows(database, "SELECT payload FROM alerts WHERE kind = 'digest' ORDER BY id")
    return [DigestNews.model_validate(row.payload) for row in found]


def due(database: Database, chat: int = CHAT) -> datetime | None:
    at: datetime | None = single(database, "SELECT digest_due_at FROM chats WHERE id = :chat", chat=chat)
    return at


def test_a_digest_tells_of_the_deals_of_its_window_and_what_became_of_them(database: Database) -> None:
    """From nine to nine: what opened before or after belongs to another digest."""
    want(database)
    deal(database, 25 * HOUR)
    deal(database, 0 * HOUR)
    deal(database, 24 * HOUR, title="First", cents_per_day=200)
    gone = MORNING - 3 * HOUR + timedelta(seconds=40)
    deal(database, 3 * HOUR, title="Last", state="gone", gone_at=gone)

    write(database)

    (news,) = written(database)
    assert (news.start, news.end, news.zone) == (MORNING - 24 * HOUR, MORNING, "Europe/Berlin")
    (group,) = news.groups
    assert [(one.title, one.gone_at) for one in group.deals] == [("First", None), ("Last", gone)]
    assert (group.key, group.number, group.more, news.number) == ("csgo", 2, 0, 2)


def test_a_window_is_told_once_by_any_number_of_bots(database: Database) -> None:
    """Eight at once, forty chats: a digest each."""
    for chat in range(1, 41):
        want(database, chat)
    deal(database)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write(database), range(16)))

    assert len(written(database)) == 40
    assert single(database, "SELECT count(DISTINCT chat_id) FROM alerts") == 40
    assert due(database) == MORNING + 24 * HOUR


def test_a_bot_that_breaks_off_leaves_the_window_to_another(database: Database) -> None:
    """Digest and next turn are one transaction."""
    want(database)
    deal(database)
    with database.transaction() as session:
        rounds.digest(session, MORNING)
        session.rollback()
    broken = (written(database), due(database))

    write(database)

    assert broken == ([], MORNING - 24 * HOUR)
    assert len(written(database)) == 1


def test_a_window_is_not_told_again_after_its_row_was_turned_back(database: Database) -> None:
    """The key of the message is the window: whoever arranges anew cannot bring it back."""
    want(database)
    deal(database)
    write(database)
    with database.transaction() as session:
        digests.arrange(session, CHAT, MORNING - HOUR)

    write(database)

    assert len(written(database)) == 1


def test_after_an_outage_only_the_newest_window_is_told(database: Database) -> None:
    """Five hours were missed; the last one is news."""
    want(database, every=Every.HOURLY)
    for hours in range(1, 6):
        deal(database, hours * HOUR - timedelta(minutes=30), title=f"{hours} h ago")

    write(database)
    write(database)

    (news,) = written(database)
    assert [one.title for one in news.groups[0].deals] == ["1 h ago"]
    assert due(database) == MORNING + HOUR


def test_too_few_deals_make_no_digest_and_the_next_window_begins(database: Database) -> None:
    """A chat that wants three at least hears nothing of two; none is never a digest."""
    want(database, digest_least=3)
    want(database, 12, digest_least=0)
    rows(database, 'UPDATE filters SET "on" = false WHERE chat_id = 12 RETURNING game')
    deal(database)
    deal(database)

    write(database)

    assert written(database) == []
    assert due(database) == due(database, 12) == MORNING + 24 * HOUR


def test_only_what_the_filters_want_stands_in_a_digest(database: Database) -> None:
    """Of muted titles nothing, of a title that was a deal twice the last time."""
    want(database)
    with database.transaction() as session:
        filters.save(session, CHAT, "csgo", Filter(min_net=100))
    deal(database, net=99)
    first = deal(database, 2 * HOUR, net=100, title="Twice", state="gone", gone_at=MORNING - HOUR)
    item = single(database, "SELECT item_id FROM opportunities WHERE id = :id", id=first)
    again = deal(database, HOUR, net=101)
    rows(database, "UPDATE opportunities SET item_id = :item WHERE id = :id RETURNING id", item=item, id=again)
    muted = deal(database)
    rows(
        database,
        "INSERT INTO mutes SELECT :chat, item_id, NULL FROM opportunities WHERE id = :id RETURNING item_id",
        chat=CHAT,
        id=muted,
    )

    write(database)

    (news,) = written(database)
    assert [(one.title, one.net) for one in news.groups[0].deals] == [("Twice", 101)]


@pytest.mark.parametrize(
    ("grouping", "keys"),
    [
        (Grouping.TYPE, [("instant", 2), ("patient", 2)]),
        (Grouping.GAME, [("csgo", 3), ("rust", 1)]),
        (Grouping.PRIORITY, [("pro", 1), ("medium", 2), ("boost", 1)]),
        (Grouping.TIME, [("2026-11-22 20:00:00+00", 1), ("2026-11-23 02:00:00+00", 3)]),
    ],
)
def test_deals_are_grouped_as_the_chat_wants(
    database: Database, grouping: Grouping, keys: list[tuple[str, int]]
) -> None:
    """By how they sell, game, level or part of the day, each in its own order."""
    want(database, digest_group=grouping.value)
    deal(database, 1 * HOUR, level="boost")
    deal(database, 2 * HOUR, level="medium", exit="patient")
    deal(database, 3 * HOUR, level="medium", exit="patient", game="rust")
    deal(database, 8 * HOUR, level="pro")

    write(database)

    (news,) = written(database)
    assert [(group.key, group.number) for group in news.groups] == keys


def test_a_group_shows_its_best_and_counts_the_rest(database: Database) -> None:
    """Ten lines, the most a day first."""
    want(database)
    for worth in range(LINES + 4):
        deal(database, cents_per_day=worth, title=f"{worth} cents")

    write(database)

    group = written(database)[0].groups[0]
    assert [one.title for one in group.deals] == [f"{worth} cents" for worth in range(LINES + 3, 3, -1)]
    assert (group.number, group.more) == (14, 4)


def test_a_chat_that_left_or_wants_no_digest_is_moved_on(database: Database) -> None:
    """Neither stands before the others in the next round."""
    want(database)
    want(database, 12)
    rows(database, "UPDATE chats SET digest = 'off' WHERE id = 11 RETURNING id")
    rows(database, "UPDATE chats SET state = :state WHERE id = 12 RETURNING id", state=ChatState.STOPPED.value)
    deal(database)

    write(database)

    assert written(database) == []
    assert (due(database), due(database, 12)) == (None, MORNING + 24 * HOUR)


def test_a_row_that_nobody_understands_does_not_stop_the_others(database: Database) -> None:
    """A rhythm of a later version is off here, a zone without a place is UTC."""
    want(database)
    want(database, 12, zone="Mars/Olympus")
    rows(database, "UPDATE chats SET digest = 'fortnightly' WHERE id = 11 RETURNING id")
    deal(database)

    write(database, MORNING + HOUR)

    assert [news.zone for news in written(database)] == ["UTC"]
    assert due(database) is None


def test_a_digest_waits_for_the_end_of_the_next_window_at_most(database: Database) -> None:
    """It is in no hurry, and makes no sense beside its successor."""
    want(database, every=Every.SIX_HOURS)
    deal(database, 4 * HOUR)

    write(database)

    row = rows(database, "SELECT bulk, expires_at FROM alerts")[0]
    assert row.bulk
    assert row.expires_at == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
