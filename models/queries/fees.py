"""Fee lists as last read, and what they say about a title."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.fees import DefaultFee, FeeList, ItemFees, ReducedFee
from domain.games import Game
from models.fees import GameFee

MAX_AGE = timedelta(hours=36)  # the exchange renews the list daily; an older one is not believed


def store(session: Session, game: str, fees: FeeList, now: datetime) -> None:
    """Replace a game's list by the one read at `now`."""
    row = insert(GameFee).values(game=game, bps=fees.default.bps, minimum=fees.default.minimum, observed_at=now)
    session.execute(
        row.on_conflict_do_update(
            index_elements=[GameFee.game],
            set_={"bps": row.excluded.bps, "minimum": row.excluded.minimum, "observed_at": row.excluded.observed_at},
        )
    )
    session.execute(text("DELETE FROM reduced_fees WHERE game = :game"), {"game": game})
    unique = {(row.title, row.min_price): row for row in fees.reduced}
    rows = [unique[key] for key in sorted(unique)]
    session.execute(
        _REDUCED,
        {
            "game": game,
            "titles": [row.title for row in rows],
            "lows": [row.min_price for row in rows],
            "highs": [row.max_price for row in rows],
            "bps": [row.bps for row in rows],
            "ends": [row.expires_at for row in rows],
        },
    )


_REDUCED = text(
    """
    INSERT INTO reduced_fees (game, title, min_price, max_price, bps, expires_at)
    SELECT :game, * FROM unnest(
        CAST(:titles AS text[]), CAST(:lows AS int[]), CAST(:highs AS int[]), CAST(:bps AS int[]),
        CAST(:ends AS timestamptz[])
    )
    """
)


def observed_at(session: Session, game: str) -> datetime | None:
    """When a game's list was last read, None before the first time."""
    return session.scalars(select(GameFee.observed_at).where(GameFee.game == game)).first()


def for_titles(session: Session, game: Game, titles: Sequence[str], now: datetime) -> dict[str, ItemFees]:
    """The fees of each title; assumed ones where the list is unknown or too old to be believed."""
    listed: Row[Any] | None = None
    reduced: dict[str, list[ReducedFee]] = {}
    for row in session.execute(_FOR_TITLES, {"game": game.key, "titles": list(titles)}):
        listed = row
        if row.title is not None:
            fee = ReducedFee(row.title, row.reduced_bps, row.min_price, row.max_price, row.expires_at)
            reduced.setdefault(row.title, []).append(fee)
    if listed is None or now - listed.observed_at > MAX_AGE:
        return {title: ItemFees(None, game.default_fee_bps) for title in titles}
    default = DefaultFee(listed.bps, listed.minimum)
    plain = ItemFees(default, game.default_fee_bps, (), listed.observed_at)
    return {title: replace(plain, reduced=tuple(reduced[title])) if title in reduced else plain for title in titles}


# One statement for the default and the rows that lower it: it runs for every batch of prices.
_FOR_TITLES = text(
    """
    SELECT g.bps, g.minimum, g.observed_at, r.title, r.bps AS reduced_bps, r.min_price, r.max_price, r.expires_at
    FROM game_fees g
    LEFT JOIN reduced_fees r ON r.game = g.game AND r.title = ANY(CAST(:titles AS text[]))
    WHERE g.game = :game
    """
)
