"""Ending a worker: what is held goes back, once, and nobody waits for ever."""

import signal
import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.exc import OperationalError

from tasks.held import Held
from worker.draining import INTERRUPTED, Draining

SOON = 5.0  # seconds until something that comes at once is missing


@pytest.fixture
def handlers() -> Iterator[None]:
    """The handlers of this process, as they were, after the test."""
    kept = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, kept)


class Leaving:
    """Stands for the end of the process."""

    def __init__(self) -> None:
        self.codes: list[int] = []
        self.left = threading.Event()

    def __call__(self, code: int) -> None:
        self.codes.append(code)
        self.left.set()


def away() -> None:
    raise OperationalError("UPDATE", {}, Exception("gone"))


def test_what_is_held_is_given_back_and_what_was_done_is_not() -> None:
    """One lease that cannot be given back does not keep the others."""
    held, back = Held(), []
    with held.hold(lambda: back.append("done")):
        pass

    with held.hold(away), held.hold(lambda: back.append("batch")):
        number = held.give_back()

    assert number == 2
    assert back == ["batch"]
    assert held.ending.is_set()


def test_the_first_signal_lets_the_work_go_on(handlers: None) -> None:
    """The handler that was there before has its turn; nobody takes up more work."""
    held, leaving, passed = Held(), Leaving(), list[int]()
    handle = Draining(held, leaving, seconds=60).handler(lambda number, _frame: passed.append(number))

    handle(signal.SIGTERM, None)

    assert passed == [signal.SIGTERM]
    assert held.ending.is_set()
    assert not leaving.codes


@pytest.mark.parametrize(("signals", "seconds", "code"), [(2, 60.0, INTERRUPTED), (1, 0.0, 0)])
def test_a_second_signal_or_the_end_of_patience_ends_it(
    signals: int, seconds: float, code: int, handlers: None
) -> None:
    """What is held is given back before the process is gone; only impatience is a failure."""
    held, leaving, back = Held(), Leaving(), list[str]()
    handle = Draining(held, leaving, seconds=seconds).handler(lambda *_: None)

    with held.hold(lambda: back.append("batch")):
        for _ in range(signals):
            handle(signal.SIGTERM, None)
        ended = leaving.left.wait(SOON)

    assert ended
    assert leaving.codes[0] == code
    assert back == ["batch"]


def test_a_database_that_does_not_answer_does_not_hold_up_the_end() -> None:
    """After a moment the process leaves; the lease runs out by itself."""
    held, leaving, stuck = Held(), Leaving(), threading.Event()

    with held.hold(waiting(stuck)):
        Draining(held, leaving, seconds=60).end(1)
    stuck.set()

    assert leaving.codes == [1]


def waiting(until: threading.Event) -> Callable[[], None]:
    def wait() -> None:
        until.wait(SOON)

    return wait
