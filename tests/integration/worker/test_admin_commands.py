"""The operators' commands as whole processes beside a real worker."""

import json
from datetime import UTC, datetime

import pytest

from models.database import Database
from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Command, Start
from tests.integration.worker.processes import PATIENCE, Running, celery
from tests.rows import make_item, rows, single


@pytest.fixture
def worker(start: Start) -> Running:
    process = start(celery("worker"))
    process.wait_for("ready.")
    return process


def audited(database: Database) -> list[tuple[str, str, str]]:
    """Who did what to whom, oldest first."""
    found = rows(database, "SELECT actor, action, subject FROM audit ORDER BY id")
    return [(row.actor, row.action, row.subject) for row in found]


def test_a_game_is_paused_and_resumed_from_the_shell(command: Command, database: Database) -> None:
    """The switch of the bot's admins: a scan is refused meanwhile; a change is audited, what is so already is not."""
    paused, again = command("pause", "rust", USER="olga"), command("pause", "rust", USER="olga")
    refused = command("scan", "rust")
    resumed, already = command("resume", "rust", USER="olga"), command("resume", "rust", USER="olga")
    wrong = command("pause", "cs2")

    assert [one[0] for one in (paused, again, refused, resumed, already)] == [0] * 5
    assert paused[1] == "Rust is paused: no scan of it begins\n"
    assert again[1] == "Rust was paused already\n"
    assert "Rust is paused by the operators; nothing was started" in refused[1]
    assert resumed[1] == "Rust is scanned again, as planned\n"
    assert already[1] == "Rust was not paused\n"
    assert wrong[0] == 2
    assert "'cs2' is not one of 'csgo', 'dota2', 'tf2', 'rust'" in wrong[1]
    assert [(action, subject) for _, action, subject in audited(database)] == [
        ("pause_game", "rust"),
        ("resume_game", "rust"),
    ]
    assert {actor.partition(":")[0] for actor, _, _ in audited(database)} == {"cli"}


def test_catalogue_verification_and_numbers_from_the_shell(
    worker: Running, command: Command, database: Database
) -> None:
    """A fresh installation: titles are read, one is verified with its gate and prices, and all of it is counted."""
    read = command("catalogue", "dota2")
    poll_until(lambda: single(database, "SELECT count(*) FROM scan_runs WHERE state = 'done'") > 0, PATIENCE)
    poll_until(lambda: single(database, "SELECT count(*) FROM nominees") == 0, PATIENCE)
    deal = single(database, "SELECT title FROM items JOIN opportunities o ON o.item_id = items.id ORDER BY 1 LIMIT 1")
    dull = single(
        database,
        "SELECT title FROM items i JOIN prices p ON p.item_id = i.id WHERE p.ask IS NOT NULL "
        "AND NOT EXISTS (SELECT FROM verdicts v WHERE v.item_id = i.id) AND title NOT LIKE '%/%' ORDER BY 1 LIMIT 1",
    )

    good, bad = command("verify", deal, "--game", "dota2"), command("verify", dull)
    nothing = command("verify", "Qqqq Zzzz Xxxx")
    told, shown = command("stats", "--json"), command("stats", "--hours", "1")

    assert read[0] == 0, read[1]
    assert " titles read (pages: 1), " in read[1]
    assert good[0] == 0, good[1]
    assert "gate      accepted: at least one exit qualifies" in good[1]
    assert "<- qualifies" in good[1]
    assert "buy $" in good[1]
    assert bad[0] == 0, bad[1]
    assert bad[1].splitlines()[0] == f"{dull} (Dota 2)"
    assert any(line.startswith("gate      ") for line in bad[1].splitlines())
    assert "aggregate bid " in bad[1]
    assert nothing == (
        1,
        "Error: no title like 'Qqqq Zzzz Xxxx' is known: write it as the exchange does, or read the catalogue first\n",
    )
    numbers = json.loads(told[1])
    dota = next(game for game in numbers["games"] if game["game"] == "dota2")
    assert min(dota["titles"], dota["scans"], dota["opened"]) >= 1
    assert numbers["deals"] == {"settled": 0, "gone_on_arrival": 0, "right": 0}
    assert all(word in shown[1] for word in ("Scans, ", "Messages that ended", "Last verdicts", "All chats", "Dota 2"))
    assert [entry[1] for entry in audited(database)] == ["read_catalogue", "verify_title", "verify_title"]


def test_without_a_worker_a_verification_says_so(command: Command, database: Database) -> None:
    """Nobody verifies: the exit code tells, and the sentence says what to start."""
    make_item(database, "Lonely Door", game="rust", at=datetime.now(UTC))

    code, said = command("verify", "lonely door")

    assert code == 1
    assert "no verdict within" in said
    assert "no worker has reported for 20 seconds" in said


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (["replay-alerts", "--since", "soon"], "'soon' is no length of time: write 90m, 6h or 2d"),
        (["stats", "--hours", "0"], "0 is not in the range 1<=x<=2160"),
        (["verify"], "Missing argument 'TITLE'"),
        (["catalogue", "cs2"], "'cs2' is not one of"),
    ],
)
def test_bad_input_gets_one_sentence(line: list[str], what: str, command: Command) -> None:
    """Exit code 2, and nothing is asked of anybody."""
    code, said = command(*line, DATABASE_URL="postgresql://127.0.0.1:1/none")

    assert code == 2
    assert what in said
    assert "Traceback" not in said
