"""A worker process at work: scans by command, foreign messages, secrets, both pools."""

import json
import pickle
import urllib.parse
from collections.abc import Callable
from contextlib import closing

import psycopg2
import pytest
from celery import Celery
from kombu import Connection

from sandbox.servers.processes import poll_until
from tests.integration.conftest import run_sql
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, Running, celery

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def worker(start: Start) -> Running:
    process = start(celery("worker"))
    process.wait_for("ready.")
    return process


@pytest.fixture
def command(start: Start) -> Command:
    """Runs a `celery -A worker …` command to its end: exit code and output."""

    def run(*arguments: str, **variables: str) -> tuple[int, str]:
        process = start(celery(*arguments), **variables)
        return process.process.wait(60), process.said

    return run


def read_catalogue(environ: dict[str, str]) -> None:
    """Have the worker read the catalogue and make the first scan, which follows by itself."""
    with Celery(broker=environ["CELERY_BROKER_URL"], set_as_current=False) as app:
        app.send_task("tasks.refresh_catalogue", kwargs={"game": "csgo"}, queue="maintenance")
    query = "SELECT count(*) FROM scan_runs WHERE state = 'done'"
    assert poll_until(lambda: number(environ["DATABASE_URL"], query) > 0, PATIENCE)


def number(url: str, query: str) -> int:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def test_scan_command_shows_its_progress_and_what_it_found(worker: Running, command: Command) -> None:
    """An empty installation reads its catalogue first; then titles, counts and a table of true opportunities."""
    empty = command("scan", "csgo", "--wait")
    worker.wait_for('"outcome": "planned"')

    code, said = command("scan", "csgo", "--wait")
    band_code, band = command("scan", "csgo", "--level", "boost", "--wait")

    assert empty[0] == 1
    assert "no title of CS2 is known yet: the catalogue is being read" in empty[1]
    assert code == 0, said
    assert "titles priced" in said
    assert all(word in said for word in ("level", "title", "buy", "net", "return", "exit", "units", "$"))
    assert "[info" not in said
    assert band_code == 0, band
    assert "titles priced" in band
    assert not [line for line in band.splitlines() if line.startswith(("│ pro", "│ advanced", "│ medium"))]


def test_scan_of_a_game_that_is_being_scanned_says_so(command: Command, environ: dict[str, str], start: Start) -> None:
    """Two scans of a game would spend the rate budget twice; the plain call works as well."""
    worker = start(celery("worker"))
    worker.wait_for("ready.")
    read_catalogue(environ)
    worker.end()  # nobody works: the next scan stays where it is

    first = command("scan", "csgo")
    second = command("scan", "csgo")
    run_sql(environ["DATABASE_URL"], "UPDATE scan_runs SET lease_until = now() - interval '1 hour', state = 'expired'")
    again = start(celery("worker"))
    again.wait_for("ready.")
    called = command("call", "tasks.scan_game", "--kwargs", '{"game": "csgo"}')
    again.wait_for('"outcome": "planned"')

    assert first[0] == second[0] == called[0] == 0
    assert "batches are on their way" in first[1]
    assert "is being scanned already" in second[1]


def test_scan_command_explains_what_is_wrong(command: Command, environ: dict[str, str]) -> None:
    """A wrong game, a wrong level, no database, no tables: a sentence each, no stack."""
    unmade = environ["DATABASE_URL"].rpartition("/")[0] + "/nowhere"
    run_sql(environ["DATABASE_URL"], "DROP TABLE scan_runs CASCADE")

    wrong_game = command("scan", "cs2")
    wrong_level = command("scan", "csgo", "--level", "vip")
    no_tables = command("scan", "csgo")
    no_database = command("scan", "csgo", DATABASE_URL=unmade)

    assert wrong_game[0] == wrong_level[0] == 2
    assert "'cs2' is not one of 'csgo', 'dota2', 'tf2', 'rust'" in wrong_game[1]
    assert "'boost'" in wrong_level[1]
    assert no_tables == (1, "Error: the database has no tables yet: run `alembic upgrade head`\n")
    assert no_database[0] == 1
    assert no_database[1].startswith("Error: the database does not answer: ")
    assert len(no_database[1].splitlines()) == 1


def test_pickled_and_unknown_messages_are_refused_without_harm(
    worker: Running, redis_url: str, command: Command
) -> None:
    """A pickle is not opened, whatever it holds; the worker goes on with the next message."""
    headers = {"task": "tasks.scan_game", "id": "1", "lang": "py"}
    body = pickle.dumps(((), {"game": "csgo"}, {}))
    with Connection(redis_url) as connection, connection.Producer() as producer:
        producer.publish(
            body,
            content_type="application/x-python-serialize",
            content_encoding="binary",
            headers=headers,
            routing_key="scan",
        )
        producer.publish([[], {}, {}], headers={**headers, "task": "tasks.nonsense"}, routing_key="scan")
    worker.wait_for("Refusing to deserialize")
    worker.wait_for("tasks.nonsense")

    code, _ = command("call", "tasks.refresh_fees", "--kwargs", '{"game": "csgo"}')
    worker.wait_for('"event": "fees read"')

    assert code == 0
    assert worker.process.poll() is None


def test_no_secret_in_any_line_of_any_process(start: Start, environ: dict[str, str]) -> None:
    """Banners, logs, errors and reports of processes that know every secret."""
    password = "canary-p%40ssword"  # written as in a URL
    secrets = {**environ, "TELEGRAM_BOT_TOKEN": "123456789:canary-token", "LOG_LEVEL": "DEBUG"}
    wrong = secrets["DATABASE_URL"].replace(str(urllib.parse.urlsplit(secrets["DATABASE_URL"]).password), password)
    away = f"redis://:{password}@127.0.0.1:1/0"

    worker = start(celery("worker"), **{**secrets, "DATABASE_URL": wrong})
    worker.wait_for("not ready, the work waits")
    beat = start(celery("beat"), **{**secrets, "CELERY_BROKER_URL": away})
    beat.wait_for("Trying again in 2")
    report = start(celery("report"), **secrets)
    report.process.wait(PATIENCE)
    said = worker.said + beat.said + report.said

    broker_password = str(urllib.parse.urlsplit(environ["CELERY_BROKER_URL"]).password)
    for secret in ("canary", broker_password, environ["DMARKET_SECRET_KEY"][:64]):
        assert secret not in said


def test_production_log_is_json_and_the_start_is_quiet(worker: Running) -> None:
    """Apart from Celery's banner every line is an event; running as root in a container is no news."""
    lines = worker.said.split("[queues]")[1].splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]

    assert {event["process"] for event in events} == {"worker"}
    assert not [event for event in events if event["level"] != "info"]
    assert all(line.startswith("{") or not line.strip() or ".>" in line for line in lines[1:])
    assert "superuser" not in worker.said


def test_prefork_pool_works_too(start: Start, command: Command, environ: dict[str, str]) -> None:
    """Services are made in each child after the fork."""
    worker = start(celery("worker", "--pool", "processes", "-c", "2"))
    worker.wait_for("ready.")

    read_catalogue(environ)
    code, said = command("scan", "csgo", "--wait")
    ended = worker.end()

    assert code == 0, said
    assert "$" in said
    assert "Traceback" not in worker.said
    assert ended == 0
