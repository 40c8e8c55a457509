"""Walks the graph of buttons: every command, then every button of what came, each in a chat of its own."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from redis import Redis
from sqlalchemy.orm import Session

from bot.seal import Press, Seal
from domain.filters import Filter
from models.database import Database
from models.queries import chats as queries
from tests.integration.bot.rows import clock
from tests.integration.bot.telegram import PATIENCE, Line, Telegram, buttons

MOST = 40  # buttons of one route that are pressed
AT_ONCE = 25  # presses on their way: a bot has no more turns than that for long

Shape = tuple[str, ...]


def shape(press: Press) -> Shape:
    """Buttons that differ in numbers alone lead to the same place."""
    return press.route, *("#" if _numeric(arg) else arg for arg in press.args)


def _numeric(arg: str) -> bool:
    return arg.lstrip("-").isdecimal()


@dataclass(frozen=True)
class Found:
    """A button, and the chat in which it stood."""

    chat_id: int
    press: Press

    @property
    def own(self) -> bool:
        """It may name something that this chat alone has: an alert, a watch."""
        return any(map(_numeric, self.press.args))


@dataclass
class Walk:
    """What was seen: every button, and what was answered to each press or command.

    `prepare` gives a subscribed chat what lists can show. In `redis` stands whether a press or command was handled to
    its end: a toast may come before the screen, and something else meanwhile. So do the limits of users, which one chat
    with all buttons of its own would meet.
    """

    telegram: Telegram
    database: Database
    redis: Redis
    prepare: Callable[[Session, int], None]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(10_000))
    seen: dict[Shape, Found] = field(default_factory=dict)
    answers: list[tuple[str, Line]] = field(default_factory=list)
    _pressed: Counter[str] = field(default_factory=Counter)

    @property
    def seal(self) -> Seal:
        return Seal(self.telegram.sandbox.token)

    def ask(self, words: Iterable[str], *, known: bool = True) -> None:
        """Commands, each in a chat of its own, which is subscribed or never spoke; all their answers are awaited."""
        said = list(words)
        for start in range(0, len(said), AT_ONCE):
            asked = said[start : start + AT_ONCE]
            chats = dict(zip(self._chats(len(asked), known=known), asked, strict=True))
            since = self._now()
            for chat_id, text in chats.items():
                self.telegram.say(chat_id, text)
            self._take(since, chats)

    def receive(self, send: Callable[[int], object]) -> None:
        """What comes by itself to a subscribed chat."""
        (chat_id,) = self._chats(1)
        since = self._now()
        send(chat_id)
        self._take(since, {chat_id: "what came by itself"})

    def press_all(self) -> None:
        """Until no button leads to something new."""
        waiting = dict(self.seen)
        done: set[Shape] = set()
        while waiting:
            batch: dict[int, Found] = {}
            for key, found in list(waiting.items()):
                if len(batch) < AT_ONCE and not (found.own and found.chat_id in batch):
                    batch[found.chat_id if found.own else self._chats(1)[0]] = found
                    done.add(key)
            self._press(batch)
            waiting = {key: found for key, found in self.seen.items() if key not in done}

    def _press(self, batch: dict[int, Found]) -> None:
        if limits := self.redis.keys("*:user:*"):
            self.redis.delete(*limits)
        anchors = {chat_id: self.telegram.said_before(chat_id) for chat_id in batch}
        since = self._now()
        for chat_id, found in batch.items():
            data = self.seal.pack(chat_id, found.press.route, found.press.args)
            self.telegram.press(chat_id, anchors[chat_id], data, forged=True)
        self._take(since, {chat_id: " ".join((one.press.route, *one.press.args)) for chat_id, one in batch.items()})

    def _chats(self, number: int, *, known: bool = True) -> list[int]:
        """New chats; those that are known are prepared."""
        chats = list(itertools.islice(self.numbers, number))
        for chat_id in chats:
            self.telegram.chat(chat_id, spoke=True)
        with self.database.transaction() as session:
            for chat_id in chats if known else ():
                queries.subscribe(session, chat_id, "private", Filter(), clock())
                self.prepare(session, chat_id)
        return chats

    def _take(self, since: int, asked: dict[int, str]) -> None:
        """Note what is answered in each chat, and the buttons that nobody has pressed yet."""
        lines = self._await(since, asked)
        order = list(asked)  # not the order in which they came, or no two walks would go the same way
        for line in sorted(lines, key=lambda line: order.index(line["chat_id"])):
            chat_id = line["chat_id"]
            self.answers.append((asked[chat_id], line))
            for button in buttons(line):
                if "callback_data" in button:
                    press = self.seal.unpack(chat_id, button["callback_data"])
                    assert press is not None, f"{asked[chat_id]}: {button} was not sealed for its chat"
                    self._meet(Found(chat_id, press))

    def _meet(self, found: Found) -> None:
        key, route = shape(found.press), found.press.route
        if key not in self.seen and self._pressed[route] < MOST:
            self._pressed[route] += 1
            self.seen[key] = found

    def _await(self, since: int, asked: dict[int, str]) -> list[Line]:
        """What each chat shows once everything is handled: messages, edits, toasts with words."""
        deadline = time.monotonic() + PATIENCE
        while True:
            handled = self._handled()  # before the look at the lines: later ones belong to nothing that was asked
            lines = [line for line in self.telegram.messages(since) if line["chat_id"] in asked]
            shown = [line for line in lines if line["kind"] != "answer" or line["text"]]
            missing = {chat_id: asked[chat_id] for chat_id in asked.keys() - {line["chat_id"] for line in shown}}
            if handled and not missing:
                return shown
            assert time.monotonic() < deadline, f"nothing shown for {missing}, all handled: {handled}: {lines[-5:]}"
            self.telegram.messages(lines[-1]["seq"] if lines else since, 0.1)

    def _handled(self) -> bool:
        """Whether the bot is done with everything that was said and pressed."""
        number = self.telegram.sandbox.token.partition(":")[0]
        keys = [f"skinbeat:telegram:{{{number}}}:update:{update}" for update in self.telegram.updates]
        return not keys or set(self.redis.mget(keys)) == {b"done"}

    def _now(self) -> int:
        lines = self.telegram.messages()
        return lines[-1]["seq"] if lines else 0
