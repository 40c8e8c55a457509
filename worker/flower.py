"""Flower's password: from the environment or a file, and no Flower without one in production."""

from collections.abc import MutableMapping, Sequence
from pathlib import Path

from config.settings import SettingsError

BASIC_AUTH = "FLOWER_BASIC_AUTH"
GUARDS = ("--basic-auth", "--basic_auth", "--auth")
FORM = "must be name:password, several separated by commas, each password of at least 12 characters"
WHY = f"whoever reaches Flower could shut workers down; give name:password, or a file with it as {BASIC_AUTH}_FILE"
SHORTEST = 12  # characters of a password


def guard(environ: MutableMapping[str, str], arguments: Sequence[str], *, production: bool) -> None:
    """Give Flower the password of FLOWER_BASIC_AUTH_FILE; SettingsError where it would run open or ill guarded.

    `arguments` is the command line: whoever guards Flower there, or with its OAuth, needs no variable.
    """
    path = environ.get(f"{BASIC_AUTH}_FILE", "").strip()
    if path and environ.get(BASIC_AUTH):
        raise SettingsError([f"{BASIC_AUTH} and {BASIC_AUTH}_FILE are both set: give one of them"])
    if path:
        environ[BASIC_AUTH] = _content(path)
    given = environ.get(BASIC_AUTH, "")
    if given and not all(_good(part) for part in given.split(",")):
        raise SettingsError([f"{BASIC_AUTH}: {FORM}"])
    guarded = given or environ.get("FLOWER_AUTH") or any(word.split("=")[0] in GUARDS for word in arguments)
    if production and not guarded:
        raise SettingsError([f"{BASIC_AUTH} is not set: {WHY}"])


def _content(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError([f"{BASIC_AUTH}_FILE: {path} cannot be read as a text file"]) from None


def _good(credentials: str) -> bool:
    name, _, password = credentials.partition(":")
    return bool(name.strip()) and len(password) >= SHORTEST
