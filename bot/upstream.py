"""Whether what is known of the games can still be relied on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.messages.wording import age
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


def trouble(game: GameOverview, interval: timedelta, now: datetime) -> str | None:
    """What is wrong with a switched-on game in a few words, None when it is scanned as planned."""
    if game.scanned_at is None and not game.expired:
        return "no scan has finished yet"
    passed = now - game.scanned_at if game.scanned_at else None
    if passed is not None and passed > LATE * interval:
        return f"late, the last scan finished {age(passed)} ago, it should every {age(interval)}"
    return "the last scan did not finish in time" if game.expired else None


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
