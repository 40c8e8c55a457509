"""Messages that nobody should have sent: the same twice, and ones for runs that ended long ago."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from kombu.exceptions import OperationalError

from tasks.queues import QUEUE_OF, TaskName
from tests.faults.system import System

NEVER = 10**9  # the number of a run that never was


def doubled(whole: System, times: int) -> None:
    """Each of `times` rounds asks for what beat and the scans asked for already."""
    newest = _runs(whole, "SELECT max(id) AS id FROM scan_runs")
    with sending(whole) as send:
        for _ in range(times):
            for run in newest:
                send(TaskName.FETCH_PRICES, run_id=run)
            send(TaskName.VERIFY_ITEM)
            send(TaskName.SCAN_GAME, game="csgo", scheduled=True)
            send(TaskName.SCAN_GAME, game="rust", scheduled=True)


def late(whole: System, number: int) -> None:
    """`number` ended runs, and one that never was, are asked for again."""
    ended = _runs(whole, "SELECT id FROM scan_runs WHERE state <> 'running' ORDER BY id LIMIT 50")
    with sending(whole) as send:
        for run in (*ended[:number], NEVER):
            send(TaskName.FETCH_PRICES, run_id=run)


def reap(whole: System) -> None:
    """What beat would ring for; used while no beat runs."""
    with sending(whole) as send:
        send(TaskName.REAP_WORK)


def _runs(whole: System, statement: str) -> list[int]:
    try:
        return [row["id"] for row in whole.rows(statement) if row["id"]]
    except psycopg2.Error:
        return []  # the database is being hurt, too


@contextmanager
def sending(whole: System) -> Iterator[Any]:
    """A function that sends one task by name; what the broker does not take is dropped."""
    app = whole.sender()

    def send(name: TaskName, **kwargs: object) -> None:
        try:
            app.send_task(name.value, kwargs=kwargs, queue=QUEUE_OF[name].value, expires=30, retry=False)
        except (OperationalError, OSError):
            return  # the broker is being hurt, too

    try:
        yield send
    finally:
        app.close()
