"""`celery -A worker account`: whether the exchange takes our keys, and what it says of their owners."""

import time
from http import HTTPStatus

import click
from celery.bin.base import CeleryCommand

from dmarket.client import Exchange
from dmarket.errors import ExchangeError
from dmarket.fleet import HOW
from dmarket.member import Member
from dmarket.values import Balance, User
from domain.money import usd
from models.database import Database
from tasks.services import roster_of
from telemetry import logs
from worker.application import settings

SECONDS = 15.0  # an answer after that long would not help a person who waits


@click.command(cls=CeleryCommand)
def account() -> None:
    """Ask the exchange whom our keys belong to and what money is there: a check before going live."""
    quiet = settings().model_copy(update={"log_level": "ERROR"})  # the answer says what the log would
    logs.setup(quiet, "account")
    database = Database(quiet.database_url, pool_size=1, name="skinbeat account")
    members = roster_of(quiet, database)()
    database.dispose()
    if not members:
        raise click.ClickException(f"there is no exchange account: {HOW}")
    if len(members) == 1:
        _tell_all(members[0], quiet.dmarket_api_url)
        return
    refused = [member for member in members if not _tell_in_a_line(member)]
    if refused:
        raise click.ClickException(f"{len(refused)} of {len(members)} accounts cannot be used")


def _tell_all(member: Member, place: str) -> None:
    try:
        user, balance = ask(member)
    except ExchangeError as error:
        raise click.ClickException(f"{place} did not answer for this account ({advice(error)}): {error}") from error
    click.echo(f"account {user.username} at {place}")
    click.echo(f"balance {usd(balance.usd)}, {usd(balance.available)} of it can be withdrawn")
    click.echo(f"targets at most {user.targets_limit} per game")


def _tell_in_a_line(member: Member) -> bool:
    """Whether the account can be used."""
    try:
        user, balance = ask(member)
    except ExchangeError as error:
        click.echo(f"{member.standing.name} cannot be used ({advice(error)}): {error}")
        return False
    click.echo(
        f"{member.standing.name} {user.username}, balance {usd(balance.usd)}, "
        f"{usd(balance.available)} of it can be withdrawn, targets at most {user.targets_limit} per game"
    )
    return True


def ask(member: Member) -> tuple[User, Balance]:
    """Straight at the exchange, whatever the workers think of the account; what works is used again at once."""
    exchange = Exchange(member.transport)
    user = exchange.user(deadline=time.monotonic() + SECONDS)
    balance = exchange.balance(deadline=time.monotonic() + SECONDS)
    member.standing.restore()
    return user, balance


def advice(error: ExchangeError) -> str:
    if error.status == HTTPStatus.FORBIDDEN:
        return "the exchange refuses this account"
    return "the keys or this machine's clock are wrong" if error.permanent else "try again in a moment"
