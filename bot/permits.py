"""What a message needs before it may be handed to Telegram, and who goes first."""

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

Seconds: TypeAlias = float  # of one monotonic clock


class Priority(Enum):
    """Who goes first: whoever may book further ahead takes the places that others may not reach yet."""

    ANSWER = "answer"  # somebody waits for it
    ALERT = "alert"
    EDIT = "edit"  # of a message that was sent before: only when nobody else needs the place

    @property
    def ahead(self) -> Seconds:
        """How far ahead a place may be booked."""
        return _AHEAD_SECONDS[self]


_AHEAD_SECONDS = {Priority.ANSWER: 5.0, Priority.ALERT: 0.5, Priority.EDIT: 0.0}


@dataclass(frozen=True, slots=True)
class Permit:
    """One message to one chat, to be handed over at `at`.

    `stamp` is its place in the shared log, empty without one; that place is no earlier than `logged` on our own clock.
    """

    chat_id: int
    at: Seconds
    stamp: str = ""
    logged: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class Later:
    """No permit now: ask again in `seconds`. `chat` says that it is the chat that may not be written to."""

    seconds: Seconds
    chat: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How many alerts may be booked now, seconds until the next place and between two, and which chats rest.

    `free` are the seconds until the first of them may be written to again, None where that is not known.
    """

    room: int
    wait: Seconds
    gap: Seconds
    free: Seconds | None = None
    resting: list[int] = field(default_factory=list)

    def until(self, room: int) -> Seconds:
        """Seconds until so many may be booked at once."""
        return max(0.0, self.wait + (room - 1) * self.gap - Priority.ALERT.ahead)
