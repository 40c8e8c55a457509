"""The thread that draws: away from the event loop, one picture at a time, since matplotlib is not thread-safe."""

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor

from bot.pictures.labels import Labels
from models.queries.charts import Course


class Painter:
    """Made once per process, ended by `close`. matplotlib is read by the first picture or by `warm`."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="painter")

    async def chart(self, course: Course, labels: Labels) -> bytes:
        """A course as PNG. Raises bot.pictures.errors.NothingToDrawError."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _chart, course, labels)

    async def warm(self) -> None:
        """Read matplotlib and its fonts, a second's work, before somebody waits for it."""
        await asyncio.get_running_loop().run_in_executor(self._thread, _warm)

    def close(self) -> None:
        """Let the picture under way finish and drop those that wait."""
        self._thread.shutdown(cancel_futures=True)


def _chart(course: Course, labels: Labels) -> bytes:
    from bot.pictures.chart import render  # noqa: PLC0415  # half a second and 30 MB that the first picture pays

    try:
        return render(course, labels)
    finally:
        gc.collect(1)  # a figure is a ring of references around megabytes of pixels, and it is young


def _warm() -> None:
    from bot.pictures import chart  # noqa: F401, PLC0415  # only to have read it
    from bot.pictures.lettering import BOLD, PLAIN, fitted  # noqa: PLC0415  # as above

    for face in (PLAIN, BOLD):
        fitted("A", face, 20, 20)
