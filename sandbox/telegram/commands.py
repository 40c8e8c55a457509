import json
import re
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.members import ADMINISTRATORS
from sandbox.telegram.profile import check_language

NAME = re.compile(r"[a-z0-9_]{1,32}")
LONGEST_DESCRIPTION = 256
MOST_COMMANDS = 100
# The scopes and the fields that each of them needs (bots/api#botcommandscope).
SCOPES: dict[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}

Commands = list[dict[str, str]]


class CommandBook:
    """The bot's command lists, one for each scope and language (bots/api#setmycommands)."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str], Commands] = {}

    def set(self, commands: list[Any], scope: dict[str, Any], language: str) -> None:
        """Replace one list, an empty one deletes it; ApiError 400 for what Telegram does not take as a command."""
        key = _key(scope, language)
        if len(commands) > MOST_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        checked = [_check(command) for command in commands]
        if checked:
            self._lists[key] = checked
        else:
            self._lists.pop(key, None)

    def get(self, scope: dict[str, Any], language: str) -> Commands:
        """The list of exactly that scope and language, empty if there is none."""
        return self._lists.get(_key(scope, language), [])

    def shown(self, chat_id: int, user_id: int, status: str, language: str) -> Commands:
        """What a person sees in a chat: the narrowest scope first, in the own language before all others.

        `status` is that of the person in a group, empty in a private chat. The order is that of
        bots/api#determining-list-of-commands.
        """
        for scope in _scopes_of(chat_id, user_id, status):
            for code in (language, ""):
                if commands := self.get(scope, code):
                    return commands
        return []

    def describe(self) -> list[dict[str, Any]]:
        return [
            {"scope": json.loads(scope), "language_code": language, "commands": commands}
            for (scope, language), commands in self._lists.items()
        ]


def _scopes_of(chat_id: int, user_id: int, status: str) -> list[dict[str, Any]]:
    chat: dict[str, Any] = {"type": "chat", "chat_id": chat_id}
    if not status:
        return [chat, {"type": "all_private_chats"}, {}]
    member = {"type": "chat_member", "chat_id": chat_id, "user_id": user_id}
    of_admins = [{"type": "chat_administrators", "chat_id": chat_id}] if status in ADMINISTRATORS else []
    all_admins = [{"type": "all_chat_administrators"}] if status in ADMINISTRATORS else []
    return [member, *of_admins, chat, *all_admins, {"type": "all_group_chats"}, {}]


def _key(scope: dict[str, Any], language: str) -> tuple[str, str]:
    check_language(language)
    kind = str(scope.get("type", "default"))
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    missing = [name for name in SCOPES[kind] if not scope.get(name)]
    if missing:
        raise bad_request(f"can't parse BotCommandScope: Empty {missing[0]} specified")
    given = {name: int(scope[name]) if str(scope[name]).lstrip("-").isdecimal() else 0 for name in SCOPES[kind]}
    return json.dumps({"type": kind, **given}, sort_keys=True), language


def _check(command: Any) -> dict[str, str]:
    if not isinstance(command, dict) or not NAME.fullmatch(str(command.get("command", "")).lstrip("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    description = str(command.get("description", ""))
    if not 1 <= len(description) <= LONGEST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command["command"].lstrip("/"), "description": description}
