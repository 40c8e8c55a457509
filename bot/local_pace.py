"""The pace of one process that cannot know of the others: so slow that six of them together keep Telegram's limits."""

from bot.permits import Later, Look, Permit, Priority, Seconds

PROCESSES = 6
GAP_SECONDS = PROCESSES / 29
CHAT_SECONDS = 2.1  # an answer and an alert can come from two processes
GROUP_SECONDS = 61 * PROCESSES / 20
SETTLE_SECONDS = 1.2  # seconds without a message first: then what the shared log allowed lies behind


class LocalPace:
    """Times are seconds of one monotonic clock, given by the caller."""

    def __init__(self) -> None:
        self._next: Seconds = 0
        self._paused_until: Seconds = 0
        self._free: dict[int, Seconds] = {}

    def begin(self, now: Seconds) -> None:
        """From now on nobody tells what the others send."""
        self._next = max(self._next, now + SETTLE_SECONDS)

    def take(self, chat_id: int, priority: Priority, now: Seconds) -> Permit | Later:
        at = max(now, self._next, self._paused_until)
        free = self._free.get(chat_id, now)
        if free > at:
            return Later(free - now, chat=True)
        if at > now + priority.ahead:
            return Later(at - now - priority.ahead)
        self._next = at + GAP_SECONDS
        self._free[chat_id] = at + (GROUP_SECONDS if chat_id < 0 else CHAT_SECONDS)
        return Permit(chat_id, at)

    def look(self, now: Seconds) -> Look:
        """Forgets what no longer matters."""
        self._free = {chat: at for chat, at in self._free.items() if at > now}
        wait = max(0, self._next - now, self._paused_until - now)
        room = int((Priority.ALERT.ahead - wait) / GAP_SECONDS) + 1 if wait <= Priority.ALERT.ahead else 0
        free = min(self._free.values(), default=None)
        return Look(room, wait, GAP_SECONDS, None if free is None else free - now, list(self._free))

    def refused(self, chat_id: int, until: Seconds) -> None:
        """Telegram said 429. Of a private chat nobody can say here whether it is that chat's alone: all wait."""
        self._free[chat_id] = max(until, self._free.get(chat_id, until))
        if chat_id > 0:
            self._paused_until = max(self._paused_until, until)

    def held(self, now: Seconds) -> Seconds:
        """Seconds for which a refusal holds up what was booked before it."""
        return max(0, self._paused_until - now)
