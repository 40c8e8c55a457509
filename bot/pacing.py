"""Telegram's limits: when the next message may be handed over, and to whom."""

from collections import deque
from typing import TypeAlias

Seconds: TypeAlias = float  # of one monotonic clock

# core.telegram.org/bots/faq: about 30 messages a second in all, one a second in a chat, 20 a minute in a group.
OVERALL = 25
OVERALL_SECONDS = 1.0
# Messages travel at different speeds: a burst of 25 could catch up with the next one, a few at a time cannot.
GULP = 5
GULP_SECONDS = 0.2
CHAT_SECONDS = 1.05  # a little more than asked, because messages do not all travel equally fast
GROUP = 20
GROUP_SECONDS = 61.0
LEAST_WAIT = 0.05  # chats that come free one after another are looked at together


class Pacing:
    """Remembers what was sent: alerts wait for their turn, answers to commands do not but count.

    Times are seconds of one monotonic clock, given by the caller.
    """

    def __init__(self) -> None:
        self._sent: deque[Seconds] = deque()
        self._group_sent: dict[int, deque[Seconds]] = {}
        self._ready_at: dict[int, Seconds] = {}
        self._paused_until: Seconds = 0

    def room(self, now: Seconds) -> int:
        """How many alerts may be handed over now, over all chats; below 0 where answers to commands took more."""
        while self._sent and self._sent[0] <= now - OVERALL_SECONDS:
            self._sent.popleft()
        if now < self._paused_until:
            return 0
        lately = sum(at > now - GULP_SECONDS for at in self._sent)
        return min(OVERALL - len(self._sent), GULP - lately)

    def record(self, chat_id: int, now: Seconds, *, group: bool) -> None:
        """Count one message that is handed over now."""
        self._sent.append(now)
        self.rest(chat_id, self._after_group(chat_id, now) if group else now + CHAT_SECONDS)

    def _after_group(self, chat_id: int, now: Seconds) -> Seconds:
        sent = self._group_sent.setdefault(chat_id, deque(maxlen=GROUP))
        sent.append(now)
        return max(now + CHAT_SECONDS, sent[0] + GROUP_SECONDS) if len(sent) == GROUP else now + CHAT_SECONDS

    def rest(self, chat_id: int, until: Seconds) -> None:
        """Nothing to this chat before `until`."""
        self._ready_at[chat_id] = max(until, self._ready_at.get(chat_id, until))

    def pause(self, until: Seconds) -> None:
        """Nothing to anybody before `until`."""
        self._paused_until = max(until, self._paused_until)

    def refused(self, chat_id: int, until: Seconds, *, group: bool) -> None:
        """Telegram said 429. A group has a limit of its own; a private chat's refusal means that all wait."""
        if group:
            self.rest(chat_id, until)
        else:
            self.pause(until)

    def resting(self, now: Seconds) -> list[int]:
        """The chats that may not be written to now. Forgets what no longer matters."""
        self._ready_at = {chat: at for chat, at in self._ready_at.items() if at > now}
        self._group_sent = {chat: sent for chat, sent in self._group_sent.items() if sent[-1] > now - GROUP_SECONDS}
        return list(self._ready_at)

    def wait(self, now: Seconds) -> Seconds | None:
        """Seconds until more may be sent than now; None when nothing is held back."""
        if now < self._paused_until:
            return self._paused_until - now
        if self.room(now) <= 0:
            places = len(self._sent) - (OVERALL - GULP)  # that must come free until a whole gulp fits
            second = self._sent[places - 1] + OVERALL_SECONDS if places > 0 else now
            return max(second, self._sent[-1] + GULP_SECONDS) - now
        held = [at - now for at in self._ready_at.values() if at > now]
        return max(min(held), LEAST_WAIT) if held else None
