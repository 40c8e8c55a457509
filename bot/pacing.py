"""Telegram's limits: when the next message may be handed over, and to whom."""

from collections import deque
from typing import TypeAlias

Seconds: TypeAlias = float  # of one monotonic clock

# core.telegram.org/bots/faq: about 30 messages a second in all, one a second in a chat, 20 a minute in a group.
OVERALL = 25
OVERALL_SECONDS = 1.0
CHAT_SECONDS = 1.05  # a little more than asked, because messages do not all travel equally fast
GROUP = 20
GROUP_SECONDS = 61.0
GULP = 5  # at full load messages go out this many at a time, so that the outbox is not asked for each one
LEAST_WAIT = 0.05  # chats that come free one after another are looked at together


class Pacing:
    """Remembers what was sent. Times are seconds of one monotonic clock, given by the caller."""

    def __init__(self) -> None:
        self._sent: deque[Seconds] = deque()
        self._group_sent: dict[int, deque[Seconds]] = {}
        self._ready_at: dict[int, Seconds] = {}
        self._paused_until: Seconds = 0

    def room(self, now: Seconds) -> int:
        """How many messages may be handed over now, over all chats."""
        while self._sent and self._sent[0] <= now - OVERALL_SECONDS:
            self._sent.popleft()
        return 0 if now < self._paused_until else OVERALL - len(self._sent)

    def record(self, chat_id: int, now: Seconds, *, group: bool) -> None:
        """Count one message that is handed over now."""
        self._sent.append(now)
        self.rest(chat_id, self._after_group(chat_id, now) if group else now + CHAT_SECONDS)

    def _after_group(self, chat_id: int, now: Seconds) -> float:
        sent = self._group_sent.setdefault(chat_id, deque(maxlen=GROUP))
        sent.append(now)
        return max(now + CHAT_SECONDS, sent[0] + GROUP_SECONDS) if len(sent) == GROUP else now + CHAT_SECONDS

    def rest(self, chat_id: int, until: Seconds) -> None:
        """Nothing to this chat before `until`."""
        self._ready_at[chat_id] = max(until, self._ready_at.get(chat_id, until))

    def pause(self, until: Seconds) -> None:
        """Nothing to anybody before `until`."""
        self._paused_until = max(until, self._paused_until)

    def resting(self, now: Seconds) -> list[int]:
        """The chats that may not be written to now. Forgets what no longer matters."""
        self._ready_at = {chat: at for chat, at in self._ready_at.items() if at > now}
        self._group_sent = {chat: sent for chat, sent in self._group_sent.items() if sent[-1] > now - GROUP_SECONDS}
        return list(self._ready_at)

    def wait(self, now: Seconds) -> Seconds | None:
        """Seconds until more may be sent than now; None when nothing is held back."""
        if now < self._paused_until:
            return self._paused_until - now
        if self.room(now) == 0:
            return self._sent[GULP - 1] + OVERALL_SECONDS - now
        held = [at - now for at in self._ready_at.values() if at > now]
        return max(min(held), LEAST_WAIT) if held else None
