"""What chats want is kept as they said it."""

from dataclasses import replace
from random import Random

import pytest
from alembic import command
from alembic.config import Config

from domain.audience import place
from domain.deals import Deal
from domain.filters import Filter
from domain.games import GAMES
from models.database import Database
from models.queries import chats, filters
from tests.factories import NOW
from tests.integration.conftest import ROOT
from tests.integration.models.matched import settle, told
from tests.rows import make_chat, rows
from tests.wishes import some_filter


def load(database: Database, chat_id: int) -> dict[str, Filter]:
    with database.transaction() as session:
        return filters.load(session, chat_id)


def save(database: Database, chat_id: int, game: str, wanted: Filter) -> bool:
    with database.transaction() as session:
        return filters.save(session, chat_id, game, wanted)


def test_a_new_chat_wants_everything_of_every_game(database: Database) -> None:
    """And nobody else's wishes come with it."""
    settle(database, {7: {"csgo": Filter(min_net=5)}})
    make_chat(database, 1)

    assert load(database, 1) == dict.fromkeys(GAMES, Filter())
    assert load(database, 2) == {}


def test_every_filter_comes_back_as_it_was_saved(database: Database) -> None:
    """Whatever is asked for, over what was asked for before; the other games and chats keep theirs."""
    chance = Random(5)
    make_chat(database, 1)
    make_chat(database, 2)
    wishes = dict.fromkeys(GAMES, Filter())
    for _ in range(60):
        game = chance.choice([*GAMES])
        wishes[game] = some_filter(chance, game, most=8)

        assert save(database, 1, game, wishes[game])
        assert load(database, 1) == wishes

    assert load(database, 2) == dict.fromkeys(GAMES, Filter())


def test_nothing_is_saved_for_a_stranger(database: Database) -> None:
    """Nor for a game that is none."""
    make_chat(database, 1)

    assert not save(database, 2, "csgo", Filter(min_net=5))
    assert load(database, 2) == {}


@pytest.mark.parametrize(
    ("game", "wanted", "complaint"),
    [
        ("rust", Filter(phases=frozenset({"ruby"})), "phase: items of rust have no such thing"),
        ("csgo", Filter(float_from=0, slots=frozenset({"back"})), "slot: items of csgo have no such thing"),
        ("tf2", Filter(include=frozenset({"Key"})), "'Key' must be written 'key'"),
        ("tf2", Filter(exclude=frozenset({"ok", "|"})), "'|' must be written ''"),
        ("tf2", Filter(effects=frozenset({""})), "effects: an empty text chooses nothing"),
    ],
)
def test_what_nothing_could_match_is_refused(database: Database, game: str, wanted: Filter, complaint: str) -> None:
    """With what is wrong and what would be right."""
    make_chat(database, 1)

    with pytest.raises(ValueError, match=complaint.replace("|", r"\|")):
        save(database, 1, game, wanted)


def test_a_chat_that_comes_back_keeps_its_filters(database: Database) -> None:
    """The defaults of /start are for new chats only."""
    make_chat(database, 1)
    save(database, 1, "rust", Filter(min_net=50))
    with database.transaction() as session:
        chats.stop(session, 1, NOW)
        chats.subscribe(session, 1, "private", Filter(), NOW)

    assert load(database, 1)["rust"] == Filter(min_net=50)


def test_what_goes_with_a_chat(database: Database) -> None:
    """Its filters: when it gets another number, and when it is deleted."""
    settle(database, {-5: {"csgo": Filter(min_net=5)}, 2: {}})
    rows(database, "UPDATE chats SET id = -500 WHERE id = -5 RETURNING 1")
    moved = load(database, -500)
    rows(database, "DELETE FROM chats WHERE id = -500 RETURNING 1")

    assert moved["csgo"] == Filter(min_net=5)
    assert load(database, -500) == load(database, -5) == {}
    assert load(database, 2) == dict.fromkeys(GAMES, Filter())


def test_places_are_those_of_the_domain(database: Database) -> None:
    """The server computes them from the running number."""
    settle(database, {chat: {} for chat in range(1, 30)})

    found = rows(database, "SELECT number, place FROM filters")

    assert [row.place for row in found] == [place(row.number) for row in found]
    assert len(found) == 29 * len(GAMES)


def test_the_table_is_vacuumed_early(database: Database) -> None:
    """Else the index of the walk could not be read alone, and a match would take ten times as long."""
    ((options,),) = rows(database, "SELECT reloptions FROM pg_class WHERE relname = 'filters'")

    assert set(options) >= {"autovacuum_vacuum_scale_factor=0.02", "autovacuum_vacuum_insert_scale_factor=0.02"}


@pytest.fixture
def former(database: Database, database_url: str) -> Config:
    """How to migrate the test's database, which is at the schema before filters."""
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["database_url"] = database_url.replace("postgresql://", "postgresql+psycopg2://")
    database.dispose()
    command.downgrade(config, "0008")
    return config


def test_the_filters_of_former_versions_are_kept(database: Database, former: Config) -> None:
    """One for all games becomes one for each, with the games that were chosen switched on; and back again."""
    two = [
        (1, "active", ["rust", "tf2"], ["boost", "pro"], 50, 700),
        (2, "stopped", ["csgo", "dota2", "rust", "tf2"], ["advanced", "boost", "medium", "pro", "standard"], 0, 0),
    ]
    for chat in two:
        values = dict(zip(("id", "state", "games", "levels", "net", "bps"), chat, strict=True))
        rows(database, FORMER, **values)
    database.dispose()
    command.upgrade(former, "head")
    old = Filter(levels=frozenset({"pro", "boost"}), min_net=50, min_return_bps=700)
    kept, others, off = load(database, 1), load(database, 2), replace(old, on=False)
    active = rows(database, "SELECT chat_id, bool_and(active), bool_or(active) FROM filters GROUP BY 1 ORDER BY 1")
    heard = told(database, DEAL)
    database.dispose()
    command.downgrade(former, "0008")

    assert kept == {"csgo": off, "dota2": off, "rust": old, "tf2": old}
    assert others == dict.fromkeys(GAMES, Filter())
    assert [tuple(row) for row in active] == [(1, True, True), (2, False, False)]
    assert heard == [1]
    assert [tuple(row) for row in rows(database, BACK)] == two


FORMER = """
    INSERT INTO chats (id, kind, state, games, levels, min_net, min_return_bps, created_at, changed_at)
    VALUES (:id, 'private', :state, :games, :levels, :net, :bps, now(), now()) RETURNING 1
"""
BACK = """
    SELECT id, state, ARRAY(SELECT unnest(games) ORDER BY 1), ARRAY(SELECT unnest(levels) ORDER BY 1), min_net,
        min_return_bps
    FROM chats ORDER BY id
"""
DEAL = Deal(1, "rust", "Rug", "pro", "instant", 20_000, 5_000, 2_500)
