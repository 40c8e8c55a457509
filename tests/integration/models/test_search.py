"""Finding titles by what people type, over a catalogue of real-looking names."""

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import text

from models.database import Database
from models.queries import search
from models.queries.search import Found
from sandbox.exchange.titles import draw_titles
from sandbox.servers.postgres import PostgresServer
from tests.integration.conftest import TEMPLATE, run_sql, with_name

COUNTS = {"csgo": 3_000, "dota2": 600, "tf2": 600, "rust": 300}
PLANTED = (
    "AK-47 | Redline (Field-Tested)",
    "AK-47 | Redline (Minimal Wear)",
    "StatTrak™ AK-47 | Redline (Field-Tested)",
    "Souvenir AWP | Dragon Lore (Factory New)",
    "★ Karambit | Doppler (Factory New)",
    "★ Karambit | Gamma Doppler (Factory New)",
    "★ StatTrak™ Karambit | Doppler (Factory New)",
    "M4A4 | 龍王 (Dragon King) (Field-Tested)",
    "100% <Pure> _Sticker_",
    "Zeus x27 | Tosai",
    "Antique Zeus x27 | Tosai",
    f"{'<★' * 100} Long",
)


@pytest.fixture(scope="module")
def catalogue(postgres: PostgresServer) -> Iterator[Database]:
    """A database with some thousand titles of all games."""
    run_sql(postgres.url, f"CREATE DATABASE titles TEMPLATE {TEMPLATE}")
    database = Database(with_name(postgres.url, "titles").replace("postgresql://", "postgresql+psycopg2://"))
    with database.transaction() as session:
        for game, count in COUNTS.items():
            titles = set(draw_titles(game, count, Random(7))) | set(PLANTED if game == "csgo" else ())
            session.execute(_TITLES, {"game": game, "titles": sorted(titles)})
    yield database
    database.dispose()
    run_sql(postgres.url, "DROP DATABASE titles WITH (FORCE)")


_TITLES = text(
    """
    WITH made AS (INSERT INTO item_groups (game, size) VALUES (:game, 100) RETURNING id)
    INSERT INTO items (game, title, group_id, first_seen_at, last_seen_at)
    SELECT :game, t, made.id, now(), now() FROM unnest(CAST(:titles AS text[])) t, made
    """
)


def found(database: Database, typed: str, game: str | None = None, limit: int = 8) -> list[Found]:
    with database.transaction() as session:
        return search.find(session, typed, game, limit)


def titles(database: Database, typed: str, limit: int = 8) -> list[str]:
    return [one.title for one in found(database, typed, limit=limit)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("AK-47 | Redline (Field-Tested)", "AK-47 | Redline (Field-Tested)"),
        ("ak redline ft", "AK-47 | Redline (Field-Tested)"),
        ("REDLINE ak mw", "AK-47 | Redline (Minimal Wear)"),
        ("ak 47 redline field tested", "AK-47 | Redline (Field-Tested)"),
        ("ak redline field-tested", "AK-47 | Redline (Field-Tested)"),
        ("st ak redline", "StatTrak™ AK-47 | Redline (Field-Tested)"),
        ("stattrak redline ft ak", "StatTrak™ AK-47 | Redline (Field-Tested)"),
        ("karambit doppler", "★ Karambit | Doppler (Factory New)"),
        ("karambti dopler", "★ Karambit | Doppler (Factory New)"),
        ("karmabit dopler", "★ Karambit | Doppler (Factory New)"),
        ("zeus tosai", "Zeus x27 | Tosai"),
        ("gama doppler karambit", "★ Karambit | Gamma Doppler (Factory New)"),
        ("★ karambit | doppler fn", "★ Karambit | Doppler (Factory New)"),
        ("dragn lore souvenir", "Souvenir AWP | Dragon Lore (Factory New)"),
        ("dragon king", "M4A4 | 龍王 (Dragon King) (Field-Tested)"),
        ("karambit doppler bs", "★ Karambit | Doppler (Factory New)"),
        ("souvenir dragon lore xyzzy", "Souvenir AWP | Dragon Lore (Factory New)"),
        ("100% <pure>", "100% <Pure> _Sticker_"),
    ],
)
def test_what_is_typed_finds_what_is_meant(catalogue: Database, typed: str, meant: str) -> None:
    """Words in any order and case, shorthands, signs left out, typing mistakes, a word too many."""
    first = found(catalogue, typed)[0]

    assert (first.title, first.game) == (meant, "csgo")


@pytest.mark.parametrize("typed", ["xyzzyx qqqq", "", "   ", "!!!", "of the", "\x01", "%", "_", "\\", "';--"])
def test_what_means_nothing_finds_nothing(catalogue: Database, typed: str) -> None:
    """Neither an error nor a random title."""
    assert found(catalogue, typed) == []


def test_an_exact_title_comes_first_and_once(catalogue: Database) -> None:
    """Also where a longer one contains it."""
    named = titles(catalogue, "AK-47 | Redline (Field-Tested)")

    assert named[:2] == ["AK-47 | Redline (Field-Tested)", "StatTrak™ AK-47 | Redline (Field-Tested)"]
    assert len(named) == len(set(named))


def test_only_the_game_asked_for_is_looked_at(catalogue: Database) -> None:
    """The same words mean something else in another game."""
    assert {one.game for one in found(catalogue, "sniper rifle", "tf2")} == {"tf2"}
    assert found(catalogue, "karambit doppler", "rust") == []


def test_scores_fall_and_say_how_well_it_fits(catalogue: Database) -> None:
    """10,000 is every word; a typing mistake costs some of it."""
    exact, mistaken = found(catalogue, "karambit doppler"), found(catalogue, "karambti doppler")

    assert exact[0].score == 10_000
    assert 5_000 < mistaken[0].score < 10_000
    assert [one.score for one in exact] == sorted((one.score for one in exact), reverse=True)


def test_a_long_title_is_found_by_its_whole_name(catalogue: Database) -> None:
    """Though no more than the beginning of what was typed is searched for."""
    with catalogue.transaction() as session:
        found = search.find(session, f" {PLANTED[-1]} ")

    assert [one.title for one in found] == [PLANTED[-1]]


def test_no_more_than_asked_for(catalogue: Database) -> None:
    """A word that hundreds of titles have fills the list and no more."""
    assert len(found(catalogue, "sticker", limit=5)) == 5
    assert len(found(catalogue, "ft", limit=3)) == 3


def test_any_text_is_taken(catalogue: Database) -> None:
    """Very long, nothing but signs, other scripts: no error, whatever comes out."""
    for typed in ("a " * 2_000, "x" * 5_000, "龍王", "Калашников", "🔪" * 50, "(((", "ak\0\ud800", "ak\nredline\tft"):
        assert len(found(catalogue, typed)) <= 8
