"""What stands in a digest: the deals of its window that a chat wants, in groups, the best of each."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, Text, cast, exists, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.exits import ExitKind
from domain.games import GAMES
from domain.levels import LEVELS
from domain.windows import Every, Grouping, Window
from models.filters import FilterRow
from models.items import Item
from models.mutes import Mute
from models.opportunities import OpportunityRow
from models.payloads import DigestDeal, DigestGroup, DigestNews
from models.queries.digests import Due
from models.queries.matching import of_rows, predicate

LINES = 10  # of each group; of the rest a digest says only how many there are
ORDER = {key: place for place, key in enumerate((*ExitKind, *GAMES, *reversed(LEVELS)))}
SLICES = {Every.DAILY: timedelta(hours=6), Every.WEEKLY: timedelta(days=1)}  # of a digest by time; else an hour

Columns = tuple[Any, ...]


def news(session: Session, due: Due) -> DigestNews | None:
    """The digest, None where fewer deals than the chat asked for are worth one.

    Every deal counts that opened in the window and that the chat's filters of now want, whether the chat was told of
    it or not; of a title that was a deal several times only the last one.
    """
    groups = _groups(session.execute(_ranked(due)).all(), due.grouping)
    number = sum(group.number for group in groups)
    if number < max(1, due.least):
        return None
    return DigestNews(
        every=due.every,
        grouping=due.grouping,
        zone=due.zone,
        start=due.window.start,
        end=due.window.end,
        number=number,
        groups=tuple(groups),
    )


def wanted(chat_id: int, window: Window) -> Select[*Columns]:
    """Opportunities that opened in the window and that a chat's filters want, muted titles left out."""
    row = OpportunityRow
    muted = exists().where(Mute.chat_id == chat_id, Mute.item_id == row.item_id)
    muted = muted.where(or_(Mute.until.is_(None), Mute.until > window.end))
    return (
        select(row.id)
        .join(FilterRow, FilterRow.game == row.game)
        .where(FilterRow.chat_id == chat_id, row.opened_at >= window.start, row.opened_at < window.end)
        .where(*predicate(FilterRow, of_rows(row.opened_at)).values(), ~muted)
    )


def _ranked(due: Due) -> Select[*Columns]:
    """The first LINES deals of each group with how many the group has."""
    row = OpportunityRow
    last = func.row_number().over(partition_by=(row.item_id, row.variant), order_by=row.opened_at.desc())
    found = wanted(due.chat_id, due.window).add_columns(
        row.opened_at, row.cents_per_day, _key(due).label("key"), last.label("last")
    )
    deal = found.subquery("deals").c
    first = deal.opened_at.desc() if due.grouping is Grouping.TIME else deal.cents_per_day.desc()
    ranked = select(
        deal.id,
        deal.key,
        func.count().over(partition_by=deal.key).label("number"),
        func.row_number().over(partition_by=deal.key, order_by=(first, deal.id)).label("place"),
    ).where(deal.last == 1)
    line = ranked.subquery("lines").c
    return (
        select(line.key, line.number, row, Item.title, row.evidence["variant_label"].astext.label("label"))
        .join(row, row.id == line.id)
        .join(Item, Item.id == row.item_id)
        .where(line.place <= LINES)
        .order_by(line.key, line.place)
    )


def _key(due: Due) -> ColumnElement[str]:
    """What a deal is grouped by; a time is the beginning of its part of the window."""
    row = OpportunityRow
    plain: dict[Grouping, ColumnElement[str]] = {
        Grouping.TYPE: row.exit.expression,
        Grouping.GAME: row.game.expression,
        Grouping.PRIORITY: row.level.expression,
    }
    part = func.date_bin(SLICES.get(due.every, timedelta(hours=1)), row.opened_at, due.window.start)
    return plain.get(due.grouping, cast(part, Text))


def _groups(rows: Sequence[Any], grouping: Grouping) -> list[DigestGroup]:
    """One group for each key: exits, games and levels in their own order, times as they come."""
    keys = list(dict.fromkeys(row.key for row in rows))
    if grouping is not Grouping.TIME:
        keys.sort(key=lambda key: ORDER.get(key, len(ORDER)))
    return [_group(key, [row for row in rows if row.key == key]) for key in keys]


def _group(key: str, rows: Sequence[Any]) -> DigestGroup:
    deals = tuple(_deal(row.OpportunityRow, row.title, row.label or "") for row in rows)
    number = rows[0].number
    return DigestGroup(key=key, number=number, more=number - len(deals), deals=deals)


def _deal(row: OpportunityRow, title: str, variant: str) -> DigestDeal:
    return DigestDeal(
        title=title,
        variant=variant,
        game=row.game,
        level=row.level,
        buy=row.buy,
        net=row.net,
        return_bps=row.return_bps,
        opened_at=row.opened_at,
        gone_at=row.gone_at,
    )
