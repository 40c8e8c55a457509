"""The contender that Skinbeat uses: its own application and its own way to ring, with a task that does nothing.

`celery -A benchmarks.broker_celery worker` consumes. BENCH_EVENTS=0 leaves out the events that Flower shows.
"""

import os
from pathlib import Path

from benchmarks.broker_marks import Marker
from tasks.base import Work, ring
from tasks.queues import TaskName
from worker import app

NAME = TaskName.FETCH_PRICES
EXPIRES = 600.0  # seconds

if os.environ.get("BENCH_EVENTS") == "0":
    app.conf.update(task_send_sent_event=False, worker_send_task_events=False)
app.loader.import_default_modules()
app.finalize()
app.tasks.unregister(NAME.value)  # the real one wants a database and an exchange
mark = Marker(Path(os.environ["BENCH_MARKS"]))


def fetch_prices(run_id: int) -> None:  # noqa: ARG001  # it is what the message carries
    """Stands in for the real task: starting is all it does."""
    mark()


app.task(name=NAME.value, base=Work)(fetch_prices)


def send(times: int) -> None:
    """Ring `times` times, as a planned scan does."""
    ring(NAME, times=times, expires=EXPIRES, run_id=7)
