"""`celery -A worker admins`: who may steer the bot; the same roles as its own screen gives."""

import click
from celery.bin.base import CeleryCommand
from rich.table import Table

from models.queries import roles
from models.queries.roles import Refusal, Role
from worker.admin.shell import Shell, actor, shell

REFUSALS = {
    Refusal.SETTINGS: "{user} is an owner named in ADMIN_USERS: change it there and restart the bot",
    Refusal.LAST: "{user} is the last owner: make somebody else an owner first",
    Refusal.SAME: "{user} {has} already; nothing was changed",
    Refusal.BANNED: "{user} is banned: lift the ban in the bot first",
}
USER = click.IntRange(min=1)


@click.group()
def admins() -> None:
    """Who may steer the bot: list, grant and revoke roles."""


@admins.command("list", cls=CeleryCommand)
def show() -> None:
    """Everybody who has a role, those of ADMIN_USERS too."""
    with shell("admins") as own:
        with own.database.transaction() as session:
            holders = roles.holders(session, own.settings.admin_users)
        if not holders:
            click.echo("nobody has a role: set ADMIN_USERS, or `celery -A worker admins grant USER owner`")
            return
        table = Table("user", "role", "from")
        for user, role in sorted(holders.items()):
            table.add_row(str(user), role.value, "ADMIN_USERS" if user in own.settings.admin_users else "database")
        own.console.print(table)


@admins.command(cls=CeleryCommand)
@click.argument("user", type=USER)
@click.argument("role", type=click.Choice([role.value for role in Role]))
def grant(user: int, role: str) -> None:
    """Give the Telegram user number USER a role: viewer, admin or owner."""
    with shell("admins") as own:
        _change(own, user, Role(role))


@admins.command(cls=CeleryCommand)
@click.argument("user", type=USER)
def revoke(user: int) -> None:
    """Take the role of the Telegram user number USER."""
    with shell("admins") as own:
        _change(own, user, None)


def _change(own: Shell, user: int, role: Role | None) -> None:
    """ClickException where the role stays as it is."""
    with own.database.transaction() as session:
        why = roles.grant(session, user, role, by=actor(), owners=own.settings.admin_users, now=own.now())
    has = f"has the role {role.value}" if role else "has no role"
    if why:
        raise click.ClickException(REFUSALS[why].format(user=user, has=has))
    click.echo(f"{user} {has} from now on")
