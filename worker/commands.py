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
from models.database import Database
from models.opportunities import OpportunityRow
from models.proof import Proof
from models.queries import nominees, opportunities, scans
from models.queries.scans import Outcome
from models.scans import RunState
from tasks.scan import run_scan
from tasks.services import Services, services
from worker.application import settings

POLL = 0.3  # seconds between two looks at the rows
VERIFY_WAIT = timedelta(seconds=60)

SAID = {
    Outcome.PLANNED: "scan {run} of {game}: {batches} batches are on their way",
    Outcome.TAKEN_OVER: "scan {run} of {game} had died: its last {batches} batches are on their way again",
    Outcome.RUNNING: "{game} is being scanned already (scan {run}); nothing was started",
    Outcome.EMPTY: "no title of {game} is known yet: the catalogue is being read, try again in a minute",
    Outcome.NOT_DUE: "{game} was scanned a moment ago; nothing was started",
}


@click.command(cls=CeleryCommand)
@click.argument("game", type=click.Choice(list(GAMES)))
@click.option("--level", type=click.Choice(list(LEVELS)), help="Only titles whose ask is in this band.")
@click.option("--wait", is_flag=True, help="Stay until the scan is through and show what it found.")
@click.pass_context
def scan(context: click.Context, game: str, level: str | None, *, wait: bool) -> None:
    """Scan GAME now, whatever the schedule says."""
    services.configure(settings())
    work = services()
    console = Console()
    began = work.now()
    plan = run_scan(work, game, level)
    console.print(SAID[plan.outcome].format(run=plan.run_id, game=GAMES[game].label, batches=plan.batches))
    if plan.outcome is Outcome.EMPTY:
        context.exit(1)
    if wait and plan.run_id is not None:
        done = _watch(console, work.database, plan.run_id)
        _show(console, work, game, began)
        context.exit(0 if done else 1)


def _watch(console: Console, database: Database, run_id: int) -> bool:
    """A progress bar until the run has ended; True when every batch was priced."""
    with Bar(console=console, transient=True) as bar:
        task = bar.add_task("pricing", total=None)
        while True:
            with database.transaction() as session:
                run = scans.progress(session, run_id)
            bar.update(task, total=run.batches, completed=run.batches - run.batches_left)
            if run.state != RunState.RUNNING:
                break
            time.sleep(POLL)
    outcome = "" if run.state == RunState.DONE else " and then ran out of time"
    console.print(f"{run.observed:,} titles priced, {run.changed:,} changed, {run.nominated:,} nominated{outcome}")
    return run.state == RunState.DONE


def _show(console: Console, work: Services, game: str, began: datetime) -> None:
    """What the scan found, once its nominees are verified (or a minute has passed)."""
    with console.status("verifying on live data") as status:
        while work.now() < began + VERIFY_WAIT:
            with work.database.transaction() as session:
                left = nominees.waiting(session, game)
            if not left:
                break
            status.update(f"verifying on live data, {left} left")
            time.sleep(POLL)
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
