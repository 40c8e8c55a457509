"""Whether what is known of the games can still be relied on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from domain.conditions import NEEDED, Part, Trouble
from models.queries.conditions import Standing, standing
from models.queries.overview import GameOverview, newest_prices
from telemetry.conditions import conditions

LATE = 3  # intervals without a finished scan


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the workers say of their parts, and the bot's own trouble with sending."""

    workers: Standing
    own: tuple[Trouble, ...] = ()

    @property
    def blind(self) -> bool:
        """Whether deals are missed now, so that silence says nothing."""
        return not self.workers.workers or any(one.part in NEEDED for one in self.workers.troubles)


def outlook(session: Session, now: datetime) -> Outlook:
    own = conditions.degraded({Part.TELEGRAM})
    return Outlook(standing(session, now), tuple(Trouble(one.part, one.since) for one in own if one.since))


class Lag(StrEnum):
    """What is wrong with a switched-on game."""

    UNSCANNED = "unscanned"  # no scan has finished yet
    LATE = "late"  # the last one finished too long ago
    CUT_SHORT = "cut_short"  # the last one did not finish in time


def trouble(game: GameOverview, interval: timedelta, now: datetime) -> Lag | None:
    """What is wrong with a switched-on game, None when it is scanned as planned, or paused."""
    if game.paused:
        return None
    if game.scanned_at is None and not game.expired:
        return Lag.UNSCANNED
    if game.scanned_at is not None and now - game.scanned_at > LATE * interval:
        return Lag.LATE
    return Lag.CUT_SHORT if game.expired else None


def data(session: Session, now: datetime) -> str | None:
    """None while workers keep everything fresh that deals are found with, else one sentence for operators."""
    workers = standing(session, now)
    if not workers.workers:
        return f"no worker reports, the last report came {_clock(workers.seen_at)}"
    failing = [f"{one.part} since {_clock(one.since)}" for one in workers.troubles if one.part in NEEDED]
    if failing:
        return f"the workers fail at {', '.join(failing)}; the newest prices were read {_clock(newest_prices(session))}"
    return None


def _clock(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "never"
