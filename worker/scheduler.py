"""Beat's scheduler: nothing on disk, everything due when it starts, one of several fires, a dead broker is one line."""

from datetime import UTC, datetime, timedelta
from typing import Any

from celery.beat import ScheduleEntry, Scheduler

from telemetry import traces
from telemetry.logs import logger
from worker.turn import Turn

log = logger(__name__)

LONG_AGO = timedelta(days=1)
STANDBY_SECONDS = 1.0  # between two looks whether the beat that fires has gone


class PromptScheduler(Scheduler):
    """Rings for every entry at once when it starts, then at its interval.

    Of several beats the one whose turn it is fires, the others wait; where Redis does not say whose, each fires:
    who rings too early or twice is refused where the work is planned (models/queries/scans.py), so a restart needs
    no memory and a second beat does no harm. A message that could not be sent is not sent later: what it asks for is
    asked for again at the entry's next time, and a scan itself asks for a catalogue or fee list that is missing or old.
    """

    turn: Turn | None = None  # without one it always fires
    _waiting = False

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self.update_from_dict(self.app.conf.beat_schedule)
        for entry in self.schedule.values():
            entry.last_run_at = datetime.now(UTC) - LONG_AGO

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, where it is this beat's turn; seconds until the next look."""
        if self.turn and self.turn.take() is False:
            self._tell(waiting=True)
            return STANDBY_SECONDS
        self._tell(waiting=False)
        seconds: float = super().tick(*args, **kwargs)
        return seconds

    def close(self) -> None:
        super().close()
        if self.turn:
            self.turn.release()
        traces.finish()

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send one message; a broker that does not answer is a line of log."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except Exception as error:  # noqa: BLE001  # the process edge: beat must outlive whatever sending raises
            log.warning("message not sent", entry=entry.name, reason=str(error))

    def _tell(self, *, waiting: bool) -> None:
        if waiting != self._waiting:
            self._waiting = waiting
            log.info("another beat fires, this one waits" if waiting else "this beat fires from now on")
