"""Methods about what people see of the bot: commands, name, descriptions. Each returns `result`."""

from functools import partial
from typing import Any

from sandbox.telegram.params import Params
from sandbox.telegram.world import World


def set_my_commands(world: World, params: Params) -> bool:
    """An empty list is the same as deleteMyCommands."""
    commands = params.structure("commands", list)
    world.commands.set(commands, params.structure("scope", dict), params.text("language_code"))
    return True


def get_my_commands(world: World, params: Params) -> list[dict[str, str]]:
    """The list of exactly that scope and language."""
    return world.commands.get(params.structure("scope", dict), params.text("language_code"))


def delete_my_commands(world: World, params: Params) -> bool:
    world.commands.set([], params.structure("scope", dict), params.text("language_code"))
    return True


def _set_text(world: World, params: Params, *, field: str) -> bool:
    world.profiles.set(field, params.text(field), params.text("language_code"))
    return True


def _get_text(world: World, params: Params, *, field: str) -> dict[str, Any]:
    return {field: world.profiles.get(field, params.text("language_code"))}


set_my_name = partial(_set_text, field="name")
get_my_name = partial(_get_text, field="name")
set_my_description = partial(_set_text, field="description")
get_my_description = partial(_get_text, field="description")
set_my_short_description = partial(_set_text, field="short_description")
get_my_short_description = partial(_get_text, field="short_description")
