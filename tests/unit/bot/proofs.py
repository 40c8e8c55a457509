"""Proofs with sensible values; a test states only what it is about."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from models.proof import ExitProof, Proof
from tests.factories import NOW, TITLE


def an_exit(sell: int = 1500, fee: int = 150, net: int = 116, **values: Any) -> ExitProof:
    defaults: dict[str, Any] = {"fee_bps": 1000, "fee_source": "default", "return_bps": 940}
    return ExitProof(sell=sell, fee=fee, net=net, **(defaults | values))


def a_proof(**values: Any) -> Proof:
    """An instant exit from $12.34 with a patient one beside it, read just before NOW."""
    defaults: dict[str, Any] = {
        "game": "csgo",
        "title": TITLE,
        "variant_label": "",
        "level": "medium",
        "offer_id": "0b2f-11",
        "buy": 1234,
        "unlock_at": None,
        "exit": "instant",
        "instant": an_exit(),
        "patient": an_exit(1610, 161, 215, return_bps=1742),
        "break_even": 1372,
        "capacity": 3,
        "days_to_sell": Decimal("3.0"),
        "sales_count": 14,
        "sales_independent": 12,
        "sales_per_day": Decimal("0.4"),
        "newest_sale_at": NOW - timedelta(hours=3),
        "oldest_sale_at": NOW - timedelta(days=28),
        "offers_at": NOW - timedelta(seconds=2),
        "bids_at": NOW - timedelta(seconds=1),
        "sales_at": NOW - timedelta(minutes=12),
        "fees_at": NOW - timedelta(hours=1),
    }
    return Proof(**(defaults | values))
