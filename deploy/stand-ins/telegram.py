"""The simulated Telegram, listening on every address of its container; else as `python -m sandbox.telegram`."""

from sandbox.telegram import __main__ as command
from sandbox.telegram import server

server.HOST = "0.0.0.0"  # noqa: S104  # of a container of the test, which publishes it on the loopback only
command.main()
