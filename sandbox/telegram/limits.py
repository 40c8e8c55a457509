import math
from collections import defaultdict, deque
from dataclasses import dataclass

from sandbox.telegram.errors import too_many_requests


@dataclass(frozen=True)
class Window:
    """At most `count` messages within `seconds`."""

    count: int
    seconds: float


# core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
OVERALL = Window(30, 1)
GROUP = Window(20, 60)
# One a second in one chat, "short bursts" beyond it are let through: five at once.
PRIVATE = Window(5, 5)


class SendLimits:
    """Refuses messages and edits above Telegram's limits; refused ones do not count.

    Edits count like messages: the FAQ does not name them, the service answers 429 to both.
    """

    def __init__(self) -> None:
        self._sent: defaultdict[int, deque[float]] = defaultdict(deque)
        self._overall: deque[float] = deque()
        self._newest: deque[tuple[float, int]] = deque()

    def admit(self, chat_id: int, now: float) -> None:
        """Count a message to the chat at `now` (seconds); ApiError 429 if it is one too many."""
        self._forget_quiet_chats(now)
        window = PRIVATE if chat_id > 0 else GROUP
        wait = max(_wait(self._overall, OVERALL, now), _wait(self._sent[chat_id], window, now))
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._overall.append(now)
        self._sent[chat_id].append(now)
        self._newest.append((now, chat_id))

    def _forget_quiet_chats(self, now: float) -> None:
        """Chats without a message in the longest window need no memory."""
        while self._newest and self._newest[0][0] <= now - GROUP.seconds:
            _, chat_id = self._newest.popleft()
            sent = self._sent.get(chat_id)
            if sent is not None and (not sent or sent[-1] <= now - GROUP.seconds):
                del self._sent[chat_id]


def _wait(sent: deque[float], window: Window, now: float) -> float:
    """Seconds until one more message fits; forgets what has left the window."""
    while sent and sent[0] <= now - window.seconds:
        sent.popleft()
    return sent[0] + window.seconds - now if len(sent) >= window.count else 0
