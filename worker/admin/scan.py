"""`celery -A worker scan GAME`: an admin's scan with a progress bar and its result."""

import time
from datetime import datetime, timedelta

import click
from celery.bin.base import CeleryCommand
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from domain.games import GAMES
from domain.levels import LEVELS
from domain.money import percent, usd
from models.opportunities import OpportunityRow
from models.proof import Proof
from models.queries import audit, nominees, opportunities, scans
from models.queries.audit import Action
from models.queries.scans import Outcome
from models.scans import RunState
from tasks.scan import run_scan
from tasks.services import Services, services
from worker.admin import shell
from worker.admin.shell import POLL

STANDSTILL = timedelta(seconds=60)
VERIFY_WAIT = timedelta(seconds=60)

SAID = {
    Outcome.PLANNED: "scan {run} of {game}: {batches} batches are on their way",
    Outcome.TAKEN_OVER: "scan {run} of {game} had died: its last {batches} batches are on their way again",
    Outcome.RUNNING: "{game} is being scanned already (scan {run}); nothing was started",
    Outcome.EMPTY: "no title of {game} is known yet: the catalogue is being read, try again in a minute",
    Outcome.NO_TITLES: "no title of {game} is offered in this level; nothing was started",
    Outcome.PAUSED: "{game} is paused by the operators; nothing was started",
    Outcome.NOT_DUE: "{game} was scanned a moment ago; nothing was started",
}
ENDED = {
    RunState.DONE: "",
    RunState.EXPIRED: " and then ran out of time",
    RunState.RUNNING: " and then a minute without any: does a worker run (celery -A worker worker)?",
}


@click.command(cls=CeleryCommand)
@click.argument("game", metavar="GAME", type=click.Choice(list(GAMES)))
@click.option("--level", type=click.Choice(list(LEVELS)), help="Only titles whose ask is in this band.")
@click.option("--wait", is_flag=True, help="Stay until the scan is through and show what it found.")
@click.pass_context
def scan(context: click.Context, game: str, level: str | None, *, wait: bool) -> None:
    """Scan GAME now, whatever the schedule says: csgo, dota2, tf2 or rust."""
    services.configure(shell.quiet_settings("scan"))
    with shell.sentences():
        context.exit(_scan(Console(), services(), game, level, wait=wait))


def _scan(console: Console, work: Services, game: str, level: str | None, *, wait: bool) -> int:
    """The exit code: 1 where the scan could not begin or did not come to its end."""
    began = work.now()
    plan = run_scan(work, game, level)
    if plan.outcome is Outcome.PLANNED:
        with work.database.transaction() as session:
            audit.write(session, shell.actor(), Action.SCAN, game, began, run=plan.run_id, level=level)
    console.print(SAID[plan.outcome].format(run=plan.run_id, game=GAMES[game].label, batches=plan.batches))
    if plan.outcome in {Outcome.EMPTY, Outcome.NO_TITLES}:
        return 1
    if not wait or plan.run_id is None:
        return 0
    done = _watch(console, work, plan.run_id)
    _show(console, work, game, began)
    return 0 if done else 1


def _watch(console: Console, work: Services, run_id: int) -> bool:
    """A progress bar until the run has ended or stands still; True when every batch was priced."""
    moved, left = work.now(), -1
    with Bar(console=console, transient=True) as bar:
        task = bar.add_task("pricing", total=None)
        while True:
            with work.database.transaction() as session:
                run = scans.progress(session, run_id)
            bar.update(task, total=run.batches, completed=run.batches - run.batches_left)
            if run.batches_left != left:
                moved, left = work.now(), run.batches_left
            if run.state != RunState.RUNNING or work.now() > moved + STANDSTILL:
                break
            time.sleep(POLL)  # between two looks at the rows
    state = RunState(run.state)
    console.print(f"{run.observed:,} titles priced, {run.changed:,} changed, {run.nominated:,} nominated{ENDED[state]}")
    return state is RunState.DONE


def _show(console: Console, work: Services, game: str, began: datetime) -> None:
    """What the scan found, once its nominees are verified (or a minute has passed)."""
    with console.status("verifying on live data") as status:
        while work.now() < began + VERIFY_WAIT:
            with work.database.transaction() as session:
                left = nominees.waiting(session, game, work.now())
            if not left:
                break
            status.update(f"verifying on live data, {left} left")
            time.sleep(POLL)  # as above
    with work.database.transaction() as session:
        found = opportunities.confirmed_since(session, game, began)
    console.print(_table(found) if found else "no opportunity stands on live data right now")


def _table(found: list[OpportunityRow]) -> Table:
    table = Table("level", "title", "buy", "net", "return", "exit", "units")
    for row in found:
        proof = Proof.model_validate(row.evidence)
        title = f"{proof.title} ({proof.variant_label})" if proof.variant_label else proof.title
        table.add_row(
            row.level, title, usd(row.buy), usd(row.net), percent(row.return_bps), row.exit, str(row.capacity)
        )
    return table
