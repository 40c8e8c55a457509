"""`celery -A worker pause GAME` and `resume GAME`: the switch that admins have in Telegram, from a shell."""

import click
from celery.bin.base import CeleryCommand

from domain.games import GAMES
from models.queries import switches
from worker.admin.shell import actor, shell

GAME = click.argument("game", metavar="GAME", type=click.Choice(list(GAMES)))


@click.command(cls=CeleryCommand)
@GAME
def pause(game: str) -> None:
    """Begin no scan of GAME from now on; one that runs goes on to its end. GAME: csgo, dota2, tf2 or rust."""
    with shell("pause") as own, own.database.transaction() as session:
        done = switches.pause(session, game, actor(), own.now())
    label = GAMES[game].label
    click.echo(f"{label} is paused: no scan of it begins" if done else f"{label} was paused already")


@click.command(cls=CeleryCommand)
@GAME
def resume(game: str) -> None:
    """Let scans of GAME begin again. GAME: csgo, dota2, tf2 or rust."""
    with shell("resume") as own, own.database.transaction() as session:
        done = switches.resume(session, game, actor(), own.now())
    label = GAMES[game].label
    click.echo(f"{label} is scanned again, as planned" if done else f"{label} was not paused")
