"""Two beats by accident: one fires, and when it goes the other does."""

import json
import signal
from collections.abc import Callable, Iterator

import pytest
import redis

from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, Running, celery
from worker.turn import KEY, LEASE_SECONDS, Turn

FAILOVER = 30.0  # seconds that a market may go without scans because a beat was lost
WAITS = "another beat fires, this one waits"
FIRES = "this beat fires from now on"


def firing(redis_url: str) -> set[int]:
    """The process ids whose messages are in the queue `scan`, which is then empty."""
    with redis.Redis.from_url(redis_url) as client:
        messages: list[bytes] = client.lpop("scan", 1000) or []
    origins = [str(json.loads(message)["headers"]["origin"]) for message in messages]  # gen1234@host
    return {int(origin.removeprefix("gen").partition("@")[0]) for origin in origins}


@pytest.fixture
def beats(start: Start, redis_url: str) -> tuple[Running, Running]:
    """The one that fires, and the one that waits."""
    first = start(celery("beat"))
    assert poll_until(lambda: first.process.pid in firing(redis_url), PATIENCE), first.said
    second = start(celery("beat"))
    second.wait_for(WAITS)
    return first, second


@pytest.fixture
def turns(redis_url: str) -> Iterator[Callable[[], Turn]]:
    with redis.Redis.from_url(redis_url) as client:
        yield lambda: Turn(client)
        client.delete(KEY)


def test_one_of_two_fires(beats: tuple[Running, Running], redis_url: str) -> None:
    """Rounds of the reaper's five seconds come from the first alone; the second is ready and says that it waits."""
    first, second = beats
    heard: set[int] = set()
    rounds: list[set[int]] = []

    def another_round() -> bool:
        if found := firing(redis_url):
            rounds.append(found)
            heard.update(found)
        return len(rounds) >= 2

    came = poll_until(another_round, PATIENCE)

    assert came
    assert heard == {first.process.pid}
    assert first.get("/ready") == (200, '{"broker": "ok", "schedule": "ok", "turn": "ok"}')
    assert second.get("/ready") == (200, json.dumps({"broker": "ok", "schedule": "ok", "turn": WAITS}))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_other_fires_when_the_first_is_lost(
    beats: tuple[Running, Running], redis_url: str, number: signal.Signals
) -> None:
    """A beat that is gone or hangs says nothing: its lease ends. One that wakes up again finds it is not its turn."""
    first, second = beats
    first.process.send_signal(number)
    firing(redis_url)

    took_over = poll_until(lambda: second.process.pid in firing(redis_url), FAILOVER)
    first.process.send_signal(signal.SIGCONT)

    assert took_over, second.said
    assert FIRES in second.said
    if number == signal.SIGSTOP:
        first.wait_for(WAITS)


@pytest.mark.timed
def test_first_that_ends_in_order_hands_over_at_once(beats: tuple[Running, Running], redis_url: str) -> None:
    """A deployment replaces beat without a gap of a lease."""
    first, second = beats

    code = first.end()
    at_once = poll_until(lambda: second.process.pid in firing(redis_url), LEASE_SECONDS / 2)

    assert code == 0
    assert at_once, second.said


def test_turn_is_kept_renewed_and_given_back(turns: Callable[[], Turn], redis_url: str) -> None:
    """Whoever asks while it is another's is refused and changes nothing, giving back included."""
    first, second = turns(), turns()

    answers = [first.take(), second.take(), first.take()]
    second.release()
    still = second.take()
    with redis.Redis.from_url(redis_url) as client:
        left = client.pttl(KEY)
    first.release()

    assert answers == [True, False, True]
    assert still is False
    assert 0 < left <= LEASE_SECONDS * 1000
    assert second.take() is True


def test_redis_that_does_not_answer_says_nothing() -> None:
    """Neither yes nor no; giving back is no error either."""
    with redis.Redis(port=1) as nowhere:
        turn = Turn(nowhere)
        answer = turn.take()
        turn.release()

    assert answer is None
