"""`celery -A worker doctor` as a whole process: what is well is told, what is wrong says what to do."""

import socket
from collections.abc import Callable
from contextlib import closing

import pytest

from models.database import Database
from sandbox.servers.processes import poll_until
from tests.integration.conftest import run_sql
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, Running, celery
from tests.rows import single

SEED = "11" * 32
PUBLIC = "d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737"  # of that seed, known to nobody
Doctor = Callable[..., tuple[int, str]]


@pytest.fixture
def doctor(start: Start) -> Doctor:
    """Runs it to its end: exit code and output."""

    def run(*arguments: str, **variables: str) -> tuple[int, str]:
        process = start(celery("doctor", *arguments), COLUMNS="200", **variables)
        return process.process.wait(60), process.said

    return run


def problems(said: str) -> dict[str, str]:
    """What was wrong with what to do, by what was looked at."""
    found = [line.removeprefix("problem  ") for line in said.splitlines() if line.startswith("problem ")]
    return {line.partition(":")[0]: line.partition(": ")[2] for line in found}


@pytest.fixture
def working(start: Start, database: Database, redis_url: str) -> Running:
    """A worker and beat that have read catalogue, fees and prices of two games; the others are switched off."""
    only = {"SCAN_INTERVAL_TF2": "0", "SCAN_INTERVAL_RUST": "0", "SCAN_INTERVAL_CSGO": "5", "SCAN_INTERVAL_DOTA2": "5"}
    worker = start(celery("worker"), **only)
    worker.wait_for("ready.")
    start(celery("beat"), **only)
    query = "SELECT count(DISTINCT game) FROM scan_runs WHERE state = 'done' AND scheduled"
    assert poll_until(lambda: single(database, query) == 2, PATIENCE), worker.said
    assert poll_until(lambda: single(database, "SELECT count(*) FROM game_fees") == 2, PATIENCE), worker.said
    return worker


def test_a_working_installation_has_no_problem(working: Running, doctor: Doctor) -> None:
    """Every part is looked at; the only thing to mend is what this test's servers really lack."""
    off = {"SCAN_INTERVAL_TF2": "0", "SCAN_INTERVAL_RUST": "0"}

    code, said = doctor("--for", "worker", "--for", "beat", **off)

    wrong = {name: told for name, told in problems(said).items() if name != "broker memory"}
    assert wrong == {}, said
    assert (code == 1) is ("broker memory" in problems(said))
    for what in (
        "environment", "database", "database clock", "migrations", "schema", "connections", "database rights",
        "price history", "broker", "redis", "workers", "queues", "reports", "exchange", "csgo schedule", "csgo scan",
        "csgo catalogue", "csgo fees", "port",
    ):  # fmt: skip
        assert f"ok       {what}: " in said, what
    assert "maintenance, prices, scan, verify are read" in said
    assert "its signature is taken" in said
    assert "tf2: switched off by its interval" in said


def test_everything_that_is_wrong_is_told_with_what_to_do(doctor: Doctor, environ: dict[str, str]) -> None:
    """Nothing runs, no migration, unknown keys, a typing mistake: one line each, exit code 1, no secret."""
    run_sql(environ["DATABASE_URL"], "UPDATE alembic_version SET version_num = '0012'")
    strangers = {"DMARKET_PUBLIC_KEY": PUBLIC, "DMARKET_SECRET_KEY": SEED}

    code, said = doctor(**strangers, TELEGRAM_BOT_TOKN="1234567:canary", HTTP_HOST="127.0.0.1", LOG_LEVEL="loud")

    found = problems(said)
    assert code == 1
    assert found["TELEGRAM_BOT_TOKEN"] == "is not set → ask @BotFather in Telegram for a bot token"
    assert "must be" in found["LOG_LEVEL"]
    assert found["environment"].endswith("→ did you mean TELEGRAM_BOT_TOKEN?")
    assert found["migrations"].endswith("→ run `alembic upgrade head`")
    assert found["workers"].endswith("→ start one: celery -A worker worker")
    assert found["reports"].endswith("→ start one: celery -A worker worker")
    assert found["csgo schedule"] == "never → start beat: celery -A worker beat"
    assert found["csgo catalogue"] == "never → celery -A worker catalogue csgo"
    assert "→ make new keys" in found[f"exchange account {PUBLIC[:8]}"]
    assert SEED not in said
    assert "canary" not in said
    assert "Traceback" not in said


def test_tables_that_were_changed_by_hand_are_noticed(doctor: Doctor, environ: dict[str, str]) -> None:
    """The migration level alone does not tell that."""
    run_sql(environ["DATABASE_URL"], "ALTER TABLE scan_runs ADD COLUMN stray int")

    _, said = doctor("--for", "worker")

    assert "in 1 places" in problems(said)["schema"]
    assert "stray" in problems(said)["schema"]


def test_servers_that_do_not_answer_are_told_side_by_side(doctor: Doctor) -> None:
    """All of them, within the time that one may take, and with no password."""
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"  # takes connections and says nothing

        code, said = doctor(
            DATABASE_URL=f"postgresql://u:canary-word@{place}/d",
            CELERY_BROKER_URL=f"redis://:canary-word@{place}/0",
            DMARKET_API_URL=f"http://{place}",
            TELEGRAM_API_URL=f"http://{place}",
            TELEGRAM_BOT_TOKEN="1234567:canary-token",
        )

    assert code == 1
    assert {"database", "broker", "redis", "exchange", "telegram"} <= set(problems(said)), said
    assert "canary" not in said


def test_the_configuration_in_force_is_shown_without_its_secrets(doctor: Doctor, environ: dict[str, str]) -> None:
    """Where each value comes from, and *** for what nobody may read."""
    code, said = doctor(
        "--config", TELEGRAM_BOT_TOKEN="1234567:canary-token", ADMIN_USERS="7,5", SCAN_INTERVAL_TF2="90"
    )

    rows = {cells[1].strip(): cells[2:4] for cells in (line.split("│") for line in said.splitlines()) if len(cells) > 3}
    shown = {name: (value.strip(), source.strip()) for name, (value, source) in rows.items()}
    assert code == 0
    assert shown["TELEGRAM_BOT_TOKEN"] == ("***", "environment")
    assert shown["DMARKET_SECRET_KEY"] == ("***", "environment")
    assert shown["ADMIN_USERS"] == ("5,7", "environment")
    assert shown["SCAN_INTERVAL_TF2"] == ("90", "environment")
    assert shown["SCAN_INTERVAL_RUST"] == ("60", "default")
    assert shown["REDIS_URL"][1] == "CELERY_BROKER_URL"
    assert "canary" not in said
    assert environ["DMARKET_SECRET_KEY"][:64] not in said
