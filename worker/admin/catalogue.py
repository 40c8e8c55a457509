"""`celery -A worker catalogue GAME`: the list of titles read anew now, with its progress."""

from datetime import timedelta

import click
from celery.bin.base import CeleryCommand
from rich.progress import Progress as Bar

from domain.games import GAMES
from models.queries import catalogue as walks
from models.queries.audit import Action
from models.queries.catalogue import Standing
from tasks.base import ring
from tasks.queues import TaskName
from worker.admin.shell import Shell, shell, wait_until

STANDSTILL = timedelta(seconds=60)


@click.command(cls=CeleryCommand)
@click.argument("game", metavar="GAME", type=click.Choice(list(GAMES)))
@click.pass_context
def catalogue(context: click.Context, game: str) -> None:
    """Read the titles of GAME anew and stay until that is done: csgo, dota2, tf2 or rust."""
    with shell("catalogue") as own:
        context.exit(_read(own, game))


def _read(own: Shell, game: str) -> int:
    """The exit code: 1 where a minute passed without a page."""
    before = _standing(own, game)
    own.note(Action.CATALOGUE, game)
    ring(TaskName.REFRESH_CATALOGUE, expires=60, game=game)
    after = _watch(own, game, before)
    if after is None:
        told = "a minute without any page: does a worker run (celery -A worker worker)? is the exchange degraded?"
        click.echo(told, err=True)
        return 1
    own.console.print(f"{GAMES[game].label}: {after.titles:,} titles read (pages: {after.pages}), {after.new:,} new")
    return 0


def _watch(own: Shell, game: str, before: Standing) -> Standing | None:
    """The walk's standing at its end, None where nothing moved for a minute."""
    seen = before
    with Bar(console=own.console, transient=True) as bar:
        task = bar.add_task("titles", total=before.known or None)
        while True:
            last = seen

            def moved(last: Standing = last) -> bool:
                return _standing(own, game) != last

            if not wait_until(moved, STANDSTILL.total_seconds()):
                return None
            seen = _standing(own, game)
            bar.update(task, completed=seen.titles)
            if seen.finished_at is not None and seen.started_at != before.started_at:
                return seen
            if seen.finished_at is not None and before.finished_at is None:
                return seen  # the walk that was under way already


def _standing(own: Shell, game: str) -> Standing:
    with own.database.transaction() as session:
        return walks.standing(session, game)
