"""Beat's scheduler: nothing on disk, everything due when it starts, a dead broker is one line of log."""

from datetime import UTC, datetime, timedelta
from typing import Any

from celery.beat import ScheduleEntry, Scheduler

from telemetry.logs import logger

log = logger(__name__)

LONG_AGO = timedelta(days=1)


class PromptScheduler(Scheduler):
    """Rings for every entry at once when it starts, then at its interval.

    A message that could not be sent is not sent later: what it asks for is asked for again at the entry's
    next time, and a scan itself asks for a catalogue or fee list that is missing or old. Who rings too early
    or twice is refused where the work is planned (models/queries/scans.py), so a restart needs no memory and
    a second beat does no harm.
    """

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self.update_from_dict(self.app.conf.beat_schedule)
        for entry in self.schedule.values():
            entry.last_run_at = datetime.now(UTC) - LONG_AGO

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send one message; a broker that does not answer is a line of log."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except Exception as error:  # noqa: BLE001  # the process edge: beat must outlive whatever sending raises
            log.warning("message not sent", entry=entry.name, reason=str(error))
