from collections.abc import Callable
from typing import Any

from sandbox.telegram.bell import Bell
from sandbox.telegram.errors import ApiError

LARGEST_BATCH = 100
# What a bot gets only if it asks for it by name (bots/api#getupdates, allowed_updates).
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

Update = dict[str, Any]


class UpdateQueue:
    """What users did and the bot has not confirmed yet (bots/api#getting-updates).

    Updates of one lane (a chat or a person) keep their order, however they are delivered.
    """

    def __init__(self) -> None:
        self._pending: dict[int, Update] = {}
        self._lane_of: dict[int, str] = {}
        self._lanes: dict[str, dict[int, Update]] = {}
        self._last_id = 1000
        self._poll = 0
        self._reason = ""
        self._bell = Bell()
        self.allowed: list[str] = []
        self.on_put: Callable[[str], None] | None = None

    @property
    def pending(self) -> int:
        return len(self._pending)

    def lanes(self) -> list[str]:
        """The lanes with an update that waits."""
        return list(self._lanes)

    def first(self, lane: str) -> Update | None:
        """The oldest update of the lane, if any waits."""
        return next(iter(self._lanes.get(lane, {}).values()), None)

    def allow(self, kinds: list[str]) -> None:
        """Only these kinds are queued from now on; an empty list means all but those of ON_REQUEST."""
        self.allowed = kinds

    def put(self, kind: str, content: dict[str, Any], lane: str) -> int:
        """Queue an update, if the bot wants its kind; return its id."""
        self._last_id += 1
        if kind in self.allowed if self.allowed else kind not in ON_REQUEST:
            self._queue({"update_id": self._last_id, kind: content}, lane)
        return self._last_id

    def push(self, update: dict[str, Any]) -> int:
        """Queue an update as it is, in a lane of its own; only its id becomes the next one, which is returned."""
        self._last_id += 1
        self._queue({**update, "update_id": self._last_id}, f"update {self._last_id}")
        return self._last_id

    def drop(self) -> None:
        self._pending.clear()
        self._lanes.clear()
        self._lane_of.clear()

    def confirm(self, update_id: int) -> None:
        """Forget an update that has arrived; one that is gone already is none."""
        if self._pending.pop(update_id, None) is None:
            return
        lane = self._lane_of.pop(update_id)
        del self._lanes[lane][update_id]
        if not self._lanes[lane]:
            del self._lanes[lane]

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """The updates from `offset` on (negative: the last ones), waiting `seconds` for the first.

        Earlier ones are confirmed and forgotten. ApiError 409 if another poll or a webhook begins meanwhile:
        the real service, too, ends the older poll.
        """
        self._confirm_before(offset)
        self.interrupt("other getUpdates request; make sure that only one bot instance is running")
        mine = self._poll
        await self._bell.wait_for(lambda: bool(self._pending) or self._poll != mine, seconds)
        if self._poll != mine:
            raise ApiError(409, f"Conflict: terminated by {self._reason}")
        return list(self._pending.values())[: max(1, min(limit, LARGEST_BATCH))]

    def interrupt(self, reason: str) -> None:
        """End the poll that waits, if any, with a conflict."""
        self._poll += 1
        self._reason = reason
        self._bell.ring()

    def _queue(self, update: Update, lane: str) -> None:
        number = update["update_id"]
        self._pending[number] = update
        self._lane_of[number] = lane
        self._lanes.setdefault(lane, {})[number] = update
        self._bell.ring()
        if self.on_put is not None:
            self.on_put(lane)

    def _confirm_before(self, offset: int) -> None:
        waiting = list(self._pending)
        gone = waiting[:offset] if offset < 0 else [number for number in waiting if number < offset]
        for number in gone:
            self.confirm(number)
