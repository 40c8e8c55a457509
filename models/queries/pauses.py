"""What each chat asked for and what it got already, for the rule of domain.noise."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Row,
    TableValuedAlias,
    Text,
    column,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from domain.kinds import DEALS, Kind, Loudness
from domain.noise import Past, Ruling, Wish, rule
from domain.quiet import day_begin, quiet_window
from models.alerts import Alert, AlertState
from models.queries.alerts import Reason

MOMENT = DateTime(timezone=True)
# What may have arrived counts as told.
TOLD = or_(Alert.state == AlertState.SENT, Alert.reason == Reason.UNKNOWN.value)


def rulings(session: Session, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime) -> dict[int, Ruling]:
    """By row id what happens to each; `rows` have the columns of a due message with its chat, manner and mute."""
    today = _today(session, {row.chat_id: row.zone for row in rows if row.daily_cap is not None}, now)
    last = _last(session, [row for row in rows if row.cooldown_seconds], now)
    return {
        row.id: rule(
            Kind(row.kind),
            row.expires_at,
            now,
            _wish(row, now),
            Past(last.get((row.chat_id, row.kind)), today.get(row.chat_id, 0)),
        )
        for row in rows
    }


def _wish(row: Row[*tuple[Any, ...]], now: datetime) -> Wish:
    return Wish(
        loudness=Loudness(row.loudness or Loudness.LOUD),
        cooldown=timedelta(seconds=row.cooldown_seconds or 0),
        muted=row.muted,
        quiet=quiet_window(now, row.zone, row.quiet_from, row.quiet_until),
        snoozed_until=row.snoozed_until,
        cap=row.daily_cap,
    )


def _today(session: Session, zones: dict[int, str], now: datetime) -> dict[int, int]:
    """How many deals each chat was told since the midnight of its zone."""
    if not zones:
        return {}
    begins = [day_begin(now, zone) for zone in zones.values()]
    days = _listed(chat_id=(BigInteger(), list(zones)), begin=(MOMENT, begins))
    told = (
        select(func.count())
        .select_from(Alert)
        .where(Alert.chat_id == days.c.chat_id, Alert.finished_at >= days.c.begin, Alert.kind.in_(DEALS), TOLD)
    )
    found = session.execute(select(days.c.chat_id, told.scalar_subquery()))
    return {row[0]: row[1] for row in found}


def _last(session: Session, rows: Iterable[Row[*tuple[Any, ...]]], now: datetime) -> dict[tuple[int, str], datetime]:
    """When each chat was last told something of each kind that it wants to be told less often."""
    since = {(row.chat_id, row.kind): now - timedelta(seconds=row.cooldown_seconds) for row in rows}
    if not since:
        return {}
    pairs = _listed(
        chat_id=(BigInteger(), [chat_id for chat_id, _ in since]),
        kind=(Text(), [kind for _, kind in since]),
        begin=(MOMENT, list(since.values())),
    )
    same = (Alert.chat_id == pairs.c.chat_id) & (Alert.kind == pairs.c.kind)
    latest = select(func.max(Alert.finished_at)).where(same, Alert.finished_at > pairs.c.begin, TOLD)
    found = session.execute(select(pairs.c.chat_id, pairs.c.kind, latest.scalar_subquery()))
    return {(chat_id, kind): at for chat_id, kind, at in found if at}


def _listed(**lists: tuple[TypeEngine[Any], list[Any]]) -> TableValuedAlias:
    """A table of named columns, one row for each place in the lists, for a subquery by row: whatever the server knows
    of how many rows the outbox has, it goes by the index of a chat's finished ones.
    """
    arrays = [literal(values, ARRAY(kind)) for kind, values in lists.values()]
    columns = [column(name, kind) for name, (kind, _) in lists.items()]
    return func.unnest(*arrays).table_valued(*columns, name="listed").render_derived()
