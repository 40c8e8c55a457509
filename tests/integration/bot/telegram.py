"""The other end of the wire: plays the users and reads what the bot said."""

from typing import Any

import httpx

from sandbox.telegram.server import TelegramSandbox

PATIENCE = 60.0  # seconds until a message that must come is missing

Line = dict[str, Any]


class Telegram:
    def __init__(self, sandbox: TelegramSandbox) -> None:
        self.sandbox = sandbox
        self.updates: list[int] = []  # numbers of what people said and pressed, as far as the bot hears it
        self._http = httpx.Client(base_url=sandbox.url, timeout=PATIENCE + 5)

    def close(self) -> None:
        self._http.close()

    def chat(self, chat_id: int, kind: str = "private", **values: Any) -> None:
        """A chat that exists; a private one must say something before the bot may write to it."""
        self._post("chats", **{"id": chat_id, "type": kind, "first_name": "Ada"} | values)

    def people(self, first: int, number: int) -> None:
        """Private chats numbered from `first` on, in which somebody has spoken."""
        self._post("chats", count=number, first_id=first)

    def group(self, chat_id: int, admin: int, *members: int, **values: Any) -> None:
        """A group with one administrator."""
        people = [{"id": admin, "status": "administrator"}, *({"id": one, "status": "member"} for one in members)]
        self.chat(chat_id, values.pop("kind", "group"), members=people, **values)

    def say(self, chat_id: int, text: str, **values: Any) -> None:
        self._heard(self._post(f"chats/{chat_id}/say", text=text, **values))

    def press(self, chat_id: int, message_id: int, data: str, **values: Any) -> str:
        """Press a button, or send any `data` with forged=True; the id of the callback query."""
        answer = self._heard(self._post(f"chats/{chat_id}/press", message_id=message_id, data=data, **values))
        return str(answer["callback_query_id"])

    def said_before(self, chat_id: int) -> int:
        """A message of the bot's in a chat, with nothing below; its number."""
        self.chat(chat_id, spoke=True)
        url = f"/bot{self.sandbox.token}/sendMessage"
        answer = self._http.post(url, json={"chat_id": chat_id, "text": "before"})
        return int(answer.json()["result"]["message_id"])

    def fault(self, kind: str, **values: Any) -> None:
        self._post("faults", kind=kind, **values)

    def commands(self, chat_id: int, **asked: Any) -> list[dict[str, str]]:
        """The command menu that a chat shows, to one of its members with `user_id`, in a `language`."""
        answer = self._http.get(f"/_sandbox/chats/{chat_id}/commands", params=asked)
        commands: list[dict[str, str]] = answer.json()["commands"]
        return commands

    def file(self, line: Line) -> bytes:
        """What the document of a message holds."""
        answer = self._http.get(f"/file/bot{self.sandbox.token}/files/{line['media']['file_id']}")
        assert answer.status_code == 200, answer.text
        return answer.content

    def bot_is(self, chat_id: int, status: str, **values: Any) -> None:
        """Somebody adds, promotes or removes the bot; in a private chat "kicked" blocks and "member" unblocks it."""
        self._post(f"chats/{chat_id}/bot", status=status, **values)

    def push(self, *updates: Line) -> None:
        """Updates as they are, whatever they hold."""
        self._post("updates", updates=list(updates))

    def messages(self, since: int = 0, wait: float = 0) -> list[Line]:
        answer = self._http.get("/_sandbox/transcript", params={"since": since, "wait": wait})
        lines: list[Line] = answer.json()["messages"]
        return lines

    def wait_for(self, text: str, chat_id: int | None = None, times: int = 1, since: int = 0) -> list[Line]:
        """The messages that contain `text`, as soon as there are `times` of them; AssertionError without."""
        heard: list[Line] = []
        while True:
            fitting = [line for line in heard if text in line["text"] and chat_id in {None, line["chat_id"]}]
            if len(fitting) >= times:
                return fitting
            news = self.messages(heard[-1]["seq"] if heard else since, PATIENCE)
            assert news, f"{text!r} came {len(fitting)} times, not {times}; heard {[line['text'] for line in heard]}"
            heard += news

    def _heard(self, answer: dict[str, Any]) -> dict[str, Any]:
        if answer["update_id"] is not None:
            self.updates.append(answer["update_id"])
        return answer

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self._http.post(f"/_sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text
        given: dict[str, Any] = answer.json()
        return given


def buttons(line: Line) -> list[dict[str, str]]:
    """The buttons below a message, row by row."""
    rows = (line["reply_markup"] or {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


class Person:
    """Somebody at a phone in one chat: says, presses what stands there, sees what comes after."""

    def __init__(self, telegram: Telegram, chat_id: int, user_id: int | None = None) -> None:
        self.chat_id = chat_id
        self._telegram = telegram
        self._who = {} if user_id is None else {"user_id": user_id}
        self._mark = 0

    def says(self, text: str, **values: Any) -> "Person":
        self._now()
        self._telegram.say(self.chat_id, text, **self._who, **values)
        return self

    def presses(self, label: str) -> "Person":
        """The button whose label holds these words, on the newest message of the chat that has it."""
        lines = [line for line in self._telegram.messages() if line["chat_id"] == self.chat_id]
        newest = {line["message_id"]: line for line in lines if line["kind"] != "answer"}
        offered = [(line, button) for line in newest.values() for button in buttons(line) if label in button["text"]]
        assert offered, (
            f"no button {label!r} in {[button['text'] for line in newest.values() for button in buttons(line)]}"
        )
        line, button = max(offered, key=lambda one: one[0]["seq"])
        self._now()
        self._telegram.press(self.chat_id, line["message_id"], button["callback_data"], **self._who)
        return self

    def sends(self, message_id: int, data: str) -> "Person":
        """A press with these data on that message."""
        self._now()
        self._telegram.press(self.chat_id, message_id, data, forged=True, **self._who)
        return self

    def sees(self, text: str) -> Line:
        """What comes, since this person last did something, with these words: a message, an edit or a toast."""
        return self._telegram.wait_for(text, self.chat_id, since=self._mark)[-1]

    def lines(self) -> list[Line]:
        """Everything in the chat so far but toasts, the newest last."""
        lines = self._telegram.messages()
        return [line for line in lines if line["chat_id"] == self.chat_id and line["kind"] != "answer"]

    def _now(self) -> None:
        lines = self._telegram.messages()
        self._mark = lines[-1]["seq"] if lines else 0
