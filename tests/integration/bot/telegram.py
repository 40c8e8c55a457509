"""The other end of the wire: plays the users and reads what the bot said."""

from typing import Any

import httpx

from sandbox.telegram.server import TelegramSandbox

PATIENCE = 15.0  # seconds until a message that must come is missing


class Telegram:
    def __init__(self, sandbox: TelegramSandbox) -> None:
        self.sandbox = sandbox
        self._http = httpx.Client(base_url=sandbox.url, timeout=PATIENCE + 5)

    def close(self) -> None:
        self._http.close()

    def chat(self, chat_id: int, kind: str = "private") -> None:
        """A chat that exists; a private one must say something before the bot may write to it."""
        self._post("chats", id=chat_id, type=kind, first_name="Ada")

    def say(self, chat_id: int, text: str) -> None:
        self._post(f"chats/{chat_id}/say", text=text)

    def fault(self, kind: str, **values: Any) -> None:
        self._post("faults", kind=kind, **values)

    def commands(self) -> list[dict[str, str]]:
        """The command menu that every chat shows."""
        (menu,) = self._http.get("/_sandbox/chats").json()["commands"]
        commands: list[dict[str, str]] = menu["commands"]
        return commands

    def messages(self, since: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        answer = self._http.get("/_sandbox/transcript", params={"since": since, "wait": wait})
        lines: list[dict[str, Any]] = answer.json()["messages"]
        return lines

    def wait_for(self, text: str, chat_id: int | None = None, times: int = 1) -> list[dict[str, Any]]:
        """The messages that contain `text`, as soon as there are `times` of them; AssertionError without."""
        heard: list[dict[str, Any]] = []
        while True:
            fitting = [line for line in heard if text in line["text"] and chat_id in {None, line["chat_id"]}]
            if len(fitting) >= times:
                return fitting
            news = self.messages(heard[-1]["seq"] if heard else 0, PATIENCE)
            assert news, f"{text!r} came {len(fitting)} times, not {times}; heard {[line['text'] for line in heard]}"
            heard += news

    def _post(self, path: str, **body: Any) -> None:
        answer = self._http.post(f"/_sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text
