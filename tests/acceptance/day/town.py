"""Subscribers of a whole running system: who they are, the deals laid out for them, what each of them was told."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from domain.money import usd
from sandbox.telegram.server import TelegramSandbox
from tests.acceptance.market import Market, eventually
from tests.integration.bot.telegram import Line, Person, Telegram

GAME = "rust"
BOTS = ("bot", "bot 2")
ALERT = re.compile(r"^#A[0-9A-Z]+$", re.MULTILINE)  # the last line of each alert, in every language
FIRST_CHAT = 5_100_000_001  # so long that no other number of a test looks like it


@dataclass(slots=True)
class Deal:
    """A true opportunity on the exchange: what it costs now, and what can happen to it."""

    market: Market
    title: str
    offer_id: str
    buy: int
    taken: bool = False

    @property
    def price(self) -> str:
        """As an English text shows it."""
        return usd(self.buy)

    def reprice(self, cents: int) -> None:
        """The same item under a new offer id; at a price that does not pay the deal ends."""
        body = {"offerId": self.offer_id, "priceCents": cents}
        self.offer_id, self.buy = self.market.exchange("reprice", body)["offerId"], cents

    def take(self) -> None:
        if not self.taken:
            self.market.exchange("take", {"offerId": self.offer_id})
            self.taken = True


@dataclass(slots=True)
class Town:
    """The people and the deals of one test; `leave` ends both, so that the next test begins with none of them."""

    market: Market
    telegram: Telegram
    numbers: Iterator[int]
    people: list[Person] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)

    def stranger(self, **values: Any) -> Person:
        """Somebody who has not said anything yet."""
        chat_id = next(self.numbers)
        self.telegram.chat(chat_id, **{"language_code": "en"} | values)
        self.people.append(Person(self.telegram, chat_id))
        return self.people[-1]

    def subscriber(self) -> Person:
        """Somebody who said /start and nothing else."""
        person = self.stranger()
        person.says("/start").sees("Subscribed.")
        return person

    def deal(self, kind: str = "instant", level: str = "medium") -> Deal:
        """On a title that nobody looked at: workers read all the time, and what they know of sales they believe."""
        body = {"game": GAME, "kind": kind, "level": level, "unread": True}
        row = self.market.exchange("plant", body)
        self.deals.append(Deal(self.market, row["title"], row["offerId"], row["buyCents"]))
        return self.deals[-1]

    def leave(self) -> None:
        for deal in self.deals:
            deal.take()
        for person in self.people:
            person.says("/stop")

    def opened(self, deal: Deal) -> int:
        """How many open opportunities the workers see on its title: one or none."""
        rows = "SELECT 1 FROM opportunities o JOIN items i ON i.id = o.item_id WHERE o.state = 'open' AND i.title = %s"
        return len(self.market.rows(rows, deal.title))

    def owed(self, person: Person, deal: Deal) -> list[dict[str, Any]]:
        """What the outbox holds for a chat about a deal's title, whatever became of it."""
        return self.market.rows(
            "SELECT a.* FROM alerts a JOIN opportunities o ON o.id = a.opportunity_id JOIN items i ON i.id = o.item_id"
            " WHERE a.chat_id = %s AND i.title = %s ORDER BY a.id",
            person.chat_id,
            deal.title,
        )


def driving(market: Market) -> Telegram:
    """The driver of a running system's Telegram."""
    assert market.stack.telegram
    return Telegram(TelegramSandbox(market.stack.telegram, market.stack.env["TELEGRAM_BOT_TOKEN"]))


def numbers() -> Iterator[int]:
    return count(FIRST_CHAT)


def sent(person: Person, *words: str) -> list[Line]:
    """The messages of a chat that hold all these words; no edits."""
    return [line for line in person.lines() if line["kind"] == "send" and all(word in line["text"] for word in words)]


def alerts(person: Person, deal: Deal) -> list[Line]:
    """The alerts about a deal's title that a chat got."""
    return [line for line in sent(person, deal.title) if ALERT.search(line["text"])]


def told(person: Person, deal: Deal, times: int = 1) -> Line:
    """The newest alert about a deal, as soon as there are so many."""
    enough: Callable[[], list[Line]] = lambda: found if len(found := alerts(person, deal)) >= times else []  # noqa: E731
    return eventually(f"chat {person.chat_id} is told of {deal.title}", enough, 30)[-1]


def log(market: Market, process: str) -> str:
    path = market.stack.logs.folder / f"{process}.log"
    return path.read_text("utf-8") if path.exists() else ""
