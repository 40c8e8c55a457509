"""The last thing a bot does: its threads end, or are left behind."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from bot.stopping import ended

PATIENCE = 60.0


@pytest.fixture
def release() -> Iterator[Event]:
    """Set when the test is over, so that no thread outlives it."""
    event = Event()
    yield event
    event.set()


def test_a_thread_at_work_is_not_waited_for(release: Event) -> None:
    """Beyond the seconds that it is given."""
    idle, busy = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
    idle.submit(int).result()
    busy.submit(release.wait)

    assert not asyncio.run(ended(idle.shutdown, busy.shutdown, seconds=0.05))


def test_threads_that_end_in_time_are(release: Event) -> None:
    """The loop goes on meanwhile: what it does may be what they wait for."""
    pool = ThreadPoolExecutor(1)
    pool.submit(release.wait)

    async def work() -> bool:
        asyncio.get_running_loop().call_later(0.05, release.set)
        return await ended(pool.shutdown, seconds=PATIENCE)

    assert asyncio.run(work())
