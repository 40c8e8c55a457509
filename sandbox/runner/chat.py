"""A person with Telegram: says /start to the sandbox Bot API and reads what comes."""

import http.client
import json
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CHAT = 1001


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """The JSON answer to a JSON request; urllib.error.HTTPError for a refusal."""
    request = urllib.request.Request(  # noqa: S310  # the sandbox we started
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # the sandbox we started
        parsed: dict[str, Any] = json.loads(answer.read())
    return parsed


@dataclass(slots=True)
class Reader:
    """Hands every message the chat receives to `show`, from a thread of its own, until stopped."""

    url: str
    show: Callable[[str], None]
    stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        post(f"{self.url}/_sandbox/chats", {"id": CHAT, "type": "private", "first_name": "Demo", "language_code": "en"})
        post(f"{self.url}/_sandbox/chats/{CHAT}/say", {"text": "/start"})
        threading.Thread(target=self._read, name="chat", daemon=True).start()

    def _read(self) -> None:
        seen = 0
        while not self.stopped.is_set():
            try:
                with urllib.request.urlopen(  # noqa: S310  # the sandbox we started
                    f"{self.url}/_sandbox/transcript?since={seen}&wait=2", timeout=10
                ) as answer:
                    messages = json.loads(answer.read())["messages"]
            except (OSError, http.client.HTTPException):
                if self.stopped.wait(0.5):
                    return
                continue
            for message in messages:
                seen = max(seen, message["seq"])
                if message["kind"] == "send":
                    self.show(message["text"])
