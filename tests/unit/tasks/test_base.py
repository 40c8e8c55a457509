import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg2
import pytest
from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from structlog.testing import capture_logs

from dmarket import endpoints
from dmarket.errors import ExchangeError, Refused, ServerFailed
from domain.games import GAMES
from tasks.base import SECONDS, Work, ring, senseless
from tasks.queues import QUEUE_OF, TaskName
from tasks.scan import checked_game
from telemetry.metrics import UPSTREAM_DEGRADED


@pytest.fixture
def failing() -> Callable[[Exception], object]:
    """A task that raises what it is given."""
    app = Celery("tests", set_as_current=False)

    @app.task(shared=False, base=Work, name="tests.failing")
    def fail(error: Exception) -> None:
        raise error

    return fail


def deadline(expires: object) -> float:
    """Seconds that a run has whose message expires then."""
    app = Celery("tests", set_as_current=False)

    @app.task(shared=False, base=Work, bind=True, name="tests.deadline")
    def left(self: Work) -> float:
        return self.deadline() - time.monotonic()

    left.push_request(expires=expires)
    try:
        return float(left.run())
    finally:
        left.pop_request()


def database_error(message: str) -> OperationalError:
    return OperationalError("SELECT 1", {}, psycopg2.OperationalError(message))


@pytest.mark.parametrize(
    ("error", "event", "reason"),
    [
        (ServerFailed("offers", "the exchange failed", 503), "upstream degraded", "HTTP 503"),
        (database_error("no server\nis it running?"), "database unreachable, the work waits", "no server"),
        (database_error(""), "database unreachable, the work waits", ""),
        (PoolTimeout("pool is empty"), "database unreachable, the work waits", "pool is empty"),
        (BrokerError("connection refused"), "broker unreachable, the reaper will ring", "connection refused"),
    ],
)
def test_what_does_not_answer_is_one_line_of_log(
    failing: Callable[[Exception], object], error: Exception, event: str, reason: str
) -> None:
    """Rows own the work, so the task ends in peace; a reason has no second line."""
    with capture_logs() as logs:
        failing(error)

    (line,) = logs
    assert (line["event"], line["log_level"], line["task"]) == (event, "warning", "tests.failing")
    assert reason in line["reason"]
    assert "\n" not in line["reason"]


def test_the_line_says_whether_trying_again_helps(failing: Callable[[Exception], object]) -> None:
    """An operator must act on a permanent one."""
    with capture_logs() as logs:
        failing(Refused("bids", "the exchange refused the request", 400))

    assert logs[0]["permanent"] is True


def test_a_fault_of_our_own_is_not_hushed_up(failing: Callable[[Exception], object]) -> None:
    """Celery shows it with its traceback."""
    with pytest.raises(KeyError):
        failing(KeyError("ask"))


def test_a_run_has_twenty_seconds_and_less_when_its_message_ends_sooner() -> None:
    """Never less than one, so that what was begun may fail properly."""
    now = datetime.now(UTC)
    soon, late, past = (now + timedelta(seconds=seconds) for seconds in (5, 300, -5))

    assert deadline(None) == pytest.approx(SECONDS, abs=0.5)
    assert deadline(late.isoformat()) == pytest.approx(SECONDS, abs=0.5)
    assert deadline(soon.isoformat()) == pytest.approx(5, abs=0.5)
    assert deadline(past.isoformat()) == pytest.approx(1, abs=0.5)


def test_senseless_answers_are_counted_as_degraded() -> None:
    """They are errors of the exchange that pass, like a broken answer."""
    counter = UPSTREAM_DEGRADED.labels("sales")
    before = counter._value.get()

    error = senseless(endpoints.SALES, "no sale although 3 were known")

    assert isinstance(error, ExchangeError)
    assert not error.permanent
    assert str(error) == "sales: no sale although 3 were known"
    assert counter._value.get() == before + 1


def test_ringing_no_times_needs_no_broker() -> None:
    """Nothing was nominated, nothing is sent."""
    ring(TaskName.VERIFY_ITEM, times=0, expires=60)


def test_every_task_has_its_queue() -> None:
    """Names and queues are what operators rely on."""
    assert set(QUEUE_OF) == set(TaskName)


def test_a_game_is_found_by_its_key_only() -> None:
    """Not by the label that people read, which the sentence would offer."""
    assert checked_game("csgo") is GAMES["csgo"]
    with pytest.raises(ValueError, match="there is no game CS2, the games are csgo, dota2, tf2, rust"):
        checked_game("CS2")
