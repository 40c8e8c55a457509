"""`celery -A worker keys`: the exchange accounts in the database, their secret keys encrypted."""

import click
from celery.bin.base import CeleryCommand
from rich.table import Table

from config.ring import Ring, SealError, key_of
from config.settings import Settings
from dmarket.errors import ExchangeError
from dmarket.signing import Credentials
from models.accounts import Account, AccountState
from models.queries import accounts
from tasks.services import seats_of
from tasks.vault import place_of
from worker.account import advice, ask
from worker.admin import ring as ring_commands
from worker.admin.shell import Shell, actor, shell
from worker.admin.typed import name_argument, no_more, opened, pair_of, read_secret

STATES = {AccountState.IN_USE.value: "in use", AccountState.RESTING.value: "resting"}


@click.group()
def keys() -> None:
    """Exchange accounts in the database, their secret keys encrypted with the key ring ENCRYPTION_KEYS."""


for command in ring_commands.COMMANDS:
    keys.add_command(command)


@keys.command(cls=CeleryCommand)
@name_argument
@no_more
@click.option("--public-key", help="The public key, to be sure that it belongs to the secret one.")
@click.option("--encrypted", is_flag=True, help="What comes by stdin is a token of `keys encrypt NAME`.")
@click.option("--unchecked", is_flag=True, help="Do not ask the exchange whether it takes the key pair.")
def add(name: str, public_key: str | None, *, encrypted: bool, unchecked: bool) -> None:
    """Store a key pair as NAME; the secret key is asked for, or read from stdin.

    The workers call with it within seconds, without a restart.
    """
    with shell("keys") as own:
        ring = own.settings.ring()
        typed = read_secret("Token" if encrypted else "Secret key")
        pair = pair_of(opened(typed, name, ring) if encrypted else typed, public_key)
        if not unchecked:
            _ask_exchange(own.settings, pair)
        _store(own, name, pair, ring)
    click.echo(f"{name} ({pair.name}) is stored, encrypted with key {ring.first}")


def _ask_exchange(settings: Settings, pair: Credentials) -> None:
    """Raises ClickException where the pair is not taken."""
    try:
        ask(seats_of(settings).member(pair))
    except ExchangeError as error:
        told = f"{settings.dmarket_api_url} did not take the key pair ({advice(error)}): {error}; nothing is stored"
        raise click.ClickException(f"{told} (--unchecked stores it unasked)") from error


def _store(own: Shell, name: str, pair: Credentials, ring: Ring) -> None:
    now = own.now()
    row = Account(
        name=name,
        public_key=pair.public_key,
        sealed=ring.seal(pair.secret_key, place_of(name)),
        state=AccountState.IN_USE.value,
        actor=actor(),
        added_at=now,
        sealed_at=now,
    )
    with own.database.transaction() as session:
        if not accounts.add(session, row):
            raise click.ClickException(f"{name} or its public key is stored already (`keys list`); nothing is changed")


@keys.command(cls=CeleryCommand)
@name_argument
@no_more
def remove(name: str) -> None:
    """Delete the key pair NAME; the workers stop calling with it within seconds."""
    with shell("keys") as own, own.database.transaction() as session:
        if not accounts.remove(session, name, actor(), own.now()):
            raise click.ClickException(f"there is no account {name} (`keys list`)")
    click.echo(f"{name} is deleted")


@keys.command(cls=CeleryCommand)
@name_argument
@no_more
def rest(name: str) -> None:
    """Keep the key pair NAME, but let the workers call with it no longer."""
    _turn(name, AccountState.RESTING)


@keys.command(cls=CeleryCommand)
@name_argument
@no_more
def use(name: str) -> None:
    """Let the workers call with the key pair NAME again."""
    _turn(name, AccountState.IN_USE)


def _turn(name: str, state: AccountState) -> None:
    with shell("keys") as own, own.database.transaction() as session:
        if not accounts.turn(session, name, state, actor(), own.now()):
            raise click.ClickException(f"there is no account {name} that is not {STATES[state]} (`keys list`)")
    click.echo(f"{name} is {STATES[state]}")


@keys.command("list", cls=CeleryCommand)
def show() -> None:
    """All key pairs in the database, without any secret, and which key of the ring encrypts which of them."""
    with shell("keys") as own:
        ring = own.settings.ring()
        with own.database.transaction() as session:
            rows = accounts.everyone(session)
            numbers = accounts.by_key(session)
        table = Table("name", "public key", "state", "key", "opens", "added", "by")
        for row in rows:
            added = row.added_at.strftime("%Y-%m-%d")
            table.add_row(row.name, row.public_key[:8], STATES[row.state], *_sealing(row, ring), added, row.actor)
        if rows:
            own.console.print(table)
        for line in ring_commands.standings(ring, numbers):
            click.echo(line)


def _sealing(row: Account, ring: Ring) -> tuple[str, str]:
    """The id of the key, and whether the secret can be decrypted."""
    try:
        ring.open(row.sealed, place_of(row.name))
        return key_of(row.sealed), "yes"
    except SealError:
        return row.sealed.split(".")[1] if row.sealed.count(".") else "?", "no"
