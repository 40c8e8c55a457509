"""What the market commands show, with sensible values; a test states only what it is about."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.exits import ExitKind, price_exit
from domain.fees import FeeRate, FeeSource
from domain.opportunities import Numbers
from domain.turnover import Turnover
from models.queries.market import Depth, Former, Judged, Mover, PriceCard, Quote
from models.queries.why import Past, Told, Why
from tests.factories import NOW, TITLE

FEE = FeeRate(700, 1, FeeSource.DEFAULT)
BELOW: Numbers = {
    "ask": 1000,
    "level": "medium",
    "least_return_bps": 500,
    "instant_sell": 900,
    "instant_return_bps": -1630,
    "patient_sell": 1080,
    "patient_return_bps": 44,
    "days_to_sell": "3.1",
    "patient_doubt": None,
}


def ago(**span: int) -> datetime:
    return NOW - timedelta(**span)


def quote_at(bid: int | None = 900, ask: int | None = 1000, **values: Any) -> Quote:
    """Five bids and 18 asks, read two minutes ago and the same for three hours."""
    counts = {"bid_count": 5 if bid else 0, "ask_count": 18 if ask else 0}
    times = {"changed_at": ago(hours=3), "seen_at": ago(minutes=2)}
    return Quote(bid=bid, ask=ask, **(counts | times | values))


def a_turnover(**values: Any) -> Turnover:
    """14 sales around $10.50."""
    defaults: dict[str, Any] = {
        "variant": "",
        "count": 14,
        "independent": 12,
        "per_day": Decimal("0.4138"),
        "last_at": ago(hours=5),
        "careful": 980,
        "middle": 1050,
        "upper": 1120,
    }
    return Turnover(**(defaults | values))


def rejected(gate: str = "below_level", numbers: Numbers | None = None) -> Judged:
    return Judged(ago(minutes=7), gate, BELOW if numbers is None else numbers)


def a_card(**values: Any) -> PriceCard:
    """A title at $10.00 that was rejected seven minutes ago."""
    defaults: dict[str, Any] = {
        "item_id": 7,
        "game": "csgo",
        "title": TITLE,
        "quote": quote_at(),
        "day_ago": Former(1100),
        "week_ago": Former(950),
        "fee": FEE,
        "deals": (),
        "judged": rejected(),
        "sold": (a_turnover(),),
        "sales_at": ago(minutes=12),
    }
    return PriceCard(**(defaults | values))


def a_depth(bid: int | None = 900, ask: int | None = 1000) -> Depth:
    crossed = price_exit(ExitKind.INSTANT, ask, bid, FEE) if bid and ask else None
    return Depth(7, "csgo", TITLE, quote_at(bid, ask), crossed, 1076 if ask else None)


def some_movers(count: int) -> list[Mover]:
    """Titles whose ask rose or fell in turn, each by less than the one before."""
    return [
        Mover(
            item_id=number,
            title=f"{TITLE[:-1]} {number})",
            former=1000,
            ask=1000 + change,
            change_bps=change * 10,
            bid=800,
            ask_count=12,
            bid_count=4,
        )
        for number in range(1, count + 1)
        for change in [(300 - number) * (1 if number % 2 else -1)]
    ]


def a_past(**values: Any) -> Past:
    """A deal that stood for 40 seconds."""
    defaults: dict[str, Any] = {
        "opportunity_id": 3,
        "game": "csgo",
        "level": "medium",
        "exit": "instant",
        "buy": 1000,
        "net": 116,
        "return_bps": 1160,
        "opened_at": ago(minutes=30),
        "confirmed_at": ago(minutes=29, seconds=30),
        "gone_at": ago(minutes=29, seconds=20),
        "gone_reason": "no_offer",
    }
    return Past(**(defaults | values))


def a_told(state: str = "sent", reason: str | None = "delivered") -> Told:
    return Told(1000, state, reason, ago(minutes=30), ago(minutes=29, seconds=58) if reason else None)


def a_why(**values: Any) -> Why:
    """A title that was rejected and never a deal."""
    defaults: dict[str, Any] = {
        "item_id": 7,
        "game": "csgo",
        "title": TITLE,
        "quote": quote_at(),
        "judged": rejected(),
        "waits_since": None,
        "last": None,
        "told": (),
        "others": 0,
    }
    return Why(**(defaults | values))
