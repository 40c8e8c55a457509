"""What one chat sets is that chat's alone: random walks through every setting, by two who do not know each other."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from bot.seal import Seal
from models import Table
from models.database import Database
from models.queries.personal import PERSONAL
from tests.integration.bot.conftest import StartBot
from tests.integration.bot.rows import subscribed
from tests.integration.bot.telegram import Person, Telegram, buttons
from tests.rows import make_item

BOB = 400
WALKERS = range(501, 513)
STEPS = 12
LEAVING = {"menu", "settings", "help", "status", "top"}  # pressed only where nothing else is offered
DOORS = ("/settings", "/filters", "/digest", "/mute Title 00000", "/snooze", "/watch Title 00000 below 5")
WORDS = ("Berlin", "23-7", "5", "7%", "$3", "key, -case", "0.07-0.15", "nothing that fits", "Title 00000", "10 min")


def of(database: Database, chat_id: int) -> dict[str, list[Any]]:
    """Every row of a chat, by table."""
    found: dict[str, list[Any]] = {}
    with database.transaction() as session:
        for table, column in PERSONAL:
            own = Table.metadata.tables[table]
            rows_of = own.select().where(own.c[column] == chat_id).order_by(*own.primary_key.columns)
            found[f"{table}.{column}"] = [tuple(row) for row in session.execute(rows_of)]
    return found


@dataclass
class Walker:
    """Presses whatever is offered, types whatever is asked for; `pressed` are the routes."""

    person: Person
    chance: Random
    pressed: set[str] = field(default_factory=set)

    def begin(self) -> None:
        self.person.says(self.chance.choice(DOORS))

    def step(self, seal: Seal) -> None:
        shown = [line for line in self.person.lines() if buttons(line)]
        if not shown or self.chance.random() < 0.1:
            return self.begin()
        if self.chance.random() < 0.2:
            self.person.says(self.chance.choice(WORDS))
            return None
        data = [one["callback_data"] for one in buttons(shown[-1]) if "callback_data" in one]
        routes = {one: press.route for one in data if (press := seal.unpack(self.person.chat_id, one))}
        onward = [one for one, route in routes.items() if route not in LEAVING]
        chosen = self.chance.choice(onward or list(routes))
        self.pressed.add(routes[chosen])
        self.person.sends(shown[-1]["message_id"], chosen)
        return None


@pytest.mark.parametrize("seed", [7])
def test_what_one_sets_changes_nothing_of_another(
    start_bot: StartBot, telegram: Telegram, database: Database, seed: int
) -> None:
    """Through all settings in random order, with random words: not one row of somebody who does nothing is touched,
    and each walker's own rows name nobody else.
    """
    bot = start_bot()
    make_item(database)
    everybody = (BOB, *WALKERS)
    for chat_id in everybody:
        telegram.chat(chat_id, spoke=True)
    subscribed(database, *everybody)
    before = {chat_id: of(database, chat_id) for chat_id in everybody}
    walkers = [Walker(Person(telegram, chat_id), Random(seed * 1000 + chat_id)) for chat_id in WALKERS]
    for walker in walkers:
        walker.begin()
        walker.person.sees("")
    for _ in range(STEPS):
        for walker in walkers:
            walker.step(Seal(telegram.sandbox.token))
        for walker in walkers:
            walker.person.sees("")
    changed = {chat_id for chat_id in everybody if of(database, chat_id) != before[chat_id]}

    assert BOB not in changed
    assert len(changed) > len(WALKERS) // 2
    assert len(set().union(*(walker.pressed for walker in walkers))) > 15
    assert not [word for word in ("was not handled", "did not get through") if word in bot.log]
