from sandbox.telegram.messages import Message

# Older messages are forgotten, so that a long measurement does not fill the memory.
KEPT = 20_000


class History:
    """The newest messages of all chats; their numbers never repeat, in whichever chat."""

    def __init__(self) -> None:
        self._messages: dict[tuple[int, int], Message] = {}
        self._last = 0

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def keep(self, message: Message) -> None:
        self._messages[message.chat["id"], message.message_id] = message
        if len(self._messages) > KEPT:
            del self._messages[next(iter(self._messages))]

    def find(self, chat_id: int, message_id: int) -> Message | None:
        return self._messages.get((chat_id, message_id))

    def forget(self, message: Message) -> None:
        del self._messages[message.chat["id"], message.message_id]
