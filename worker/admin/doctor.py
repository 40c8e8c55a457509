"""`celery -A worker doctor`: everything that is wrong with this installation, and what to do about it."""

import os
from collections.abc import Mapping
from functools import partial

import click
from celery.bin.base import CeleryCommand
from rich.console import Console
from rich.table import Table

from config.settings import Role, Settings
from config.survey import survey
from telemetry import logs
from worker.doctor import database, environment, outside, processes, servers
from worker.doctor.finding import Check, examine

ALL: tuple[Role, ...] = ("worker", "beat", "bot")


@click.command(cls=CeleryCommand)
@click.option("--for", "roles", multiple=True, type=click.Choice(ALL), help="Only what this process needs; may repeat.")
@click.option("--config", "dump", is_flag=True, help="Show the configuration in force instead, secrets hidden.")
@click.pass_context
def doctor(context: click.Context, roles: tuple[Role, ...], *, dump: bool) -> None:
    """Look at everything this installation needs; each problem with what to do. Exit code 1 where there is one."""
    chosen = roles or ALL
    settings, problems = survey(os.environ, chosen)
    logs.setup(settings.model_copy(update={"log_level": "CRITICAL"}), "doctor")
    if dump:
        Console().print(_configuration(settings))
        return
    clean = logs.Redaction(logs.secrets_of(settings))
    told = list(environment.environment(problems, os.environ))  # sentences that hold no secret by themselves
    looked = examine(checks(settings, chosen))
    for line in (*(finding.line for finding in told), *(clean.clean(finding.line) for finding in looked)):
        click.echo(line)
    found = [*told, *looked]
    wrong = sum(bool(finding.remedy) for finding in found)
    click.echo(f"{wrong or 'no'} problem{'' if wrong == 1 else 's'} in {len(found)} checks")
    context.exit(1 if wrong else 0)


def checks(settings: Settings, roles: tuple[Role, ...]) -> Mapping[str, Check]:
    """What can be looked at with these settings; what cannot for want of a variable is told by the environment."""
    chosen: dict[str, Check] = {"port": partial(outside.ports, settings)}
    if settings.database_url and {"worker", "bot"} & set(roles):
        chosen["database"] = partial(database.database, settings, "worker" if "worker" in roles else "bot")
        chosen["data"] = partial(processes.rows, settings)
    if settings.celery_broker_url and {"worker", "beat"} & set(roles):
        chosen["broker"] = partial(servers.broker, settings)
        chosen["workers"] = partial(processes.workers, settings)
    if settings.redis_url and {"worker", "bot"} & set(roles):
        chosen["redis"] = partial(servers.budget, settings)
    if settings.redis_url and settings.dmarket_public_key and "worker" in roles:
        chosen["exchange"] = partial(outside.exchange, settings)
    if settings.telegram_bot_token.get_secret_value() and "bot" in roles:
        chosen["telegram"] = partial(outside.telegram, settings)
    return chosen


def _configuration(settings: Settings) -> Table:
    table = Table("variable", "in force", "from")
    for row in environment.configuration(settings, os.environ):
        table.add_row(*row)
    return table
