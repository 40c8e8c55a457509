"""`celery -A worker replay-alerts`: alerts that an outage kept back are sent while their deal still stands."""

import re
from datetime import timedelta

import click
from celery.bin.base import CeleryCommand

from models.queries import alerts, audit
from models.queries import replay as outbox
from models.queries.audit import Action
from models.queries.replay import Fate
from worker.admin.shell import Shell, actor, shell

SAID = {
    Fate.GONE: "whose deal has ended",
    Fate.MOVED: "whose deal has another offer or price now",
    Fate.UNPROVEN: "whose deal was not confirmed lately",
    Fate.LEFT: "whose chat has left",
}
UNITS = {"m": 60, "h": 3_600, "d": 86_400}  # seconds


WRITTEN = re.compile(r"([1-9][0-9]{0,3})([mhd])")


class Span(click.ParamType[timedelta]):
    """A length of time such as 90m, 6h or 2d."""

    name = "span"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Raises click.BadParameter that says how one is written."""
        if isinstance(value, timedelta):
            return value
        found = WRITTEN.fullmatch(str(value))
        if found is None:
            self.fail(f"{value!r} is no length of time: write 90m, 6h or 2d", param, ctx)
        return timedelta(seconds=int(found[1]) * UNITS[found[2]])


@click.command("replay-alerts", cls=CeleryCommand)
@click.option("--since", type=Span(), default="24h", show_default=True, help="How far back alerts ended: 90m, 6h, 2d.")
@click.option("--yes", is_flag=True, help="Do it; without it only the counts are shown.")
def replay_alerts(since: timedelta, *, yes: bool) -> None:
    """Send alerts that expired unsent in an outage, where the deal is still open, unchanged and proven.

    One that may have reached Telegram is never among them, so nobody is told twice.
    """
    with shell("replay-alerts") as own:
        fates = _replay(own, since, really=yes)
    back = fates[Fate.BACK]
    click.echo(f"{back} {'are on their way again' if yes else 'would be sent (nothing was changed: give --yes)'}")
    for fate, told in SAID.items():
        if fates[fate]:
            click.echo(f"{fates[fate]} stay unsent {told}")


def _replay(own: Shell, since: timedelta, *, really: bool) -> dict[Fate, int]:
    now = own.now()
    max_age = timedelta(seconds=own.settings.alert_max_age)
    with own.database.transaction() as session:
        fates = outbox.replay(session, now - since, now, max_age, really=really).fates
        if really and fates[Fate.BACK]:
            audit.write(session, actor(), Action.REPLAY, "alerts", now, number=fates[Fate.BACK])
            alerts.notify(session)
    return fates
