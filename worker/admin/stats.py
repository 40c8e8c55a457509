"""`celery -A worker stats`: the numbers of the daily report and of /stats over all chats, as tables or JSON."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import click
from celery.bin.base import CeleryCommand
from rich.table import Table

from domain.games import GAMES
from models.payloads import GameReport, ReportNews
from models.queries import report
from models.queries.stats import held
from worker.admin.shell import Shell, shell

QUARTER = timedelta(minutes=15)  # what left with a deleted chat is counted by quarters of an hour
DEFAULT_HOURS, MOST_HOURS = 24, 24 * 90


@click.command(cls=CeleryCommand)
@click.option(
    "--hours",
    type=click.IntRange(1, MOST_HOURS),
    default=DEFAULT_HOURS,
    show_default=True,
    help="How far back, from the full quarter of an hour on.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables, for programs.")
def stats(hours: int, *, as_json: bool) -> None:
    """What was scanned, found and told, how much of it held, and what waits."""
    with shell("stats") as own:
        news, right = _collect(own, hours)
        if as_json:
            click.echo(json.dumps({**news.model_dump(mode="json"), "deals": right}))
        else:
            for table in _tables(news, right):
                own.console.print(table)


def _collect(own: Shell, hours: int) -> tuple[ReportNews, dict[str, int]]:
    now = own.now()
    begin = quarter(now - timedelta(hours=hours))
    with own.database.transaction() as session:
        news = report.collect(session, begin, now, "UTC")
        settled, gone, right = held(session, begin, now)
    return news, {"settled": settled, "gone_on_arrival": gone, "right": right}


def quarter(moment: datetime) -> datetime:
    """The full quarter of an hour before."""
    return moment - (moment - datetime.min.replace(tzinfo=UTC)) % QUARTER


def _tables(news: ReportNews, right: dict[str, int]) -> Iterator[Table]:
    span = f"{news.begin:%Y-%m-%d %H:%M} to {news.end:%Y-%m-%d %H:%M} UTC"
    yield _of(f"Scans, {span}", ("game", "scans", "cut short", "price calls", "titles", "age", "deals"), _games(news))
    yield _of("Messages that ended", ("kind", "state", "reason", "number"), ((*key, f"{n:,}") for *key, n in news.ends))
    yield _of("Last verdicts, by gate", ("gate", "titles"), ((gate, f"{n:,}") for gate, n in news.verdicts))
    yield _of("All chats", ("what", "number"), ((what, f"{n:,}") for what, n in _rest(news, right)))


def _of(title: str, heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Table:
    table = Table(*heads, title=title, title_justify="left")
    for row in rows:
        table.add_row(*row)
    return table


def _games(news: ReportNews) -> Iterator[tuple[str, ...]]:
    for one in news.games:
        label = GAMES[one.game].label + (" (paused)" if one.paused else "")
        titles = f"{one.priced:,} of {one.titles:,}"
        deals = f"{one.opened:,} opened, {one.closed:,} ended"
        yield label, f"{one.scans:,}", f"{one.expired:,}", f"{one.batches:,}", titles, _age(one), deals


def _age(one: GameReport) -> str:
    return "–" if one.typical_age is None else f"{one.typical_age} s, oldest {one.oldest_age} s"


def _rest(news: ReportNews, right: dict[str, int]) -> Iterator[tuple[str, int]]:
    yield "chats subscribed now", news.active
    yield "chats that came", news.joined
    yield "chats that stopped", news.stopped
    yield "chats that blocked the bot", news.blocked
    yield "chats deleted", news.deleted
    yield "messages waiting now", news.waiting
    yield "deals told at least a minute ago", right["settled"]
    yield "of them gone on arrival", right["gone_on_arrival"]
    yield "of them right", right["right"]
    yield "messages struck out", news.struck
    yield from ((f"readers said: {verdict}", n) for verdict, n in news.feedback)
    yield "remarks", news.remarks
