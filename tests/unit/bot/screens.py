"""What the screens about watches, alerts and deals show, with sensible values; a test states only what it is about."""

from collections import Counter
from datetime import timedelta
from typing import Any

from domain.deals import Deal
from domain.filters import Filter
from domain.kinds import Kind
from domain.traits import UNKNOWN, Traits
from domain.watches import Measure, Rule, Turn
from models.feedback import Verdict
from models.queries.pressed import Behind, Pressed
from models.queries.refused import Refused
from models.queries.stats import Stats
from models.queries.watches import Listed
from tests.factories import NOW, TITLE, a_history
from tests.unit.bot.proofs import a_proof

BELOW = Rule(Measure.ASK, Turn.BELOW, 950)
MOVED = Rule(Measure.ASK, Turn.MOVED, 500)


def a_watch(rule: Rule = BELOW, **values: Any) -> Listed:
    """Armed, and never fired."""
    defaults: dict[str, Any] = {
        "id": 5,
        "game": "csgo",
        "title": TITLE,
        "item_id": 7,
        "armed": True,
        "base": None,
        "base_at": None,
        "fired": 0,
        "fired_at": None,
        "snoozed_until": None,
    }
    return Listed(rule=rule, **(defaults | values))


def a_behind(**values: Any) -> Behind:
    """A deal that stands, checked ten seconds ago, with a dozen sales."""
    defaults: dict[str, Any] = {
        "alert_id": 46655,
        "item_id": 7,
        "buy": 1234,
        "proof": a_proof(),
        "history": a_history(),
        "confirmed_at": NOW - timedelta(seconds=10),
        "gone_at": None,
    }
    return Behind(**(defaults | values))


def a_pressed(**values: Any) -> Pressed:
    """An alert that stands as it was sent."""
    defaults: dict[str, Any] = {
        "alert_id": 2**63 - 1,
        "item_id": 2**31 - 1,
        "game": "csgo",
        "title": TITLE,
        "offer_id": "0b2f-11",
        "struck": False,
        "gone": False,
        "said": None,
        "muted": False,
    }
    return Pressed(**(defaults | values))


def a_refused(wanted: Filter, *, traits: Traits = UNKNOWN, **values: Any) -> Refused:
    """A deal at $10.00 that brings $1.16, opened 30 s after it was listed."""
    deal = Deal(7, "csgo", TITLE, "medium", "instant", 1000, 116, 1160, 4, 30, traits)
    defaults: dict[str, Any] = {"muted": False, "muted_until": None, "off": False}
    return Refused(deal, wanted, tuple(wanted.misses(deal)), **(defaults | values))


def some_stats(**values: Any) -> Stats:
    """Twelve deals and two watches, of which one was gone on arrival."""
    defaults: dict[str, Any] = {
        "sent": Counter({Kind.INSTANT: 9, Kind.PATIENT: 3, Kind.WATCH: 2}),
        "settled": 12,
        "gone": 1,
        "right": 10,
        "rested": 3,
        "late": 2,
        "said": Counter({Verdict.BOUGHT: 2, Verdict.WRONG: 1}),
    }
    return Stats(**(defaults | values))


NOTHING = Stats(Counter(), 0, 0, 0, 0, 0, Counter())
