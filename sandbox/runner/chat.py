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
    """Hands everything the bot does to `show`, as a person sees it, from a thread of its own, until stopped."""

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
                if text := as_shown(message):
                    self.show(text)


def as_shown(line: dict[str, Any]) -> str:
    """A line of the sandbox's transcript as a person sees it happen: one or more lines of text, empty for nothing."""
    match line["kind"]:
        case "delete":
            return f"(message {line['message_id']} deleted)"
        case "answer":
            return f"(toast: {line['text']})" if line["text"] else ""
    changed = [f"(message {line['message_id']} changed)"] if line["kind"] == "edit" else []
    return "\n".join([*changed, *_file(line.get("media")), *_text(line["text"]), *_buttons(line["reply_markup"])])


def _file(media: dict[str, Any] | None) -> list[str]:
    if media is None:
        return []
    if media["kind"] == "photo":
        return [f"(picture {media['width']}×{media['height']})"]
    return [f"(file {media['file_name']}, {media['file_size']:,} bytes)"]


def _text(text: str) -> list[str]:
    return [text] if text else []


def _buttons(markup: dict[str, Any] | None) -> list[str]:
    """A line for each row of the keyboard."""
    rows = (markup or {}).get("inline_keyboard", [])
    return [" ".join(f"[{button['text']}]" for button in row) for row in rows]
