"""Query parameters and cursors, read strictly: what the documents do not allow is refused with a sentence."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import orjson

from sandbox.exchange.market import GameMarket, Market
from sandbox.exchange.replies import Call, RefusedError

CURSOR_LENGTH = 500
Refusal = Callable[[str], RefusedError]


def whole(text: Any, name: str, low: int, high: int | None, refuse: Refusal) -> int:
    """A whole number given as text or JSON number within `low` and `high`."""
    value = str(text)
    if value.isascii() and value.isdecimal() and int(value) >= low and (high is None or int(value) <= high):
        return int(value)
    upper = f"to {high}" if high is not None else "on"
    raise refuse(f"{name} is {value!r}; it must be a whole number from {low} {upper}")


def one_of(call: Call, name: str, choices: tuple[str, ...], refuse: Refusal) -> str:
    """One of `choices`, the first where the parameter is missing."""
    value = call.one(name, choices[0])
    if value not in choices:
        raise refuse(f"{name} is {value!r}; it must be one of {', '.join(repr(one) for one in choices)}")
    return value


def game_of(market: Market, exchange_id: Any, refuse: Refusal) -> GameMarket:
    """The game of an exchange id such as a8db."""
    game = market.by_exchange_id(str(exchange_id))
    if game is None:
        known = ", ".join(one.game.exchange_id for one in market.games.values())
        raise refuse(f"game is {exchange_id!r}; it must be one of {known}")
    return game


def refuse_unsupported(call: Call, name: str, refuse: Refusal) -> None:
    """The sandbox does not filter by attributes; ignoring a filter would answer a different question."""
    if call.one(name):
        raise refuse(f"{name} is not simulated here; leave it out and filter the answer")


def write_cursor(offset: int) -> str:
    return b64encode(orjson.dumps({"offset": offset})).decode()


def read_cursor(text: str, refuse: Refusal) -> int:
    """The offset inside an opaque cursor; "" starts at 0."""
    if not text:
        return 0
    if len(text) > CURSOR_LENGTH:
        raise refuse(f"cursor has {len(text)} characters; it has at most {CURSOR_LENGTH}")
    try:
        return int(orjson.loads(b64decode(text, validate=True))["offset"])
    except (ValueError, KeyError, TypeError) as error:
        raise refuse("cursor is not one that this method returned; send it back unchanged") from error
