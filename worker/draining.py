"""How a worker ends: the first signal lets it finish what it holds, for so long; the second ends it at once."""

import atexit
import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing.connection import wait
from threading import Thread, current_thread
from types import FrameType
from typing import Any

from billiard import active_children
from celery import bootsteps
from celery.concurrency.thread import TaskPool

from tasks.held import Held, held
from telemetry.logs import logger

log = logger(__name__)

# Seconds. Whoever stops a worker should give it 30 before killing it. A task may take 28: it is not waited for, its
# lease is given back and another worker does its work.
DRAIN_SECONDS = 25.0
GIVE_BACK_SECONDS = 2.5  # a database that does not answer must not hold up the end
CHILDREN_SECONDS = GIVE_BACK_SECONDS + 1.0  # for forked ones, which begin to give back when they are told
SIGNALS = (signal.SIGTERM, signal.SIGINT)
INTERRUPTED = 1  # exit code after the second signal

Handler = Callable[[int, FrameType | None], Any]


class Draining:
    """The signals of one worker, whichever of SIGNALS. `leave` ends the process with an exit code, for good."""

    def __init__(self, work: Held, leave: Callable[[int], Any], *, seconds: float) -> None:
        self._work = work
        self._leave = leave
        self._seconds = seconds
        self._signals = 0

    def handler(self, former: Handler) -> Handler:
        """The first signal goes on to the handler that was there before; all others wait for nothing."""

        def handle(number: int, frame: FrameType | None) -> None:
            self._signals += 1
            if self._signals > 1:
                Thread(target=self.end, args=(INTERRUPTED,), name="ending", daemon=True).start()
                return
            self._work.ending.set()  # take up nothing more
            Thread(target=self._watch, name="draining", daemon=True).start()
            former(number, frame)
            signal.signal(number, handle)  # Celery's for SIGINT puts another one in its place

        return handle

    def end(self, code: int) -> None:
        """Give back what is held, as far as that is quick, and leave."""
        giving = Thread(target=self._give_back, name="giving back", daemon=True)
        giving.start()
        giving.join(GIVE_BACK_SECONDS)
        self._leave(code)

    def _give_back(self) -> None:
        log.warning("ended before its work was done, others take it over", leases=self._work.give_back())

    def _watch(self) -> None:
        time.sleep(self._seconds)  # a worker that ends by itself takes this thread with it
        self.end(0)


class DrainStep(bootsteps.StartStopStep):
    """Puts itself before Celery's handlers, which know no second signal and no end of waiting.

    After the pool, so that forked children do not have them: those end as `end_when_told` says.
    """

    requires = ("celery.worker.components:Pool",)

    def start(self, parent: Any) -> None:
        draining = Draining(held, lambda code: leave(parent, code), seconds=DRAIN_SECONDS)
        for number in SIGNALS:
            former = signal.getsignal(number)
            if callable(former):
                signal.signal(number, draining.handler(former))

    def stop(self, _parent: Any) -> None:
        """Nothing: the pool ends after this and may wait for its tasks, so the watch goes on."""

    def terminate(self, parent: Any) -> None:
        self.stop(parent)


def leave(parent: Any, code: int) -> None:
    """End this process now; threads in the middle of a call would keep an orderly end waiting for them."""
    atexit.register(current_thread().join)  # Celery's own end, with another code, is not to overtake this one
    pool = getattr(parent, "pool", None)
    if pool is not None and not isinstance(pool, TaskPool):
        Thread(target=pool.terminate, daemon=True).start()  # so that none of the children is replaced
        _end_children()
    os._exit(code)


def _end_children() -> None:
    """Tell forked children to end, and kill those that do not: the others would be ended by the end of their parent."""
    children = active_children()
    _signal(children, signal.SIGTERM)
    running: dict[Any, Any] = {child.sentinel: child for child in children}
    until = time.monotonic() + CHILDREN_SECONDS
    while running and (ended := wait(list(running), until - time.monotonic())):
        for one in ended:
            del running[one]
    _signal(running.values(), signal.SIGKILL)


def _signal(children: Iterable[Any], number: int) -> None:
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child.pid, number)


def end_when_told() -> None:
    """In a forked child, before any thread of its own: SIGTERM gives back what it holds and ends it at once.

    That is what `leave` sends it, or whoever ends all processes of a service. The pool puts a handler of its own over
    any other after this, which ends the child with its leases in hand: so the signal is waited for, not handled.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    Thread(target=_wait_to_end, name="ending", daemon=True).start()


def _wait_to_end() -> None:
    signal.sigwait({signal.SIGTERM})
    Draining(held, os._exit, seconds=0).end(INTERRUPTED)
