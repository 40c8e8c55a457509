"""Every command, in the order of Telegram's menu. A new one is a file in bot/handlers/ and a place in this list."""

from bot.handlers import help as help_
from bot.handlers import start, status, stop, top

_ACTING = (start.COMMAND, top.COMMAND, status.COMMAND, stop.COMMAND)

HELP = help_.about(_ACTING)
COMMANDS = (*_ACTING, HELP)
