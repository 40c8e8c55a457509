"""What is counted of a task's run."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from prometheus_client import REGISTRY
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dmarket.errors import BudgetExhausted, Unreachable
from tasks.base import Work
from tasks.measured import note_wait
from tasks.queues import Queue, TaskName


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


def task(name: str, error: Exception | None = None) -> Callable[..., object]:
    """A task that ends as it is told to."""
    app = Celery("tests", set_as_current=False)

    @app.task(shared=False, base=Work, name=name)
    def told() -> None:
        if error:
            raise error

    return told


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "done"),
        (BudgetExhausted("group", "no permit"), "no_permit"),
        (Unreachable("prices", "no answer"), "upstream"),
        (OperationalError("SELECT", {}, Exception("gone")), "database"),
        (PoolTimeout("all in use"), "pool"),
        (BrokerError("away"), "broker"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_each_end_has_its_name(error: Exception | None, outcome: str) -> None:
    """Counted once, with its time."""
    name = f"test.{outcome}"
    task(name, error)()

    assert value("skinbeat_tasks_total", task=name, outcome=outcome) == 1
    assert value("skinbeat_task_seconds_count", task=name) == 1


def test_what_nobody_foresaw_is_raised_and_counted() -> None:
    """Celery logs its traceback."""
    with pytest.raises(ZeroDivisionError):
        task("test.failed", ZeroDivisionError())()

    assert value("skinbeat_tasks_total", task="test.failed", outcome="failed") == 1


def test_a_message_that_is_none_of_ours_is_counted_apart() -> None:
    """It was not run."""
    task("test.refused")(unknown=1)

    assert value("skinbeat_tasks_total", task="test.refused", outcome="refused") == 1


def waited(sent_at: object, eta: object = None) -> float | None:
    """What a note adds to the waits of the queue, None where it adds no wait."""
    count, total = (f"skinbeat_task_wait_seconds_{end}" for end in ("count", "sum"))
    before = value(count, queue=Queue.VERIFY), value(total, queue=Queue.VERIFY)
    note_wait(TaskName.VERIFY_ITEM, sent_at, eta)
    after = value(count, queue=Queue.VERIFY), value(total, queue=Queue.VERIFY)
    return after[1] - before[1] if after[0] > before[0] else None


def test_a_wait_is_reckoned_from_when_the_message_was_due() -> None:
    """That is later than its sending where it asked for a delay; clocks that differ make no negative wait."""
    now = time.time()
    due = datetime.fromtimestamp(now - 2, UTC).isoformat()

    assert waited(now - 5) == pytest.approx(5, abs=1)
    assert waited(now - 50, due) == pytest.approx(2, abs=1)
    assert waited(now + 50) == 0


@pytest.mark.parametrize(("sent_at", "eta"), [(None, None), ("soon", None), ([], None), (1.0, "tomorrow")])
def test_headers_that_say_nothing_are_not_believed(sent_at: object, eta: object) -> None:
    """Whoever reaches the broker writes them."""
    assert waited(sent_at, eta) is None
