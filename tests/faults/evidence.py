"""What a run left behind, as the checker reads it. Moments are unix seconds of the machine's true clock."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.faults.plan import Kind, Part, Seconds

RECOVERY: Seconds = 30.0  # after an outage the system is back to normal speed within that
MAX_AGE: Seconds = 120.0  # ALERT_MAX_AGE
HARMLESS = {(Part.BEAT, Kind.TWIN), (Part.MESSAGES, Kind.DOUBLED), (Part.MESSAGES, Kind.LATE)}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault as it really happened; `size` of a clock is seconds."""

    kind: Kind
    part: Part
    begin: Seconds
    end: Seconds
    size: int = 0

    def over(self, begin: Seconds, end: Seconds) -> bool:
        """Whether it went on at any moment between the two."""
        return self.begin <= end and begin <= self.end

    @property
    def felt_until(self) -> Seconds:
        """The system may be slow so long: its recovery, and what a clock wrote ahead of time."""
        return self.end + RECOVERY + (abs(self.size) if self.kind is Kind.CLOCK else 0)


@dataclass(frozen=True, slots=True)
class Life:
    """One offer at one price that pays, at the exchange from `since` to `until` (both when the exchange was told).

    `former` are the prices in cents at which the same item paid before. Sales that were read before it existed hide
    it until `hidden_until`.
    """

    title: str
    offer_id: str
    buy: int
    since: Seconds
    until: Seconds = math.inf
    hidden_until: Seconds = 0.0
    former: tuple[int, ...] = ()

    def alive(self, begin: Seconds, end: Seconds) -> bool:
        """Whether it was there at any moment between the two."""
        return self.since <= end and begin <= self.until


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A row of `alerts`; `reason` without Telegram's own words. `proof_at` is when its offers were read."""

    id: int
    chat_id: int
    title: str
    offer_id: str
    buy: int
    state: str
    reason: str
    attempts: int
    proof_at: Seconds
    created_at: Seconds
    finished_at: Seconds | None
    struck_at: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """An alert as it stands in a chat, or an edit of one; `alert_id` is read from its last line."""

    chat_id: int
    alert_id: int
    at: Seconds


@dataclass(frozen=True, slots=True)
class Ended:
    """An opportunity that is gone, with its last offer."""

    title: str
    offer_id: str
    buy: int
    at: Seconds
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """A row of `scan_runs`; `open_batches` counts its batches that are planned or leased."""

    id: int
    game: str
    state: str
    planned_at: Seconds
    finished_at: Seconds | None
    titles: int
    observed: int
    batches_left: int
    open_batches: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A signed call as the exchange's own log has it."""

    at: Seconds
    group: str


@dataclass(frozen=True, slots=True)
class Stall:
    """From `begin` to `end` calls may have waited: the machine stood still, or the exchange was busy with the test."""

    begin: Seconds
    end: Seconds


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything. `left` names what must be empty after the calm (leases, nominees …) with how many there are.

    `ready` has each process's status and words; `loud` the log lines with a traceback and the ends that nobody planned,
    each with its process in front. `forbidden` are chats that were blocked at some time.
    """

    troubles: Sequence[Trouble] = ()
    lives: Sequence[Life] = ()
    traps: frozenset[str] = frozenset()
    chats: frozenset[int] = frozenset()
    forbidden: frozenset[int] = frozenset()
    alerts: Sequence[AlertRow] = ()
    messages: Sequence[Message] = ()
    edits: Sequence[Message] = ()
    ended: Sequence[Ended] = ()
    runs: Sequence[Run] = ()
    arrivals: Sequence[Arrival] = ()
    stalls: Sequence[Stall] = ()
    left: Mapping[str, int] = field(default_factory=dict)
    ready: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    loud: Sequence[str] = ()
    until: Seconds = 0.0

    def clock_error(self, at: Seconds) -> Seconds:
        """By how much a moment that one of our processes wrote down may be wrong."""
        near = (
            abs(one.size)
            for one in self.troubles
            if one.kind is Kind.CLOCK
            and one.part is not Part.BROKER
            and one.over(at - abs(one.size), at + abs(one.size))
        )
        return sum(near)

    def troubled(self, begin: Seconds, end: Seconds) -> bool:
        """Whether an outage or its recovery went on at any moment between the two."""
        return any(_outage(one) and one.begin <= end and begin <= one.felt_until for one in self.troubles)

    def healthy_stretch(self, begin: Seconds, end: Seconds) -> Seconds:
        """The longest time between the two without an outage and its recovery."""
        longest, free_from = 0.0, begin
        for one in sorted(filter(_outage, self.troubles), key=lambda one: one.begin):
            longest = max(longest, min(one.begin, end) - free_from)
            free_from = max(free_from, one.felt_until)
        return max(longest, end - free_from)


def _outage(one: Trouble) -> bool:
    return (one.part, one.kind) not in HARMLESS
