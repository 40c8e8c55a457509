from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from domain.deals import Deal
from domain.filters import Filter
from domain.games import GAMES
from models.alerts import Alert
from models.chats import ChatState
from models.database import Database
from models.queries import alerts, arrivals, chats, filters, matching
from tests.factories import NOW
from tests.integration.bot.rows import an_opportunity, chat_row, clock, owe, states, subscribed
from tests.integration.models.threads import wait_until_blocked

ADA, GROUP, SUPERGROUP = 1, -5, -100_5
DEAL = Deal(1, "csgo", "Title", "boost", "instant", 100, 5, 200)
LATER = NOW + timedelta(hours=1)


def test_a_new_chat_is_subscribed_with_the_defaults(database: Database) -> None:
    """Everything of every game."""
    with database.transaction() as session:
        new = chats.subscribe(session, ADA, "private", Filter(), NOW)
        wishes = filters.load(session, ADA)
    row = chat_row(database, ADA)

    assert new
    assert row is not None
    assert (row.state, row.kind) == ("active", "private")
    assert wishes == dict.fromkeys(GAMES, Filter())


def test_a_second_start_changes_nothing(database: Database) -> None:
    """And says so."""
    with database.transaction() as session:
        chats.subscribe(session, ADA, "private", Filter(), NOW)
        new = chats.subscribe(session, ADA, "private", Filter(), LATER)
    row = chat_row(database, ADA)

    assert not new
    assert row is not None
    assert row.changed_at == NOW


def test_a_chat_that_comes_back_keeps_its_filter(database: Database) -> None:
    """Its row stays, active again."""
    own = Filter(min_net=50)
    with database.transaction() as session:
        chats.subscribe(session, ADA, "private", own, NOW)
        stopped = chats.stop(session, ADA, LATER)
        active = chats.is_active(session, ADA)
        back = chats.subscribe(session, ADA, "private", Filter(), LATER)
        kept = filters.load(session, ADA)

    assert (stopped, active, back) == (0, False, True)
    assert kept == dict.fromkeys(GAMES, own)


def test_stop_ends_what_the_chat_waits_for(database: Database) -> None:
    """A second one has nothing to do, nor has one from a stranger."""
    subscribed(database, ADA)
    owe(database, [ADA], at=NOW)
    with database.transaction() as session:
        results = [chats.stop(session, chat_id, LATER) for chat_id in (ADA, ADA, 999)]

    assert results == [1, None, None]
    assert states(database) == [("suppressed", "stopped")]


def test_alerts_follow_a_group_that_became_a_supergroup(database: Database) -> None:
    """The chat's row has the new id then."""
    subscribed(database, GROUP, kind="group")
    owe(database, [GROUP], at=NOW)
    with database.transaction() as session:
        merged = chats.migrate(session, GROUP, SUPERGROUP, LATER)
    row = chat_row(database, SUPERGROUP)

    assert merged == 0
    assert row is not None
    assert (row.state, row.kind) == ("active", "supergroup")
    assert chat_row(database, GROUP) is None
    with database.transaction() as session:
        assert session.scalars(select(Alert.chat_id)).all() == [SUPERGROUP]


def test_a_migration_into_a_known_chat_keeps_each_alert_once(database: Database) -> None:
    """What both have is told once, what only the old one has comes along; hearing of it twice does no harm."""
    subscribed(database, GROUP, SUPERGROUP, kind="group")
    owe(database, [GROUP, SUPERGROUP], at=NOW)
    owe(database, [GROUP], at=NOW)
    with database.transaction() as session:
        merged = [chats.migrate(session, GROUP, SUPERGROUP, LATER) for _ in range(2)]
    old = chat_row(database, GROUP)
    with database.transaction() as session:
        rows = [(row.chat_id, row.state) for row in session.scalars(select(Alert).order_by(Alert.id))]

    assert merged == [1, 0]
    assert sorted(rows) == [(SUPERGROUP, "pending"), (SUPERGROUP, "pending"), (GROUP, "suppressed")]
    assert old is not None
    assert old.state == ChatState.BLOCKED


def test_a_known_chats_own_stop_survives_a_migration(database: Database) -> None:
    """What was said last in the chat that lives on counts."""
    subscribed(database, GROUP, SUPERGROUP, kind="group")
    with database.transaction() as session:
        chats.stop(session, SUPERGROUP, NOW)
        chats.migrate(session, GROUP, SUPERGROUP, LATER)
        told = matching.audience(session, DEAL, 1, 10, NOW)

    assert told == []


def test_a_migration_of_a_stranger_does_nothing(database: Database) -> None:
    """A group that never said /start."""
    with database.transaction() as session:
        assert chats.migrate(session, GROUP, SUPERGROUP, LATER) == 0

    assert chat_row(database, SUPERGROUP) is None


def test_a_chat_that_comes_in_while_a_deal_is_told_hears_of_it(database: Database) -> None:
    """Neither may miss the other: the chat waits until the deal is decided, then finds it open."""
    now = clock()

    def come_in() -> int:
        with database.transaction() as session:
            chats.subscribe(session, 501, "private", Filter(), now)
            return alerts.owe_open(session, 501, now=now, max_age=timedelta(minutes=2), limit=5)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            arrivals.telling(session)
            coming = pool.submit(come_in)
            wait_until_blocked(database)
            an_opportunity(session, at=now)
        owed = coming.result(30)

    assert owed == 1
