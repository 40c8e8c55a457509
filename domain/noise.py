"""Whether a message may be sent to a chat now, must wait, or is dropped: what the chat asked for, as one pure rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.kinds import DEALS, Kind, Loudness
from domain.quiet import Window


class Why(StrEnum):
    """Why a message was dropped or waits."""

    OFF = "off"  # the chat wants none of this kind
    MUTED = "muted"  # the chat does not want to hear of this title
    QUIET = "quiet"
    SNOOZED = "snoozed"
    CAPPED = "capped"  # as many deals today as the chat wants
    COOLDOWN = "cooldown"  # too soon after the last of this kind


@dataclass(frozen=True, slots=True)
class Wish:
    """What a chat asked for: `quiet` is the window in which now lies, `cap` the most deals of a local day."""

    loudness: Loudness = Loudness.LOUD
    cooldown: timedelta = timedelta()
    muted: bool = False
    quiet: Window | None = None
    snoozed_until: datetime | None = None
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What the chat got: `last_at` of this kind, `today` deals since its local midnight."""

    last_at: datetime | None = None
    today: int = 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """Send where `why` is None; else wait `until` then, or drop where that is None."""

    why: Why | None = None
    until: datetime | None = None


SEND = Ruling()


def rule(kind: Kind, expires_at: datetime, now: datetime, wish: Wish, past: Past) -> Ruling:
    """What happens to a message whose turn has come.

    A deal does not outlive a pause: quiet hours, a snooze and a full day drop it, a cooldown too where it would
    expire before its end. Everything else waits for the end of the pause, and is dropped only where it would expire.
    The cap counts deals alone, because everything else was asked for one by one.
    """
    deal = kind in DEALS
    if wish.loudness is Loudness.OFF or (deal and wish.muted):
        return Ruling(Why.OFF if wish.loudness is Loudness.OFF else Why.MUTED)
    if wish.quiet:
        return _pause(Why.QUIET, wish.quiet.end, expires_at, drop=deal)
    if wish.snoozed_until and wish.snoozed_until > now:
        return _pause(Why.SNOOZED, wish.snoozed_until, expires_at, drop=deal)
    if deal and wish.cap is not None and past.today >= wish.cap:
        return Ruling(Why.CAPPED)
    if past.last_at and past.last_at + wish.cooldown > now:
        return _pause(Why.COOLDOWN, past.last_at + wish.cooldown, expires_at, drop=False)
    return SEND


def _pause(why: Why, until: datetime, expires_at: datetime, *, drop: bool) -> Ruling:
    return Ruling(why, None if drop or until >= expires_at else until)
