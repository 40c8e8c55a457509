import asyncio
from collections.abc import Callable


class Bell:
    """Wakes the long polls of one event loop when something they may wait for has happened."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait_for(self, condition: Callable[[], bool], seconds: float) -> None:
        """Return when `condition` holds, checked after each ring, or after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await self._event.wait()
        except TimeoutError:
            return
