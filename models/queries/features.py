"""What is stored of each title that tells how much a look at it is worth."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from domain.cadence import Features
from domain.games import Game
from domain.liquidity import WINDOW
from domain.money import BasisPoints
from models.fees import GameFee
from models.items import FORGOTTEN

_ROWS = 2_000  # held in memory at a time


def usual_fee(session: Session, game: Game) -> BasisPoints:
    """What selling costs without a reduced fee, the assumed one while the list is unknown."""
    listed = session.get(GameFee, game.key)
    return listed.bps if listed else game.default_fee_bps


def of_game(session: Session, game: str, now: datetime) -> Iterator[tuple[int, Features]]:
    """Item id and features of each title that the catalogue still has and whose group was read, row by row."""
    values = {"game": game, "now": now, "since": now - FORGOTTEN, "window": WINDOW}
    found = session.execute(_FEATURES, values, execution_options={"yield_per": _ROWS})
    for row in found:
        yield row.id, _features(row)


def _features(row: Row[tuple[object, ...]]) -> Features:
    return Features(
        bid=row.bid,
        bid_count=row.bid_count or 0,
        ask=row.ask,
        ask_count=row.ask_count or 0,
        churn=row.churn or 0,
        quiet=max(row.quiet or 0, 0),
        sales_price=row.price,
        sold=row.sold,
        sold_within=row.sold_within or 0,
    )


# Where older sales exist beyond those read, they tell the rate since the oldest; else they are all of a month or more.
_FEATURES = text(
    """
    SELECT i.id, p.bid, p.bid_count, p.ask, p.ask_count, p.churn,
        CAST(extract(epoch FROM :now - p.changed_at) AS int) AS quiet,
        s.price, jsonb_array_length(s.sales) AS sold,
        CAST(greatest(
            extract(epoch FROM s.observed_at) - CAST(s.sales -> -1 ->> 1 AS bigint),
            CASE WHEN s.complete THEN extract(epoch FROM CAST(:window AS interval)) ELSE 0 END
        ) AS bigint) AS sold_within
    FROM items i JOIN item_groups g ON g.id = i.group_id
    LEFT JOIN prices p ON p.item_id = i.id LEFT JOIN sales_references s ON s.item_id = i.id
    WHERE i.game = :game AND i.last_seen_at > :since AND g.observed_at IS NOT NULL
    """
)
