from typing import Any

import httpx

from sandbox.telegram.server import TelegramSandbox

USER = 501
GROUP = -77


class Driver:
    """Plain HTTP to a sandbox: plays the bot (call) and the users (the rest)."""

    def __init__(self, sandbox: TelegramSandbox) -> None:
        self.sandbox = sandbox
        self.http = httpx.Client(base_url=sandbox.url, timeout=30)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a Bot API method with a JSON body; return the whole answer."""
        answer: dict[str, Any] = self.http.post(f"/bot{self.sandbox.token}/{method}", json=params).json()
        return answer

    def result(self, method: str, **params: Any) -> Any:
        """Call a method that must succeed; return its result."""
        answer = self.call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    def refusal(self, method: str, **params: Any) -> str:
        """Call a method that must be refused; return `code description`."""
        answer = self.call(method, **params)
        assert not answer["ok"], answer
        return f"{answer['error_code']} {answer['description']}"

    def control(self, path: str, **body: Any) -> dict[str, Any]:
        """POST to a route below /_sandbox, which must succeed."""
        answer = self.http.post(f"/_sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text
        content: dict[str, Any] = answer.json()
        return content

    def open_chat(self) -> None:
        """A private chat whose owner has written once; the update of that is confirmed."""
        self.control("chats", id=USER, type="private", first_name="Ada", language_code="en")
        update = self.control(f"chats/{USER}/say", text="/start")["update_id"]
        self.result("getUpdates", offset=update + 1)

    def send(self, text: str = "hello", **params: Any) -> int:
        """Send a message to the private chat; return its id."""
        message_id: int = self.result("sendMessage", chat_id=USER, text=text, **params)["message_id"]
        return message_id

    def transcript(self, since: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        answer = self.http.get("/_sandbox/transcript", params={"since": since, "wait": wait})
        lines: list[dict[str, Any]] = answer.json()["messages"]
        return lines
