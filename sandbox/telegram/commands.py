import json
import re
from typing import Any

from sandbox.telegram.errors import bad_request

NAME = re.compile(r"[a-z0-9_]{1,32}")
LONGEST_DESCRIPTION = 256
MOST_COMMANDS = 100

Commands = list[dict[str, str]]


class CommandBook:
    """The bot's command lists, one for each scope and language (bots/api#setmycommands)."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str], Commands] = {}

    def set(self, commands: list[Any], scope: dict[str, Any], language: str) -> None:
        """Replace one list; ApiError 400 for what Telegram does not take as a command."""
        if len(commands) > MOST_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._lists[_key(scope, language)] = [_check(command) for command in commands]

    def get(self, scope: dict[str, Any], language: str) -> Commands:
        return self._lists.get(_key(scope, language), [])

    def describe(self) -> list[dict[str, Any]]:
        return [
            {"scope": json.loads(scope), "language_code": language, "commands": commands}
            for (scope, language), commands in self._lists.items()
        ]


def _key(scope: dict[str, Any], language: str) -> tuple[str, str]:
    return json.dumps(scope or {"type": "default"}, sort_keys=True), language


def _check(command: Any) -> dict[str, str]:
    if not isinstance(command, dict) or not NAME.fullmatch(str(command.get("command", "")).lstrip("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    description = str(command.get("description", ""))
    if not 1 <= len(description) <= LONGEST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command["command"].lstrip("/"), "description": description}
