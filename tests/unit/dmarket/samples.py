"""Answers of the exchange as its documents show them; a test changes what it is about."""

from typing import Any

Json = dict[str, Any]


def offer_row(**changes: object) -> Json:
    """One row of v2/offers; `attributes` and `cs2` are merged into the sample's, anything else replaces."""
    cs2 = {
        "float": "0.2356003224849701",
        "paintSeed": 661,
        "phase": "",
        "phaseTitle": "PHASE_TITLE_UNSPECIFIED",
        "rarePattern": "RARE_PATTERN_UNSPECIFIED",
        "rareInfo": "",
        "stickers": [],
        **changes.pop("cs2", {}),  # type: ignore[dict-item]  # a test passes a dict
    }
    attributes = {
        "title": "AK-47 | Redline (Field-Tested)",
        "overstocked": False,
        "saleRestricted": False,
        "sellUnavailable": False,
        "unlockDate": None,
        "cs2": cs2,
        **changes.pop("attributes", {}),  # type: ignore[dict-item]  # a test passes a dict
    }
    return {
        "offerId": "c3d4e5f6-a7b8-4012-8def-345678901234",
        "priceCents": "1599",
        "createdAt": "2026-07-01T10:15:30.123Z",
        "locked": False,
        "discountPercent": 12.5,
        "offerType": "dmarket",
        "attributes": attributes,
        **changes,
    }


def price_row(**changes: object) -> Json:
    return {
        "title": "AK-47 | Redline (Field-Tested)",
        "orderBestPrice": {"Currency": "USD", "Amount": "1420"},
        "orderCount": "63",
        "offerBestPrice": {"Currency": "USD", "Amount": "1599"},
        "offerCount": "128",
        **changes,
    }


def sale_row(**changes: object) -> Json:
    return {
        "price": "15.50",
        "date": "1784133449",
        "txOperationType": "Offer",
        "offerAttributes": {"floatValue": "0.2356", "paintSeed": 661, "phaseTitle": None, "rareInfo": ""},
        "orderAttributes": {},
        **changes,
    }


def bid_row(**changes: object) -> Json:
    attributes = {"floatPartValue": "any", "paintSeed": "any", "phase": "any"}
    title = "★ Karambit | Doppler (Factory New)"
    return {"amount": "14", "price": "98000", "title": title, "attributes": attributes, **changes}


def fee_row(**changes: object) -> Json:
    return {
        "title": "AK-47 | Redline (Field-Tested)",
        "fraction": "0.02",
        "minPrice": 50,
        "maxPrice": 100000,
        "expiresAt": 1784246400,
        **changes,
    }


def fee_list(*rows: Json, **default: object) -> Json:
    return {"defaultFee": {"fraction": "0.10", "minAmount": 1, **default}, "reducedFees": list(rows)}
