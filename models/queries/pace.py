"""How fast an installation works right now: titles priced by each scan, and how long alerts took to be delivered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.games import GAMES
from domain.kinds import DEALS

LONGEST = timedelta(hours=1)  # a scan that began earlier has ended


@dataclass(frozen=True, slots=True)
class Priced:
    """Titles priced so far at a moment, by the run that priced them."""

    at: datetime
    runs: Mapping[int, tuple[str, int]]

    def since(self, before: "Priced") -> dict[str, int]:
        """Titles priced after that moment, by game."""
        told = dict.fromkeys(GAMES, 0)
        for run, (game, titles) in self.runs.items():
            told[game] += titles - before.runs.get(run, (game, 0))[1]
        return told


def priced(session: Session, now: datetime) -> Priced:
    """What the scans of the last hour have counted; two of these make a speed."""
    rows = session.execute(_PRICED, {"games": list(GAMES), "since": now - LONGEST}).all()
    return Priced(now, {row.id: (row.game, row.prices_observed) for row in rows})


_PRICED = text("SELECT id, game, prices_observed FROM scan_runs WHERE game = ANY(:games) AND planned_at >= :since")


@dataclass(frozen=True, slots=True)
class Delivered:
    """Alerts of deals that were sent; half of them, and 99 of 100, took so many seconds at most from their proof."""

    alerts: int
    half_seconds: float | None
    most_seconds: float | None


def delivered(session: Session, since: datetime) -> Delivered:
    row = session.execute(_DELIVERED, {"kinds": [kind.value for kind in DEALS], "since": since}).one()
    half, most = row.shares or (None, None)
    return Delivered(row.alerts, half, most)


_DELIVERED = text(
    """
    SELECT count(*) AS alerts, percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
        ORDER BY CAST(extract(epoch FROM finished_at - created_at) AS double precision)
    ) AS shares
    FROM alerts WHERE finished_at >= :since AND state = 'sent' AND kind = ANY(:kinds)
    """
)
