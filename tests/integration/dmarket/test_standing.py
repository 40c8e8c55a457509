"""An account's standing in a real broker, as several workers see it."""

import logging
import time

import pytest
import redis
from prometheus_client import REGISTRY

from dmarket.budget import connect
from dmarket.errors import BudgetUnavailable
from dmarket.standing import LeftOut, Pauses, Standing
from tests.integration.dmarket.budgets import wait_until

ACCOUNT = "0123456789ab"
SLOW = Pauses()
QUICK = Pauses(first=0.05, longest=0.2, trial=0.05, trust=0.05)


def standing(broker: redis.Redis, pauses: Pauses = SLOW) -> Standing:
    """As one worker has it."""
    return Standing(broker, ACCOUNT, "ab12cd34", pauses)


def usable() -> float | None:
    return REGISTRY.get_sample_value("skinbeat_account_usable", {"account": "ab12cd34"})


def ttl(broker: redis.Redis, name: str) -> float:
    return int(str(broker.pttl(f"skinbeat:account:{{{ACCOUNT}}}:{name}"))) / 1000


def test_an_account_is_used_until_it_is_refused(broker: redis.Redis) -> None:
    """Nothing is kept of a good one."""
    assert standing(broker).left_out() is None
    assert usable() == 1
    assert broker.keys("*") == []


def test_a_refusal_reaches_all_workers(broker: redis.Redis, caplog: pytest.LogCaptureFixture) -> None:
    """With its reason and the time until the next trial; one line of log says it."""
    mine, theirs = standing(broker), standing(broker)

    mine.refuse("user: banned")

    seen = theirs.left_out()
    assert mine.left_out() == LeftOut("user: banned", 30)
    assert seen is not None
    assert (seen.reason, round(seen.seconds)) == ("user: banned", 30)
    assert usable() == 0
    assert [record.getMessage() for record in caplog.records] == [
        "account ab12cd34 is left out, the next trial is in 30 s: user: banned"
    ]


def test_what_was_seen_is_asked_again_soon(broker: redis.Redis) -> None:
    """A process looks ten times a second at most, and no less often while it works."""
    mine, theirs = standing(broker), standing(broker)
    mine.left_out()

    theirs.refuse("user: banned")

    wait_until(lambda: mine.left_out() is not None, 1)


@pytest.mark.parametrize(("refusals", "seconds"), [(1, 30), (2, 60), (3, 120), (5, 480), (6, 600), (5000, 600)])
def test_pauses_double_up_to_ten_minutes(refusals: int, seconds: int) -> None:
    """However long it goes on."""
    assert SLOW.after(refusals) == seconds


def test_refusals_in_a_row_lengthen_the_pause(broker: redis.Redis) -> None:
    """Whoever of the workers tries."""
    for _ in range(3):
        standing(broker).refuse("user: banned")

    assert ttl(broker, "out") == pytest.approx(120, abs=5)


def test_one_worker_finds_out_and_one_tries(broker: redis.Redis) -> None:
    """The others go on meanwhile."""
    assert [standing(broker).suspect() for _ in range(3)] == [True, False, False]
    standing(broker).refuse("user: banned")
    broker.delete(f"skinbeat:account:{{{ACCOUNT}}}:out")
    assert [standing(broker).claim() for _ in range(3)] == [True, False, False]


def test_who_hears_late_that_an_account_is_back_does_not_try_it(broker: redis.Redis) -> None:
    """What a worker saw may be a moment old."""
    mine, theirs = standing(broker), standing(broker)
    mine.refuse("user: banned")
    theirs.left_out()
    mine.restore()

    assert not theirs.claim()
    assert theirs.suspect() is False


def test_a_worker_that_dies_while_it_finds_out_is_followed_by_another(broker: redis.Redis) -> None:
    """Its turn ends by itself."""
    standing(broker, QUICK).suspect()

    wait_until(lambda: standing(broker, QUICK).suspect(), 1)


def test_an_account_that_is_left_out_is_not_suspected_again(broker: redis.Redis) -> None:
    """Calls under way when it was refused come back refused as well: that must not lengthen its pause."""
    standing(broker).refuse("user: banned")

    assert not standing(broker).suspect()


def test_an_account_is_due_when_its_pause_is_over(broker: redis.Redis) -> None:
    """It stays left out until a trial ended well."""
    mine = standing(broker, QUICK)
    mine.refuse("user: banned")

    wait_until(lambda: broker.pttl(f"skinbeat:account:{{{ACCOUNT}}}:out") == -2, 1)

    assert standing(broker, QUICK).left_out() == LeftOut("user: banned", 0)
    assert mine.claim()


def test_a_good_trial_brings_it_back(broker: redis.Redis, caplog: pytest.LogCaptureFixture) -> None:
    """For all workers, with one line of log, and its next pause is the first one again."""
    mine, theirs = standing(broker), standing(broker)
    mine.refuse("user: banned")
    mine.refuse("user: banned")

    mine.restore()

    assert (mine.left_out(), theirs.left_out(), usable()) == (None, None, 1)
    assert caplog.records[-1].getMessage() == "account ab12cd34 is used again"
    theirs.refuse("user: banned")
    assert ttl(broker, "out") == pytest.approx(30, abs=5)


def test_a_suspicion_that_was_wrong_is_silent_and_holds_off_the_next(
    broker: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    """A title that is refused for itself must not cost a trial with each of its calls."""
    mine = standing(broker, QUICK)
    mine.suspect()

    mine.restore()

    assert not standing(broker).suspect()
    assert caplog.records == []
    wait_until(lambda: standing(broker, QUICK).suspect(), 1)


def test_everything_kept_ends_by_itself(broker: redis.Redis) -> None:
    """An account that was taken out of the settings leaves nothing behind."""
    mine = standing(broker)
    mine.suspect()
    mine.refuse("user: banned")
    mine.claim()

    assert len(list(broker.scan_iter("*"))) == 3
    assert all(0 < ttl(broker, name) <= 3630 for name in ("suspect", "out", "refused"))


@pytest.mark.timed
def test_without_redis_nothing_is_known_and_nothing_breaks(caplog: pytest.LogCaptureFixture) -> None:
    """No call may be sent then; what cannot be stored is one line of log."""
    lost = Standing(connect("redis://127.0.0.1:9"), ACCOUNT, "ab12cd34")
    started = time.monotonic()

    lost.refuse("user: banned")
    lost.restore()
    turns = (lost.suspect(), lost.claim())
    with pytest.raises(BudgetUnavailable) as caught:
        lost.left_out()

    assert turns == (False, False)
    assert not caught.value.permanent
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    assert len(caplog.records) == 4
    assert time.monotonic() - started < 5
