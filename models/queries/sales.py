"""Sales references: a title's recent sales as last read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.levels import HIGHEST, LOWEST
from domain.money import Cents
from domain.quotes import Sale, SalesHistory, SaleSide
from domain.variants import Variant
from models.verification import SalesReference

UNREAD = timedelta(hours=24)  # sales never read tell as much when read as sales that old


def load(session: Session, item_id: int) -> SalesHistory | None:
    """What was last read of a title's sales, None when they never were."""
    row = session.get(SalesReference, item_id)
    if row is None:
        return None
    return SalesHistory(tuple(_sale(sale) for sale in row.sales), row.observed_at, row.complete)


def store(session: Session, item_id: int, history: SalesHistory, price: Cents | None) -> None:
    """Keep the sales with the careful patient `price` in cents that they give; an older read changes nothing."""
    row = insert(SalesReference).values(
        item_id=item_id,
        observed_at=history.observed_at,
        sales=[_json(sale) for sale in history.sales],
        complete=history.complete,
        price=price,
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=[SalesReference.item_id],
            set_={name: row.excluded[name] for name in ("observed_at", "sales", "complete", "price")},
            where=SalesReference.observed_at < row.excluded.observed_at,
        )
    )


def _json(sale: Sale) -> list[Any]:
    """One sale as a short array: price, unix seconds, side, variant, float, seed."""
    variant = [sale.variant.phase, sale.variant.effect, sale.variant.rare]
    float_value = str(sale.float_value) if sale.float_value is not None else None
    return [sale.price, int(sale.at.timestamp()), sale.side, variant, float_value, sale.paint_seed]


def _sale(row: Sequence[Any]) -> Sale:
    price, seconds, side, variant, float_value, paint_seed = row
    return Sale(
        price=price,
        at=datetime.fromtimestamp(seconds, UTC),
        side=SaleSide(side),
        variant=Variant(*variant),
        float_value=Decimal(float_value) if float_value is not None else None,
        paint_seed=paint_seed,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A title whose sales are worth a call."""

    item_id: int
    game: str
    title: str


def most_wanted(session: Session, now: datetime, before: datetime, limit: int) -> list[Wanted]:
    """Titles inside the bands whose sales are unknown or were read before `before`, the most valuable first.

    Value is what the title's group is worth times how old its sales are; unknown ones count as UNREAD old. Among
    equals those come first whose ask is nearest to the bids: there a cheap offer hides.
    """
    values = {"now": now, "before": before, "limit": limit, "lowest": LOWEST, "highest": HIGHEST, "unread": UNREAD}
    return [Wanted(row.id, row.game, row.title) for row in session.execute(_WANTED, values)]


_WANTED = text(
    """
    SELECT i.id, i.game, i.title
    FROM prices p JOIN items i ON i.id = p.item_id JOIN item_groups g ON g.id = i.group_id
    LEFT JOIN sales_references s ON s.item_id = p.item_id
    WHERE p.ask BETWEEN :lowest AND :highest AND p.bid > 0
        AND (s.item_id IS NULL OR s.observed_at < :before OR (NOT s.complete AND s.sales = '[]'))
    ORDER BY g.worth * date_part('epoch', coalesce(:now - s.observed_at, :unread)) DESC,
        CAST(p.ask - p.bid AS bigint) * 10000 / p.ask, i.id
    LIMIT :limit
    """
)
