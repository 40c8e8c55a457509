"""`celery -A worker watch`: how fast this installation works, live in a terminal."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from celery.bin.base import CeleryCommand
from rich.console import Console
from rich.live import Live

from worker.admin.look import Look, Watcher
from worker.admin.looked import shown, told
from worker.admin.shell import Shell, shell
from worker.application import app

Show = Callable[[Look], None]


@click.command(cls=CeleryCommand)
@click.option(
    "--seconds", type=click.IntRange(1, 3600), default=2, show_default=True, help="Time from one look to the next."
)
@click.option("--once", is_flag=True, help="One look after that time, then end; exit code 1 where a part is away.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of tables, for programs.")
@click.pass_context
def watch(context: click.Context, seconds: int, *, once: bool, as_json: bool) -> None:
    """Watch scans, prices, verifications, rate budget, queues and deliveries until Ctrl-C."""
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts what is in the background with SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    code = 0
    try:
        with shell("watch") as own:
            code = _watch(own, seconds, once=once, as_json=as_json)
    except KeyboardInterrupt:
        pass  # how watching ends
    context.exit(code)


def _watch(own: Shell, seconds: int, *, once: bool, as_json: bool) -> int:
    """The exit code of `once`; without it only an exception ends this."""
    watcher = Watcher(own.settings, own.database, app)
    if once:
        watcher.look(own.now())  # how much was priced since is what the next look tells
        time.sleep(seconds)  # the span over which prices a second are counted
    with _screen(own.console, live=not once, as_json=as_json) as show:
        while True:
            look = watcher.look(own.now())
            show(look)
            if once:
                return 1 if look.problems else 0
            time.sleep(seconds)  # until the next look, as asked for


@contextmanager
def _screen(console: Console, *, live: bool, as_json: bool) -> Iterator[Show]:
    """Where a look goes: its own screen of a terminal, or one look below the other."""
    if as_json:
        yield lambda look: click.echo(json.dumps(told(look)))
    elif live and console.is_terminal:
        with Live(console=console, screen=True, auto_refresh=False) as terminal:
            yield lambda look: terminal.update(shown(look), refresh=True)
    else:
        yield lambda look: console.print(shown(look))
