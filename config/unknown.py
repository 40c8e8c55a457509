"""Variables that look like ours and are none: typing mistakes that would do nothing, silently."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from config.settings import NAMES, PREFIX
from domain.games import GAMES

OURS = ("SKINBEAT_", "DMARKET_", "TELEGRAM_")  # nobody else's variables begin so
NEAR, NEARER = 0.6, 0.85  # how like a known name one must be to be offered, and to be meant where the prefix is another
# Variables that other programs read and that are like one of ours.
OTHERS = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "REDIS_HOST", "REDIS_PORT", "DATABASE_NAME", "CELERY_BROKER"})


def known() -> list[str]:
    """Every variable that is read, without the `NAME_FILE` forms."""
    return [*NAMES, *(PREFIX + game.upper() for game in GAMES)]


def unknown(environ: Mapping[str, str]) -> list[str]:
    """One sentence for each variable that is none of ours but begins or reads like one. Never quotes a value.

    An interval of a game that does not exist is refused by `load` already.
    """
    names = known()
    return [sentence for name in sorted(environ) for sentence in _sentence(name, names)]


def _sentence(name: str, names: Collection[str]) -> Iterator[str]:
    bare = name.removesuffix("_FILE")
    if bare in names or name in OTHERS or name != name.upper() or name.startswith(PREFIX):
        return
    ours = name.startswith(OURS)
    near = get_close_matches(bare, names, n=1, cutoff=NEAR if ours else NEARER)
    if near:
        meant = near[0] + ("_FILE" if name.endswith("_FILE") else "")
        yield f"{name} is no variable of Skinbeat and does nothing: did you mean {meant}?"
    elif ours:
        yield f"{name} is no variable of Skinbeat and does nothing: remove it"
