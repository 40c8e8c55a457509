"""Beat's scheduler on an application that has no broker."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from celery import Celery

from worker.scheduler import PromptScheduler

EVERY = {"often": timedelta(seconds=5), "seldom": timedelta(hours=6)}


@pytest.fixture
def app() -> Iterator[Celery]:
    app = Celery("test", broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.beat_schedule = {name: {"task": f"tasks.{name}", "schedule": every} for name, every in EVERY.items()}
    app.conf.task_publish_retry = False
    app.conf.broker_transport_options = {"max_retries": 1, "interval_start": 0.01, "interval_max": 0.01}
    yield app
    app.close()


def test_everything_is_due_at_the_start(app: Celery) -> None:
    """A new installation does not wait six hours for its fee lists."""
    scheduler = PromptScheduler(app=app)

    assert {name: entry.is_due()[0] for name, entry in scheduler.schedule.items()} == dict.fromkeys(EVERY, True)


def test_everything_is_due_again_after_its_interval(app: Celery) -> None:
    """The first ring counts: the next is a whole interval later, and no other entry takes its place."""
    scheduler: Any = PromptScheduler(app=app)  # the stubs take what reserve() gives for something else

    rung = {name: scheduler.reserve(entry) for name, entry in list(scheduler.schedule.items())}

    assert set(scheduler.schedule) == set(EVERY)
    for name, entry in rung.items():
        is_due, seconds = entry.is_due()
        assert not is_due
        assert EVERY[name].total_seconds() - 1 < seconds <= EVERY[name].total_seconds()


def test_broker_that_is_away_is_one_line(app: Celery) -> None:
    """Beat goes on, and nobody has to read a stack."""
    scheduler: Any = PromptScheduler(app=app)
    entry = scheduler.schedule["often"]

    with structlog.testing.capture_logs() as lines:
        scheduler.apply_entry(entry)

    assert [(line["event"], line["entry"], line["log_level"]) for line in lines] == [
        ("message not sent", "often", "warning")
    ]
    assert "Connection refused" in lines[0]["reason"]
    assert "exc_info" not in lines[0]
