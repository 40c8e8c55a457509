"""Beat's scheduler: nothing on disk, everything due when it starts, one of several fires, a dead broker is one line."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import schedule

from telemetry import traces
from telemetry.logs import logger
from worker.checks import first_line
from worker.turn import Turn

log = logger(__name__)

LONG_AGO = timedelta(days=1)
STANDBY_SECONDS = 1.0  # between two looks whether the beat that fires has gone
LATE_SECONDS = 30.0  # a broker that hangs takes 20 to fail one message (worker/configuration.py)
WAITS = "another beat fires, this one waits"


class PromptScheduler(Scheduler):
    """Rings for every entry at once when it starts, then at its interval.

    Of several beats the one whose turn it is fires, the others wait; where Redis does not say whose, each fires:
    who rings too early or twice is refused where the work is planned (models/queries/scans.py), so a restart needs
    no memory and a second beat does no harm. A message that could not be sent is not sent later: what it asks for is
    asked for again at the entry's next time, and a scan itself asks for a catalogue or fee list that is missing or old.
    """

    turn: Turn | None = None  # without one it always fires
    _waiting = False
    _fires_since: datetime
    _failure: tuple[datetime, str] | None = None  # the first since a message was sent, and what the last one said

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self.update_from_dict(self.app.conf.beat_schedule)
        self._fires_since = datetime.now(UTC)
        for entry in self.schedule.values():
            entry.last_run_at = self._fires_since - LONG_AGO

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
            since = self._failure[0] if self._failure else datetime.now(UTC)
            self._failure = since, first_line(error)
        else:
            self._failure = None

    def late(self, now: datetime) -> str | None:
        """None while this beat rings in time, or stands by; else what is late by more than `LATE_SECONDS`.

        Looks at nothing outside this process; may be called by any thread.
        """
        if self._waiting:
            return None
        failure = self._failure  # read once: the next message may be sent meanwhile
        if failure and now - failure[0] > timedelta(seconds=LATE_SECONDS):
            return f"no message was sent since {failure[0]:%Y-%m-%d %H:%M:%S} UTC: {failure[1]}"
        due, name = min(((self._due(entry), entry.name) for entry in list(self.schedule.values())), default=(now, ""))
        if now - due > timedelta(seconds=LATE_SECONDS):
            return f"{name!r} was due at {due:%Y-%m-%d %H:%M:%S} UTC and was not rung for"
        return None

    def waits(self) -> str | None:
        """One sentence where another beat fires."""
        return WAITS if self._waiting else None

    def _due(self, entry: ScheduleEntry) -> datetime:
        """When it is to be rung for next; what is late from before this beat fired is due from then on."""
        due = cast(datetime, entry.last_run_at) + timedelta(seconds=cast(schedule, entry.schedule).seconds)
        return max(due, self._fires_since)

    def _tell(self, *, waiting: bool) -> None:
        if waiting == self._waiting:
            return
        if not waiting:
            self._fires_since, self._failure = datetime.now(UTC), None
        self._waiting = waiting
        log.info(WAITS if waiting else "this beat fires from now on")
