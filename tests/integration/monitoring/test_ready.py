"""What /ready of a worker and of beat answers: everything looked at, quickly, and no secret in it."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import make_url

from models.database import Database
from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, Running, celery
from tests.rows import make_items, read_all, rows

ONE_GAME = {f"SCAN_INTERVAL_{game}": "0" for game in ("DOTA2", "TF2", "RUST")}
CANARY = "canary-in-a-url"


def answers(process: Running) -> dict[str, str]:
    told: dict[str, str] = json.loads(process.get("/ready")[1])
    return told


def test_a_missing_migration_is_no_state_to_work_in(start: Start, database: Database) -> None:
    """The sentence names both levels; a database ahead of the program is fine."""
    (level,) = rows(database, "SELECT version_num FROM alembic_version")[0]
    rows(database, "UPDATE alembic_version SET version_num = '0003' RETURNING version_num")
    worker = start(celery("worker"))
    worker.wait_until("/ready", 503)
    behind = answers(worker)["database"]
    rows(database, "UPDATE alembic_version SET version_num = '9999' RETURNING version_num")
    worker.wait_until("/ready", 200)

    assert behind == f"the database is at migration 0003, this version needs {level}: run `alembic upgrade head`"


def test_the_schedule_and_the_data_are_told(start: Start, database: Database) -> None:
    """Beside a 200: who looks after it is not this worker alone."""
    worker = start(celery("worker"), **ONE_GAME)
    worker.wait_until("/ready", 200)
    never = answers(worker)["data"]
    now = datetime.now(UTC)
    make_items(database, 100, at=now)
    read_all(database, now - timedelta(hours=1))
    rows(database, "UPDATE scan_runs SET scheduled = true RETURNING id")
    old = answers(worker)["data"]
    rows(database, "UPDATE scan_runs SET planned_at = :now RETURNING id", now=now)
    unfinished = answers(worker)["data"]
    rows(database, "UPDATE scan_runs SET finished_at = :now RETURNING id", now=now)
    fresh = answers(worker)["data"]
    rows(database, "UPDATE scan_runs SET planned_at = planned_at - interval '1 day' RETURNING id")
    rows(database, "INSERT INTO game_pauses VALUES ('csgo', 1, :now) RETURNING game", now=now)
    paused = answers(worker)["data"]

    assert never == "csgo: the schedule began its last scan never; does beat run?"
    assert old.startswith("csgo: the schedule began its last scan 2")
    assert unfinished.startswith("csgo: the last scan was completed 2")
    assert (fresh, paused) == ("ok", "ok")


@pytest.mark.timed
def test_it_answers_within_a_tenth_of_a_second(start: Start) -> None:
    """All checks at once; the quickest of some answers, as the machine does other things beside."""
    worker = start(celery("worker"))
    worker.wait_until("/ready", 200)
    times = []
    for _ in range(10):
        began = time.perf_counter()
        worker.get("/ready")
        times.append(time.perf_counter() - began)

    assert min(times) < 0.1


def test_no_answer_has_a_secret(start: Start, environ: dict[str, str]) -> None:
    """While everything is well and while nothing is: passwords, keys, user names and hosts stay inside."""
    away = make_url("postgresql://user@127.0.0.1:1/skinbeat").set(password=CANARY)
    broken = {
        "DATABASE_URL": away.render_as_string(hide_password=False),
        "REDIS_URL": f"redis://:{CANARY}@127.0.0.1:1/0",
    }
    well, ill, beat = start(celery("worker")), start(celery("worker", "-n", "ill@%h"), **broken), start(celery("beat"))
    well.wait_until("/ready", 200)
    ill.wait_until("/ready", 503)
    beat.wait_until("/ready", 200)
    told = [process.get(path)[1] for process in (well, ill, beat) for path in ("/health", "/ready", "/metrics", "/x")]
    secrets = [CANARY, environ["DMARKET_SECRET_KEY"], environ["DMARKET_SECRET_KEY"][:64], environ["DATABASE_URL"]]

    assert len([one for one in told if one]) == len(told)
    assert not [secret for secret in secrets for one in told if secret in one]


def test_a_worker_without_a_database_tells_no_state(start: Start, database_url: str) -> None:
    """No number rather than an old one; the rest of the metrics goes on."""
    worker = start(celery("worker"))
    worker.wait_until("/ready", 200)
    before = poll_until(lambda: "skinbeat_workers_reporting" in worker.get("/metrics")[1], PATIENCE)
    without = start(celery("worker", "-n", "without@%h"), DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    without.wait_until("/ready", 503)
    noticed = poll_until(lambda: "the state of the database is not told" in without.said, PATIENCE)

    assert before
    assert noticed
    assert "skinbeat_workers_reporting" not in without.get("/metrics")[1]
    assert "skinbeat_tasks_total" in without.get("/metrics")[1]
