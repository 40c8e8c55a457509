"""What a message may ask for: whoever reaches the broker can write any message, so each value is looked at first."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.games import GAMES
from domain.levels import LEVELS

SHOWN = 40  # characters of a wrong value
LARGEST_ID = 2**63 - 1  # of a bigint column

Rule = Callable[[Any], str | None]


def _game(value: Any) -> str | None:
    known = isinstance(value, str) and value in GAMES
    return None if known else f"there is no game {_shown(value)}, the games are {', '.join(GAMES)}"


def _level(value: Any) -> str | None:
    known = value is None or (isinstance(value, str) and value in LEVELS)
    return None if known else f"there is no level {_shown(value)}, the levels are {', '.join(LEVELS)}"


def _id(value: Any) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID
    return None if whole else "must be the number of a row"


def _shown(value: Any) -> str:
    return ascii(value)[:SHOWN]


def _yes_or_no(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


# Every parameter of every task has one (tests/unit/tasks/test_arguments.py).
RULES: Mapping[str, Rule] = {"game": _game, "level": _level, "run_id": _id, "scheduled": _yes_or_no}


def refusal(run: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> str | None:
    """One sentence on why a task does not run with these arguments, None where it does."""
    parameters = inspect.signature(run).parameters
    try:
        given = inspect.signature(run).bind(*args, **kwargs).arguments
    except TypeError:
        wanted = ", ".join(parameters) or "nothing"
        return f"the arguments do not fit, the task takes {wanted}"
    for name, value in given.items():
        wrong = RULES[name](value) if name in RULES else None
        if wrong:
            return f"{name}: {wrong}"
    return None
