import json
import time
import urllib.request
from urllib.error import HTTPError

import pytest

from models.database import Database
from sandbox.servers.ports import free_port
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.rows import owe, states, subscribed
from tests.integration.bot.telegram import Telegram

ADA = 501
# A bot that hardly looks at its outbox unless it is woken.
RARELY = """
import sys
from bot import delivery
delivery.POLL_SECONDS = 600.0
from bot.__main__ import main
sys.exit(main())
"""


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:  # our own process
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def test_every_problem_of_the_configuration_has_its_line(start_bot: StartBot) -> None:
    """And nothing starts: exit code 2."""
    bot = start_bot(ready=False, DATABASE_URL="", TELEGRAM_BOT_TOKEN="", LOG_LEVEL="LOUD")

    assert bot.process.wait(30) == 2
    lines = bot.log.splitlines()
    assert sorted(line.split(" ")[0].rstrip(":") for line in lines) == [
        "DATABASE_URL",
        "LOG_LEVEL",
        "TELEGRAM_BOT_TOKEN",
    ]


def test_an_unknown_token_ends_the_bot_with_one_line(start_bot: StartBot) -> None:
    """Exit code 2; the token stands in no line."""
    bot = start_bot(ready=False, TELEGRAM_BOT_TOKEN="99999:nobodyknowsthis")

    assert bot.process.wait(30) == 2
    assert bot.log.count("TELEGRAM_BOT_TOKEN") == 1
    assert "nobodyknowsthis" not in bot.log
    assert "Traceback" not in bot.log


@pytest.mark.timed
def test_a_database_that_is_away_is_waited_for(start_bot: StartBot) -> None:
    """One clear line for each try, no traceback, no password; SIGTERM ends the wait at once."""
    bot = start_bot(ready=False, DATABASE_URL=f"postgresql://someone:hidden@127.0.0.1:{free_port()}/skinbeat")
    bot.wait_for("waiting for the database", times=2)
    started = time.monotonic()

    assert bot.stop() == 0
    assert time.monotonic() - started < 5
    assert "Traceback" not in bot.log
    assert "hidden" not in bot.log


def test_telegram_that_is_away_is_waited_for(start_bot: StartBot) -> None:
    """Likewise."""
    bot = start_bot(ready=False, TELEGRAM_API_URL=f"http://127.0.0.1:{free_port()}")
    bot.wait_for("waiting for Telegram", times=2)

    assert bot.stop() == 0
    assert "Traceback" not in bot.log


def test_the_bot_tells_how_it_is(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Alive, ready, each alert counted by its end, and that no worker reports, which is none of its own fault."""
    port = free_port()
    start_bot(HTTP_PORT=str(port))
    telegram.chat(ADA)
    telegram.say(ADA, "/start")
    telegram.wait_for("Subscribed.")
    owe(database, [ADA])
    eventually(lambda: states(database) == [("sent", "delivered")], "sent")

    assert get(port, "/health")[0] == 200
    status, body = get(port, "/ready")
    told = {"database": "ok", "polling": "ok", "telegram": "ok"}
    late = "no worker reports, the last report came never"
    assert (status, json.loads(body)) == (200, {**told, "data": late, "budget": "ok"})
    line = 'skinbeat_alerts_total{reason="delivered",state="sent"} 1.0'
    eventually(lambda: line in get(port, "/metrics")[1], line)


def test_a_bot_without_its_database_is_alive_but_not_ready(start_bot: StartBot) -> None:
    """The reason is one sentence a check."""
    port = free_port()
    start_bot(ready=False, HTTP_PORT=str(port), DATABASE_URL=f"postgresql://me:pw@127.0.0.1:{free_port()}/x")
    eventually(lambda: get(port, "/ready")[0] == 503, "not ready")

    assert get(port, "/health")[0] == 200
    assert "the database does not answer" in get(port, "/ready")[1]


def test_an_alert_leaves_as_soon_as_it_is_committed(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Woken by NOTIFY and not by a look at the outbox that nobody asked for: here those are ten minutes apart."""
    start_bot(program=("-c", RARELY))
    groups = [-1, -2, -3]  # nothing was said there yet, so no limit holds the alert back
    subscribed(database, *groups, kind="group")
    for chat_id in groups:
        telegram.chat(chat_id, "group")
        owe(database, [chat_id], title=f"quick {chat_id}")
        telegram.wait_for(f"quick {chat_id}", chat_id)

    eventually(lambda: states(database) == [("sent", "delivered")] * 3, "all are recorded")


def test_a_lost_listening_connection_is_made_anew(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """What was announced meanwhile is found."""
    bot = start_bot()
    telegram.chat(ADA)
    telegram.say(ADA, "/start")
    telegram.wait_for("Subscribed.")
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'skinbeat-bot%%' AND datname = current_database()"
        )
    bot.wait_for("not listening")
    owe(database, [ADA], title="after the cut")

    telegram.wait_for("after the cut", ADA)
    assert bot.process.poll() is None
    assert "Traceback" not in bot.log


@pytest.mark.parametrize("said", ["/status", "/top"])
def test_a_command_is_answered_while_the_database_is_away(
    start_bot: StartBot, telegram: Telegram, database: Database, said: str
) -> None:
    """With a sentence, not with silence."""
    bot = start_bot()
    telegram.chat(ADA)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE opportunities RENAME TO away")
    telegram.say(ADA, said)

    telegram.wait_for("My database does not answer at the moment.", ADA)
    assert bot.process.poll() is None
