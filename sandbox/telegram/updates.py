from typing import Any

from sandbox.telegram.bell import Bell
from sandbox.telegram.errors import ApiError

LARGEST_BATCH = 100


class UpdateQueue:
    """What users did and the bot has not confirmed yet (bots/api#getting-updates)."""

    def __init__(self) -> None:
        self._pending: list[dict[str, Any]] = []
        self._last_id = 1000
        self._allowed: list[str] = []
        self._poll = 0
        self._bell = Bell()

    @property
    def pending(self) -> int:
        return len(self._pending)

    def allow(self, kinds: list[str]) -> None:
        """Only these kinds are queued from now on; an empty list means all."""
        self._allowed = kinds

    def put(self, kind: str, content: dict[str, Any]) -> int:
        """Queue an update of the kind `message` or `callback_query`; return its id."""
        self._last_id += 1
        if not self._allowed or kind in self._allowed:
            self._pending.append({"update_id": self._last_id, kind: content})
            self._bell.ring()
        return self._last_id

    def drop(self) -> None:
        self._pending.clear()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """The updates from `offset` on (negative: the last ones), waiting `seconds` for the first.

        Earlier ones are confirmed and forgotten. ApiError 409 if another poll begins meanwhile: the real
        service, too, ends the older one.
        """
        self._confirm(offset)
        self._poll += 1
        mine = self._poll
        self._bell.ring()
        await self._bell.wait_for(lambda: bool(self._pending) or self._poll != mine, seconds)
        if self._poll != mine:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return self._pending[: max(1, min(limit, LARGEST_BATCH))]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._pending = self._pending[offset:]
        elif offset > 0:
            self._pending = [update for update in self._pending if update["update_id"] >= offset]
