"""The measured messages are those that production sends."""

import json
from pathlib import Path

import redis

from benchmarks.broker_contenders import OURS
from benchmarks.broker_run import Trial
from sandbox.servers.children import ProcessFamily
from tasks.queues import QUEUE_OF, TaskName


def test_celery_is_sent_the_message_of_a_batch(family: ProcessFamily, redis_url: str, tmp_path: Path) -> None:
    """Name, queue, run number and expiry as a scan rings for a batch."""
    trial = Trial(family, tmp_path, OURS, redis_url)
    seconds = trial.send("backlog", 3)
    with redis.Redis.from_url(redis_url) as client:
        messages = [json.loads(message) for message in client.lrange(QUEUE_OF[TaskName.FETCH_PRICES], 0, -1)]

    assert seconds > 0
    assert [message["headers"]["task"] for message in messages] == [TaskName.FETCH_PRICES] * 3
    assert all(message["headers"]["kwargsrepr"] == "{'run_id': 7}" for message in messages)
    assert all(message["headers"]["expires"] for message in messages)


def test_both_ways_to_send_many_are_timed(family: ProcessFamily, redis_url: str, tmp_path: Path) -> None:
    """345 messages each, so that the saving of a batch is told in a scan's size."""
    ways = Trial(family, tmp_path, OURS, redis_url).send("rings", 1)
    with redis.Redis.from_url(redis_url) as client:
        waiting = client.llen(QUEUE_OF[TaskName.FETCH_PRICES])

    assert waiting == 1 + 2 * 345
    assert all(milliseconds > 0 for milliseconds in ways.values())
