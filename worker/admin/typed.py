"""Secrets as operators type them: at a prompt that does not show them, or by stdin, never as an argument."""

import re
import sys

import click

from config.keys import SEED
from config.ring import Ring, SealError
from dmarket.signing import Credentials, public_of
from tasks.vault import place_of
from telemetry import logs

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


def read_secret(what: str) -> str:
    """One secret; ClickException where there is none. It is hidden in the log from then on."""
    text = click.prompt(what, hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.read()
    secret: str = text.strip()
    if not secret:
        raise click.ClickException(f"nothing came: type the {what.lower()} at the prompt, or give it by stdin")
    logs.learn(secret, secret[:SEED])
    return secret


def _refuse_more(_context: click.Context, _parameter: click.Parameter, extra: tuple[str, ...]) -> None:
    """Words too many may be a secret: they are not repeated."""
    if extra:
        raise click.UsageError("give the name alone: a secret is asked for, or read from stdin, and never an argument")


def _name(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    """A name that can be one; what is none is not repeated, somebody may have given a secret for it."""
    if not _NAME.fullmatch(name):
        raise click.BadParameter("a name is 1 to 40 of A-Z a-z 0-9 _ . - and begins with a letter or a digit")
    return name


name_argument = click.argument("name", callback=_name)
no_more = click.argument("more", nargs=-1, expose_value=False, callback=_refuse_more, metavar="")


def pair_of(secret: str, public_key: str | None) -> Credentials:
    """The key pair of a secret key; ClickException where it is none. It quotes neither."""
    try:
        return Credentials(public_key or public_of(secret), secret)
    except ValueError as error:
        raise click.ClickException(f"{error}; nothing is stored") from None


def opened(token: str, name: str, ring: Ring) -> str:
    """The secret in a token that `keys encrypt` made for this name."""
    try:
        secret = ring.open(token, place_of(name))
    except SealError as error:
        raise click.ClickException(f"the token for {name} cannot be used: {error}; nothing is stored") from None
    logs.learn(secret, secret[:SEED])
    return secret
