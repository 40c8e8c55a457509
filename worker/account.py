"""`celery -A worker account`: whether the exchange takes our keys, and what it says of their owner."""

import time

import click
from celery.bin.base import CeleryCommand

from dmarket.errors import ExchangeError
from domain.money import usd
from tasks.services import build
from telemetry import logs
from worker.application import settings

SECONDS = 15.0  # an answer after that long would not help a person who waits


@click.command(cls=CeleryCommand)
def account() -> None:
    """Ask the exchange whom our keys belong to and what money is there: a check before going live."""
    quiet = settings().model_copy(update={"log_level": "ERROR"})  # the answer says what the log would
    logs.setup(quiet, "account")
    exchange = build(quiet).exchange
    try:
        user = exchange.user(deadline=time.monotonic() + SECONDS)
        balance = exchange.balance(deadline=time.monotonic() + SECONDS)
    except ExchangeError as error:
        advice = "the keys or this machine's clock are wrong" if error.permanent else "try again in a moment"
        raise click.ClickException(
            f"{quiet.dmarket_api_url} did not answer for this account ({advice}): {error}"
        ) from error
    click.echo(f"account {user.username} at {quiet.dmarket_api_url}")
    click.echo(f"balance {usd(balance.usd)}, {usd(balance.available)} of it can be withdrawn")
    click.echo(f"targets at most {user.targets_limit} per game")
