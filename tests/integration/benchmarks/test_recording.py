"""Prices recorded of an exchange and answered again."""

import time
from pathlib import Path

import pytest

from benchmarks import recording
from config.settings import Settings
from dmarket.client import Exchange
from dmarket.signing import Credentials
from domain.games import CSGO, DOTA2, GAMES, RUST, Game
from sandbox.runner.announced import start_announced
from sandbox.servers.children import ProcessFamily
from tasks.services import seats_of

TITLES = ("--titles", "csgo=1200,dota2=200,tf2=0,rust=200", "--planted-per-game", "6", "--latency-ms", "1")


@pytest.fixture
def exchange(family: ProcessFamily, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A small simulated exchange that the environment names."""
    said = start_announced(family, "recorded", "sandbox.exchange", TITLES, lambda _line: None)
    found = {
        "DMARKET_API_URL": said["url"],
        "DMARKET_PUBLIC_KEY": said["public_key"],
        "DMARKET_SECRET_KEY": said["secret_key"],
    }
    own = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "CELERY_BROKER_URL": redis_url}
    for name, value in {**found, **own, "REDIS_URL": redis_url}.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def recorded(exchange: dict[str, str], tmp_path: Path) -> Path:
    """The file; the recorder tells how much of each game is in it."""
    said: list[str] = []
    recording.record(tmp_path / "answers", said.append)
    assert [line.partition(":")[0] for line in said] == [game.label for game in GAMES.values()]
    return tmp_path / "answers"


def client(url: str, exchange: dict[str, str], redis_url: str) -> Exchange:
    keys = Credentials(exchange["DMARKET_PUBLIC_KEY"], exchange["DMARKET_SECRET_KEY"])
    settings = Settings(dmarket_api_url=url, redis_url=redis_url)
    return Exchange(seats_of(settings).member(keys).transport)


def titles_of(exchange: Exchange, game: Game) -> set[str]:
    """All of a game's, page by page."""
    found, cursor = set(), ""
    while True:
        page = exchange.catalogue_page(game, cursor, deadline=time.monotonic() + 20)
        found |= {price.title for price in page.prices}
        if not page.next_cursor:
            return found
        cursor = page.next_cursor


def test_what_was_recorded_is_answered_again(
    recorded: Path, exchange: dict[str, str], family: ProcessFamily, redis_url: str
) -> None:
    """Page by page and title by title as the exchange did; what was not recorded is the simulated one's own answer."""
    arguments = [str(recorded), exchange["DMARKET_API_URL"]]
    said = start_announced(family, "replay", "benchmarks.replay", arguments, lambda _line: None)
    real = client(exchange["DMARKET_API_URL"], exchange, redis_url)
    again = client(said["url"], exchange, redis_url)
    deadline = time.monotonic() + 20

    titles = titles_of(again, CSGO)
    prices = again.aggregated_prices(CSGO, [*sorted(titles)[:99], "Nobody's"], deadline=deadline)

    assert len(titles) > recording.PAGE
    assert titles == titles_of(real, CSGO)
    assert sorted(prices) == sorted(titles)[:99]
    assert again.fees(RUST, deadline=deadline) == real.fees(RUST, deadline=deadline)


def test_every_game_that_has_titles_is_recorded(recorded: Path) -> None:
    """By the exchange's own name of it."""
    found = recording.read(recorded)

    assert set(found) == {game.exchange_id for game in (CSGO, DOTA2, RUST)}
    assert all(len(rows) >= 200 for rows in found.values())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "holds no recorded answer: make profile RECORD="),
        ('{"game": "a8db"}\n', "line 1: is no recorded answer"),
        ("prices", "line 1: is no recorded answer"),
        ('{"game": "a8db", "answer": {"aggregatedPrices": [7]}}', "line 1: is no recorded answer"),
    ],
)
def test_a_file_of_something_else_is_one_sentence(text: str, what: str, tmp_path: Path) -> None:
    """It names the file and the line."""
    path = tmp_path / "answers"
    path.write_text(text)

    with pytest.raises(ValueError, match="answers") as refused:
        recording.read(path)

    assert what in str(refused.value)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """With what the system says of it."""
    with pytest.raises(ValueError, match=r"nothing cannot be read: No such file or directory"):
        recording.read(tmp_path / "nothing")
