"""The inventory: what beat rings for, which queue it goes to, who listens there."""

from datetime import timedelta

import pytest
from celery import Celery
from kombu import Queue as BrokerQueue

import tasks
from config.settings import Settings
from domain.games import GAMES
from tasks.queues import QUEUE_OF, Queue, TaskName
from worker.configuration import celery_config
from worker.schedule import beat_schedule

PLAIN = Settings(celery_broker_url="redis://host/0")


def registered() -> set[str]:
    assert tasks.__all__  # importing the package is what registers them
    return {name for name in Celery(set_as_current=False).tasks if not name.startswith("celery.")}


def test_every_task_has_a_name_on_the_list_and_a_queue() -> None:
    """Operators' scripts use the names; a task without a queue would wait where nobody listens."""
    assert registered() == {name.value for name in TaskName}
    assert set(QUEUE_OF) == set(TaskName)


def test_every_queue_is_consumed_by_default_and_carries_only_its_own_messages() -> None:
    """`celery -A worker worker` without -Q listens to all; no two queues share a binding."""
    queues: list[BrokerQueue] = celery_config(PLAIN)["task_queues"]

    assert [queue.name for queue in queues] == [queue.value for queue in Queue]
    assert [(queue.exchange.name, queue.routing_key) for queue in queues] == [(queue.value,) * 2 for queue in Queue]


def test_every_entry_rings_for_a_task_in_its_queue() -> None:
    """A misspelt task would be dropped by the worker in silence."""
    entries = beat_schedule(PLAIN).values()

    assert {entry["task"] for entry in entries} <= registered()
    assert all(entry["options"]["queue"] == QUEUE_OF[TaskName(entry["task"])] for entry in entries)


def test_every_message_expires_before_the_next_of_its_kind() -> None:
    """A worker that was away for an hour does not find an hour of bells."""
    entries = beat_schedule(PLAIN).values()

    assert all(0 < entry["options"]["expires"] <= entry["schedule"].total_seconds() for entry in entries)


def test_there_is_one_scan_for_each_game_that_is_on() -> None:
    """A game that is switched off is not asked about at all; a changed interval is used."""
    settings = PLAIN.model_copy(update={"scan_intervals": {"rust": 0, "tf2": 7}})

    entries = beat_schedule(settings)

    scans = {
        entry["kwargs"]["game"]: entry["schedule"] for entry in entries.values() if entry["task"] == TaskName.SCAN_GAME
    }
    assert list(scans) == [game for game in GAMES if game != "rust"]
    assert scans["tf2"] == timedelta(seconds=7)
    assert not [name for name in entries if "rust" in name]


def test_all_games_off_leaves_the_housekeeping() -> None:
    """Work that is under way still ends."""
    entries = beat_schedule(PLAIN.model_copy(update={"scan_intervals": dict.fromkeys(GAMES, 0)}))

    assert set(entries) == {"sales", "history", "reaper"}


def test_only_json_is_sent_and_accepted() -> None:
    """A pickled message can run code."""
    config = celery_config(PLAIN)

    assert config["accept_content"] == ["json"]
    assert config["task_serializer"] == "json"


@pytest.mark.parametrize(("url", "redis"), [("redis://h/0", True), ("amqp://h//", False), ("amqps://h/v", False)])
def test_transport_options_are_those_of_the_broker(url: str, redis: bool) -> None:
    """RabbitMQ's client refuses options it does not know."""
    options = celery_config(PLAIN.model_copy(update={"celery_broker_url": url}))["broker_transport_options"]

    assert bool(options) is redis
