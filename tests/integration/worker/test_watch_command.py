"""`celery -A worker watch` as a whole process beside a real worker."""

import json
import os
import pty
import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest

from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, Running, celery

NOWHERE = "postgresql://127.0.0.1:1/none"


@pytest.fixture
def scanning(start: Start) -> Iterator[Running]:
    """A worker that scans again and again, beat beside it."""
    intervals = {"SCAN_INTERVAL_CSGO": "5", "SCAN_INTERVAL_TF2": "0"}
    worker, beat = start(celery("worker"), **intervals), start(celery("beat"), **intervals)
    worker.wait_for("ready.")
    yield worker
    assert beat.end() == 0


def ended(process: Running) -> int:
    return process.process.wait(PATIENCE)


def test_a_working_installation_is_seen_at_work(scanning: Running, start: Start) -> None:
    """Line after line: prices are read, titles verified, permits taken and the worker lives, until it is stopped."""
    watch = start(celery("watch", "--seconds", "1", "--json"), SCAN_INTERVAL_TF2="0")

    def at_work() -> bool:
        looks = [json.loads(one) for one in watch.said.splitlines() if one.endswith("}")]
        games = [look["games"]["csgo"] for look in looks]
        return (
            any(one["prices_per_second"] for one in games)
            and any(one["last_scan_age"] is not None and one["coverage"] == 1 for one in games)
            and any(look["gates_last_minute"] for look in looks)
            and any(look["budget_last_second"]["other"]["used"] for look in looks)
            and looks[-1]["workers"] == 1
        )

    seen = poll_until(at_work, PATIENCE)
    watch.process.send_signal(signal.SIGINT)

    assert ended(watch) == 0
    assert seen, watch.said
    last = json.loads(watch.said.splitlines()[-1])
    assert last["problems"] == []
    assert last["games"]["tf2"]["state"] == "off"
    assert last["budget_last_second"]["other"]["limit"] == 20
    assert set(last["queues"]) == {"scan", "prices", "verify", "maintenance"}
    assert "Traceback" not in watch.said
    assert scanning.process.poll() is None


def test_one_look_is_a_table(start: Start) -> None:
    """Of an installation that has no worker yet; nothing is wrong with that."""
    watch = start(celery("watch", "--once", "--seconds", "1"), COLUMNS="110")

    assert ended(watch) == 0
    assert "workers    0 alive" in watch.said
    assert all(word in watch.said for word in ("CS2", "prices/s", "queue", "budget", "verified", "outbox"))


def test_what_is_away_is_named_and_the_rest_is_shown(start: Start) -> None:
    """A look in an outage has exit code 1; watching goes on through it and ends as always."""
    once = start(celery("watch", "--once", "--seconds", "1", "--json"), DATABASE_URL=NOWHERE)
    watch = start(celery("watch", "--seconds", "1"), DATABASE_URL=NOWHERE, COLUMNS="200")
    code = ended(once)
    poll_until(lambda: watch.said.count("the database does not answer") > 1, PATIENCE)
    watch.process.send_signal(signal.SIGTERM)

    assert code == 1
    look = json.loads(once.said)
    assert [problem.partition(":")[0] for problem in look["problems"]] == ["the database does not answer"]
    assert look["queues"]["prices"]["messages"] == 0
    assert look["workers"] is None
    assert ended(watch) == 0
    assert watch.said.count("the database does not answer") > 1
    assert "Traceback" not in watch.said


def test_broker_and_rate_budget_have_sentences_of_their_own(start: Start) -> None:
    """What the database knows is told all the same."""
    away = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "REDIS_URL": "redis://127.0.0.1:2/0"}
    once = start(celery("watch", "--once", "--seconds", "1", "--json"), **away)

    assert ended(once) == 1
    look = json.loads(once.said)
    assert look["problems"][0].startswith("the broker does not answer: ")
    assert look["problems"][1:] == ["the rate budget's Redis failed (ConnectionError)"]
    assert look["games"]["csgo"]["state"] == "on"
    assert look["workers"] == 0
    assert look["queues"]["prices"]["messages"] is None
    assert look["budget_last_second"] == {}


def test_a_terminal_is_left_as_it_was(start: Start) -> None:
    """The tables have a screen of their own, which goes with Ctrl-C, and the cursor comes back."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    process = start(["-c", TERMINAL.format(tty=os.ttyname(theirs))], TERM="xterm", COLUMNS="110", LINES="40")
    seen = bytearray()

    def drawn() -> bool:
        with suppress(BlockingIOError):
            seen.extend(os.read(ours, 65536))
        return b"prices/s" in seen

    poll_until(drawn, PATIENCE)
    process.process.send_signal(signal.SIGINT)
    code = ended(process)
    drawn()
    os.close(ours)
    os.close(theirs)

    assert code == 0, process.said
    assert seen.rindex(b"\x1b[?1049l") > seen.index(b"\x1b[?1049h")
    assert seen.rindex(b"\x1b[?25h") > seen.rindex(b"\x1b[?25l")
    assert b"Aborted" not in seen


TERMINAL = """
import os, sys
sys.argv = ["celery", "-A", "worker", "watch", "--seconds", "1"]
os.dup2(os.open({tty!r}, os.O_RDWR), 1)
from celery.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (["--seconds", "0"], "0 is not in the range 1<=x<=3600"),
        (["--seconds", "soon"], "'soon' is not a valid integer range"),
        (["csgo"], "Got unexpected extra argument (csgo)"),
    ],
)
def test_bad_input_gets_one_sentence(line: list[str], what: str, start: Start) -> None:
    """Exit code 2, before anything is asked."""
    watch = start(celery("watch", *line), DATABASE_URL=NOWHERE)

    assert ended(watch) == 2
    assert what in watch.said
    assert "Traceback" not in watch.said
