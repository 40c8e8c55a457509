import random
from datetime import timedelta

from sqlalchemy import select

from domain.filters import Filter
from domain.games import GAMES
from domain.levels import LEVELS
from models.alerts import Alert
from models.chats import ChatState
from models.database import Database
from models.queries import chats
from tests.factories import NOW
from tests.integration.bot.rows import chat_row, owe, states, subscribed

ADA, GROUP, SUPERGROUP = 1, -5, -100_5
LATER = NOW + timedelta(hours=1)


def test_a_new_chat_is_subscribed_with_the_defaults(database: Database) -> None:
    """All games, all levels, no threshold but the level's."""
    with database.transaction() as session:
        new = chats.subscribe(session, ADA, "private", Filter(), NOW)
    row = chat_row(database, ADA)

    assert new
    assert row is not None
    assert (row.state, row.kind, row.min_net, row.min_return_bps) == ("active", "private", 0, 0)
    assert (set(row.games), set(row.levels)) == (set(GAMES), set(LEVELS))


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
    own = Filter(games=frozenset({"rust"}), min_net=50)
    with database.transaction() as session:
        chats.subscribe(session, ADA, "private", own, NOW)
        stopped = chats.stop(session, ADA, LATER)
        active = chats.is_active(session, ADA)
        back = chats.subscribe(session, ADA, "private", Filter(), LATER)
        kept = chats.wanted(session, ADA)

    assert (stopped, active, back) == (0, False, True)
    assert kept == own


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
        matching = chats.matching_chats(session, "csgo", "boost", 5, 200)

    assert matching == []


def test_a_migration_of_a_stranger_does_nothing(database: Database) -> None:
    """A group that never said /start."""
    with database.transaction() as session:
        assert chats.migrate(session, GROUP, SUPERGROUP, LATER) == 0

    assert chat_row(database, SUPERGROUP) is None


def test_matching_in_sql_equals_matching_in_the_domain(database: Database) -> None:
    """Over random filters and opportunities, edges included; stopped chats never match."""
    chance = random.Random(11)

    def some(keys: dict[str, object]) -> frozenset[str]:
        return frozenset(chance.sample(sorted(keys), chance.randint(0, len(keys))))

    filters = {
        number: Filter(some({**GAMES}), some({**LEVELS}), chance.choice([0, 5, 6]), chance.choice([0, 100, 101]))
        for number in range(1, 301)
    }
    with database.transaction() as session:
        for number, wanted in filters.items():
            chats.subscribe(session, number, "private", wanted, NOW)
        for number in range(1, 301, 10):
            chats.stop(session, number, NOW)
    active = {number: wanted for number, wanted in filters.items() if number % 10 != 1}

    with database.transaction() as session:
        for game in GAMES:
            for level in LEVELS:
                for net, bps in [(5, 100), (6, 101), (4, 99), (6, 99)]:
                    expected = [number for number, one in active.items() if one.matches(game, level, net, bps)]
                    assert chats.matching_chats(session, game, level, net, bps) == expected
