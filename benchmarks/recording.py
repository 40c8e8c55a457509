"""The exchange's answers about prices in a file: recorded from the real one, read for a profile.

A line is one answer, {"game": the exchange's id, "answer": its JSON}. They are the pages of the whole catalogue, which
carry the prices: some 40 calls, nothing but market data in them.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import orjson

from config.settings import load
from dmarket.budget import Priority
from dmarket.endpoints import AGGREGATED_PRICES
from dmarket.transport import Transport
from dmarket.wire.prices import prices_body
from domain.games import GAMES
from tasks.services import credentials_of, seats_of
from telemetry import logs

PAGE = 1_000
SECONDS = 60.0  # for one page
NO_ANSWER = 'is no recorded answer, {"game": …, "answer": {"aggregatedPrices": […]}}'

Rows = dict[str, dict[str, Any]]  # an answer's row by title
Recorded = dict[str, Rows]  # by the exchange's id of the game


def record(path: Path, say: Callable[[str], None]) -> None:
    """Write the answers of the exchange that the environment names, within the rate budget.

    Raises SettingsError and ExchangeError.
    """
    settings = load(os.environ, "worker")
    logs.setup(settings.model_copy(update={"log_level": "WARNING"}), "record")
    transport = seats_of(settings).member(credentials_of(settings)[0]).transport
    with path.open("wb") as file:
        for game in GAMES.values():
            titles = 0
            for answer in _pages(transport, game.exchange_id):
                file.write(orjson.dumps({"game": game.exchange_id, "answer": answer}, default=str) + b"\n")
                titles += len(answer["aggregatedPrices"])
            say(f"{game.label}: {titles:,} titles")


def _pages(transport: Transport, game: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        body = prices_body(game, (), PAGE, cursor)
        answer: Any = transport.call(
            AGGREGATED_PRICES, body=body, priority=Priority.SWEEP, deadline=monotonic() + SECONDS
        )
        yield answer
        if not answer["aggregatedPrices"] or answer.get("nextCursor", "") in {"", cursor}:
            return
        cursor = answer["nextCursor"]


def read(path: Path) -> Recorded:
    """What was recorded; ValueError with one sentence where the file is not that."""
    found: Recorded = {}
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        try:
            said = orjson.loads(line)
            rows = {row["title"]: row for row in said["answer"]["aggregatedPrices"]}
            found.setdefault(str(said["game"]), {}).update(rows)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: {NO_ANSWER}") from error
    if not any(found.values()):
        raise ValueError(f"{path} holds no recorded answer: make profile RECORD={path} writes one")
    return {game: rows for game, rows in found.items() if rows}


def answer_to(recorded: Recorded, body: Any) -> dict[str, Any]:
    """What the exchange would answer: the rows of the titles asked for, or a page of all of a game's."""
    wanted = body["filter"]
    rows = recorded.get(wanted["game"], {})
    if wanted.get("titles"):
        return {"aggregatedPrices": [rows[title] for title in wanted["titles"] if title in rows], "nextCursor": ""}
    start, limit = int(body["cursor"] or 0), int(body["limit"])
    page = list(rows.values())[start : start + limit]
    return {"aggregatedPrices": page, "nextCursor": str(start + limit) if start + limit < len(rows) else ""}
