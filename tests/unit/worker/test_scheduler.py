"""Beat's scheduler on an application that has no broker."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from celery import Celery

from worker.scheduler import LATE_SECONDS, WAITS, PromptScheduler
from worker.turn import Turn

EVERY = {"often": timedelta(seconds=5), "seldom": timedelta(hours=6)}
LATE = timedelta(seconds=LATE_SECONDS)
SOON = timedelta(seconds=1)


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


class Given(Turn):
    """A turn whose answers the test gives."""

    mine = True

    def __init__(self) -> None:
        """Without a Redis."""

    def take(self) -> bool:
        return self.mine

    def release(self) -> None:
        """Nothing is kept."""


def test_an_entry_that_is_not_rung_for_is_late(app: Celery) -> None:
    """From the start on, then from its next time on; the sentence names the one that waits longest."""
    scheduler: Any = PromptScheduler(app=app)
    began = datetime.now(UTC)

    early, never = scheduler.late(began + LATE - SOON), scheduler.late(began + LATE + SOON)
    for entry in list(scheduler.schedule.values()):
        scheduler.reserve(entry)
    rung, again = scheduler.late(began + LATE + SOON), scheduler.late(began + EVERY["often"] + LATE + SOON)

    assert early is rung is None
    assert never.startswith("'often' was due at ")
    assert again.startswith("'often' was due at ")


def test_messages_that_cannot_be_sent_are_late(app: Celery) -> None:
    """Not with the first that fails, but where none goes out for so long; with the next that does it is over."""
    scheduler: Any = PromptScheduler(app=app)
    began = datetime.now(UTC)
    for name in ("often", "seldom"):
        scheduler.apply_entry(scheduler.reserve(scheduler.schedule[name]))

    early, late = scheduler.late(began + LATE - SOON), scheduler.late(began + LATE + SOON)
    app.conf.update(broker_url="memory://")
    scheduler.close()
    scheduler.apply_entry(scheduler.reserve(scheduler.schedule["often"]), scheduler.producer)
    sent = scheduler.late(began + LATE + SOON)

    assert early is None
    assert late.startswith("no message was sent since ")
    assert "Connection refused" in late
    assert sent is None


def test_a_beat_that_stands_by_is_never_late(app: Celery) -> None:
    """It says that it waits; what the other had to ring for is due anew from the moment it takes over."""
    scheduler: Any = PromptScheduler(app=app)
    scheduler.turn = turn = Given()
    turn.mine = False
    scheduler.tick()
    scheduler._fires_since -= timedelta(hours=1)
    waiting = scheduler.late(datetime.now(UTC) + LATE + SOON), scheduler.waits()

    turn.mine = True
    app.conf.update(broker_url="memory://")
    scheduler.tick()
    fires = scheduler.late(datetime.now(UTC)), scheduler.waits()

    assert waiting == (None, WAITS)
    assert fires == (None, None)
