"""`celery -A worker keys generate, encrypt, check, rotate`: what is done with the key ring ENCRYPTION_KEYS."""

import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import click
from celery.bin.base import CeleryCommand
from rich.progress import Progress as Bar

from config.ring import Ring, SealError, generate
from config.settings import SettingsError, load
from dmarket.errors import ExchangeError
from dmarket.signing import Credentials
from domain.money import usd
from models.accounts import Account
from models.queries import accounts
from models.queries.audit import Action
from tasks.roster import Seats
from tasks.services import seats_of
from tasks.vault import place_of
from telemetry import logs
from worker.account import advice, ask
from worker.admin.rotation import NotStoredError, Progress, rotate
from worker.admin.shell import Shell, actor, shell
from worker.admin.typed import name_argument, no_more, pair_of, read_secret
from worker.application import BAD_CONFIGURATION


@click.command("generate", cls=CeleryCommand)
@click.argument("key_id", metavar="[ID]", required=False)
def make(key_id: str | None) -> None:
    """Print a new entry for ENCRYPTION_KEYS; nothing is stored. Without ID it is named after the minute."""
    try:
        entry = generate(key_id or datetime.now(UTC).strftime("k%Y%m%d%H%M"))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    click.echo(entry)
    click.echo("Put it first in ENCRYPTION_KEYS of every process that has the ring, then: keys rotate", err=True)


@click.command(cls=CeleryCommand)
@name_argument
@no_more
def encrypt(name: str) -> None:
    """Print the secret key of account NAME as a token, for `keys add NAME --encrypted` elsewhere.

    The secret is asked for, or read from stdin. Needs ENCRYPTION_KEYS and no server.
    """
    try:
        settings = load(os.environ, "encrypt")
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_CONFIGURATION)
    logs.setup(settings, "keys")
    pair = pair_of(read_secret("Secret key"), None)
    click.echo(settings.ring().seal(pair.secret_key, place_of(name)))


@click.command(cls=CeleryCommand)
def check() -> None:
    """Decrypt every secret key of the database and ask the exchange whether it takes the pair."""
    with shell("keys") as own:
        with own.database.transaction() as session:
            rows = accounts.everyone(session)
        ring, seats = own.settings.ring(), seats_of(own.settings)
        good = [_is_good(row, ring, seats) for row in rows]
        bad = good.count(False)
        own.note(Action.CHECK_KEYS, "accounts", checked=len(rows), unusable=bad)
    if bad:
        raise click.ClickException(f"{bad} of {_counted(len(rows), 'account')} cannot be used")
    click.echo(f"{_counted(len(rows), 'account')} can be used" if rows else "no account is in the database")


def _is_good(row: Account, ring: Ring, seats: Seats) -> bool:
    try:
        secret = ring.open(row.sealed, place_of(row.name))
        logs.learn(secret)
        user, balance = ask(seats.member(Credentials(row.public_key, secret)))
    except (SealError, ValueError) as error:
        click.echo(f"{row.name} ({row.public_key[:8]}) cannot be decrypted: {error}")
    except ExchangeError as error:
        click.echo(f"{row.name} ({row.public_key[:8]}) cannot be used ({advice(error)}): {error}")
    else:
        click.echo(f"{row.name} ({row.public_key[:8]}) is {user.username}, balance {usd(balance.usd)}")
        return True
    return False


@click.command("rotate", cls=CeleryCommand)
def renew() -> None:
    """Encrypt all secrets of the database with the first key of the ring, while everything runs.

    May be interrupted and begun again; workers need no restart as long as they have both keys.
    """
    with shell("keys") as own:
        ring = own.settings.ring()
        try:
            done = _rotate(own, ring)
        except NotStoredError as error:
            raise click.ClickException(str(error)) from error
        with own.database.transaction() as session:
            numbers = accounts.by_key(session)
    click.echo(f"{_counted(done.resealed, 'secret')} encrypted anew, with key {ring.first}")
    for name, reason in done.failed.items():
        click.echo(f"{name} stays as it is: {reason}")
    for line in standings(ring, numbers):
        click.echo(line)
    left = sum(number for key_id, number in numbers.items() if key_id != ring.first)
    if left:
        raise click.ClickException(f"{_counted(left, 'secret')} left under another key")


def _rotate(own: Shell, ring: Ring) -> Progress:
    done = Progress()
    with own.database.transaction() as session:
        total = sum(number for key_id, number in accounts.by_key(session).items() if key_id != ring.first)
    with Bar(console=own.console, transient=True) as bar:
        task = bar.add_task("encrypting", total=total)
        for done in rotate(own.database, ring, actor(), own.now):
            bar.update(task, completed=done.resealed + len(done.failed))
    return done


def standings(ring: Ring, numbers: Mapping[str, int]) -> Iterator[str]:
    """A line for each key of the ring and for each that is missing in it."""
    for key_id in ring.keys:
        number = numbers.get(key_id, 0)
        does = "encrypts" if key_id == ring.first else "decrypts"
        spare = "" if number or key_id == ring.first else "; it may leave ENCRYPTION_KEYS"
        yield f"key {key_id} {does}: {_counted(number, 'secret')}{spare}"
    for key_id, number in numbers.items():
        if key_id not in ring.keys:
            yield f"key {key_id} is missing in ENCRYPTION_KEYS: {_counted(number, 'secret')} cannot be decrypted"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


COMMANDS = (make, encrypt, check, renew)
