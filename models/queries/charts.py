"""The course of one title's price, for a picture: changes, sales, and when nothing was read at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from domain.money import Cents
from domain.quotes import SaleSide
from models.items import Item, ItemGroup
from models.prices import Price
from models.queries import sales

SHORTEST_GAP = timedelta(hours=3)  # of silence of a whole game that is called an outage
QUIET = 10  # times longer than its usual silence
LIVELY = 30  # titles of a game that tell whether its prices were read
BIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on the price was this, in cents; None where a side was empty."""

    at: datetime
    bid: Cents | None
    ask: Cents | None


@dataclass(frozen=True, slots=True)
class Sold:
    """One sale in cents; `listed` where a buyer took a listing, not a seller a bid."""

    at: datetime
    price: Cents
    listed: bool


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a title between `since` and `until`.

    `steps` are changes, the oldest first; the first one may have been true before `since` and then stands at it.
    The last one held until `seen_at`. Of the time within `gaps` (from, to) nothing is known. `sales` newest first.
    """

    game: str
    title: str
    since: datetime
    until: datetime
    steps: tuple[Step, ...]
    seen_at: datetime | None
    gaps: tuple[tuple[datetime, datetime], ...]
    sales: tuple[Sold, ...]


def course(session: Session, item_id: int, span: timedelta, now: datetime) -> Course | None:
    """What can be drawn of a title's last `span`, None for one that does not exist."""
    item = session.get(Item, item_id)
    if item is None:
        return None
    since = now - span
    history = sales.load(session, item_id)
    sold = history.sales if history else ()
    rows = session.execute(_COURSE, {"item": item_id, "since": since}).all()
    return Course(
        game=item.game,
        title=item.title,
        since=since,
        until=now,
        steps=tuple(Step(max(row.observed_at, since), row.bid, row.ask) for row in rows),
        seen_at=_seen_at(session, item),
        gaps=silences(_signs(session, item.game, since), since, now),
        sales=tuple(Sold(one.at, one.price, one.side is SaleSide.OFFER) for one in sold if since <= one.at <= now),
    )


def silences(signs: Sequence[datetime], since: datetime, until: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """The times between `signs` of life (the oldest first) that are too long to be usual.

    A game with few titles is quiet by nature: what counts is ten times its median silence, at least three hours.
    What lies before the first sign is not called a gap, since nobody knows whether anything was read then at all.
    """
    if not signs:
        return ()
    times = [*(max(sign, since) for sign in signs), until]
    silent = sorted(later - earlier for earlier, later in pairwise(times))
    least = max(SHORTEST_GAP, QUIET * silent[len(silent) // 2])
    return tuple(gap for gap in pairwise(times) if gap[1] - gap[0] > least)


def _seen_at(session: Session, item: Item) -> datetime | None:
    seen = select(func.greatest(Price.confirmed_at, ItemGroup.observed_at)).select_from(Price)
    return session.scalar(seen.join(ItemGroup, ItemGroup.id == item.group_id).where(Price.item_id == item.id))


def _signs(session: Session, game: str, since: datetime) -> list[datetime]:
    """When prices of the game's liveliest titles changed, to a quarter of an hour, the oldest first."""
    found = session.scalars(_SIGNS, {"game": game, "lively": LIVELY, "since": since, "bin": BIN})
    return [sign.astimezone(UTC) for sign in found]


# A row is a change, so the course begins with the last change before the period.
_COURSE = text(
    """
    (SELECT observed_at, bid, ask FROM price_history
     WHERE item_id = :item AND observed_at < :since ORDER BY observed_at DESC LIMIT 1)
    UNION ALL
    (SELECT observed_at, bid, ask FROM price_history
     WHERE item_id = :item AND observed_at >= :since ORDER BY observed_at)
    """
)
# Reads leave no trace but changes. That none of the liveliest titles changed for hours means that none was read.
_SIGNS = text(
    """
    SELECT DISTINCT date_bin(:bin, h.observed_at, TIMESTAMPTZ '2020-01-01') AS sign
    FROM price_history h
    WHERE h.observed_at >= :since AND h.item_id = ANY(ARRAY(
        SELECT p.item_id FROM prices p JOIN items i ON i.id = p.item_id
        WHERE i.game = :game ORDER BY p.churn DESC, p.item_id LIMIT :lively
    ))
    ORDER BY sign
    """
)
