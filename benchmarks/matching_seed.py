"""A hundred thousand chats with filters of every sort, in the proportions that their menus invite."""

import io
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from random import Random
from typing import Any

import psycopg2

from domain.filters import EVERYTHING, Filter
from domain.games import GAMES
from domain.levels import LEVELS
from domain.traits import CHOICES
from models.queries.filters import columns

PICKY = "dota2"  # the game of which no chat takes everything
HEROES = ("axe", "juggernaut", "lina", "phantom-assassin", "pudge", "sniper", "invoker", "rubick", "crystal-maiden")
EFFECTS = ("burning-flames", "circling-heart", "green-confetti", "purple-energy", "stormy-storm")
WORDS = ("case", "key", "sticker", "capsule", "redline", "asiimov", "doppler", "karambit", "gloves", "night ops", "★")
CHATS = "id, kind, state, created_at, changed_at"


def some_filter(game: str, chance: Random) -> Filter:
    """Of a game: two in five take everything, one in four has thresholds, the others words, traits or both."""
    kind = chance.random()
    if kind < 0.40 and game != PICKY:
        return Filter(on=chance.random() < 0.9)
    wishes: dict[str, Any] = {}
    if kind < 0.80:
        wishes |= _amounts(chance)
    if kind > 0.65:
        wishes |= _words(chance) if chance.random() < 0.4 else _traits(game, chance)
    wanted = Filter(**wishes)
    return Filter(min_net=50) if game == PICKY and wanted == EVERYTHING else wanted


def _amounts(chance: Random) -> dict[str, Any]:
    wishes: dict[str, Any] = {}
    if chance.random() < 0.6:
        wishes["min_net"] = chance.choice((25, 50, 100, 200, 500, 1000))
    if chance.random() < 0.5:
        wishes["min_return_bps"] = chance.choice((300, 500, 1000, 1500, 2000, 3000))
    if chance.random() < 0.4:
        wishes["price_to"] = chance.choice((500, 1000, 2000, 5000, 10_000))
    if chance.random() < 0.3:
        wishes["levels"] = frozenset(chance.sample(sorted(LEVELS), chance.randint(1, 4)))
    if chance.random() < 0.2:
        wishes["exits"] = frozenset({chance.choice(("instant", "patient"))})
    if chance.random() < 0.2:
        wishes["min_sales_tenths"] = chance.choice((5, 10, 30, 50))
    if chance.random() < 0.1:
        wishes["max_age"] = chance.choice((60, 600, 3600, 86_400))
    return wishes


def _words(chance: Random) -> dict[str, Any]:
    field = chance.choice(("include", "exclude"))
    return {field: frozenset(chance.sample(WORDS, chance.randint(1, 5)))}


def _traits(game: str, chance: Random) -> dict[str, Any]:
    fields = {
        "csgo": ("exteriors", "rarities", "phases", "stattrak", "souvenir", "floats"),
        "dota2": ("heroes", "slots"),
        "tf2": ("classes", "qualities", "effects", "killstreaks", "craftable"),
        "rust": ("types",),
    }[game]
    wishes: dict[str, Any] = {}
    for field in chance.sample(fields, min(len(fields), chance.choice((1, 1, 2)))):
        if field == "floats":
            wishes |= {"float_from": 0, "float_below": chance.choice((10_000, 70_000, 150_000))}
        elif field in ("stattrak", "souvenir", "craftable"):
            wishes[field] = chance.random() < 0.5
        else:
            values = _values(game, field)
            wishes[field] = frozenset(chance.sample(values, min(len(values), chance.randint(1, 3))))
    return wishes


@cache
def _values(game: str, field: str) -> tuple[str, ...]:
    free = {"heroes": HEROES, "effects": EFFECTS, "types": ("ak47", "hoodie", "jacket", "rug", "rock", "door")}
    names = {"exteriors": "exterior", "rarities": "rarity", "phases": "phase", "slots": "slot", "classes": "class"}
    names |= {"qualities": "quality", "killstreaks": "killstreak"}
    return free.get(field) or CHOICES[game][names[field]]


def seed(url: str, chats: int, now: datetime) -> dict[str, list[Filter]]:
    """Fill an empty migrated database; the filters by game, of the chats 1, 2, 3 and so on."""
    chance = Random(20261123)  # reproducible filters
    wishes = {game: [some_filter(game, chance) for _ in range(chats)] for game in GAMES}
    names = sorted(columns("csgo", EVERYTHING))
    quoted = ", ".join(f'"{name}"' for name in ("chat_id", "game", "active", *names))
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            people = (f"{number}\tprivate\tactive\t{now}\t{now}" for number in range(1, chats + 1))
            cursor.copy_expert(f"COPY chats ({CHATS}) FROM STDIN", _file(people))
            cursor.copy_expert(f"COPY filters ({quoted}) FROM STDIN", _file(_lines(wishes, names)))
        connection.autocommit = True
        connection.cursor().execute("VACUUM ANALYZE")
    finally:
        connection.close()
    return wishes


def _lines(wishes: dict[str, list[Filter]], names: list[str]) -> Iterator[str]:
    stored = {(game, one): columns(game, one) for game, some in wishes.items() for one in set(some)}
    texts = {key: "\t".join(_cell(values[name]) for name in names) for key, values in stored.items()}
    for number in range(len(wishes["csgo"])):
        for game, some in wishes.items():
            yield f"{number + 1}\t{game}\tt\t{texts[game, some[number]]}"


def _file(lines: Iterator[str]) -> io.StringIO:
    return io.StringIO("".join(f"{line}\n" for line in lines))


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, list):
        return "{" + ",".join(f'"{one}"' for one in value) + "}"
    return str(value)
