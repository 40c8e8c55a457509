"""State turned into JSON; money units are decided here (docs/exchange-api.md, Values on the wire)."""

from datetime import datetime
from typing import Any

import orjson

from sandbox.exchange.assets import exterior_of, has_phases
from sandbox.exchange.attributes import asset_attributes, enum, rfc3339
from sandbox.exchange.fees import MINIMUM_FEE, FeeTable, ReducedFee
from sandbox.exchange.market import Bid, GameMarket, Listing, Offer, Sale


def dollars(cents: int) -> str:
    """1550 cents as `15.50`."""
    return f"{cents // 100}.{cents % 100:02d}"


def fraction(bps: int) -> str:
    """Basis points as the fee list spells them: `0.10`, `0.025`, `0`."""
    text = f"0.{bps:04d}".rstrip("0")
    return text.ljust(4, "0") if bps else "0"


def _cents(amount: int) -> dict[str, str]:
    return {"Currency": "USD", "Amount": str(amount)}


def aggregated_row(listing: Listing, include_p2p: bool) -> dict[str, Any]:
    """Cents as strings. Without bids the price object is null, without offers it is zero: both occur live."""
    quote = listing.quote(include_p2p)
    return {
        "title": listing.title,
        "orderBestPrice": None if quote.bid is None else _cents(quote.bid),
        "orderCount": str(quote.bids),
        "offerBestPrice": _cents(quote.ask or 0),
        "offerCount": str(quote.asks),
    }


def discount(price: int, fair: int) -> float:
    """Percent below the fair price with one decimal, 0 at or above it."""
    return max(0, (fair - price) * 1000 // fair) / 10


def offer_item(market: GameMarket, listing: Listing, offer: Offer) -> dict[str, Any]:
    return {
        "offerId": offer.offer_id,
        "priceCents": str(offer.price),
        "createdAt": rfc3339(offer.created_at),
        "locked": offer.locked,
        "discountPercent": discount(offer.price, listing.floor),
        "offerType": offer.kind,
        "attributes": asset_attributes(market.game.key, market.game.exchange_id, listing.title, offer),
    }


def target_row(market: GameMarket, title: str, bid: Bid) -> dict[str, Any]:
    """One bid; an attribute appears only where the title has that filter."""
    attributes = {}
    if market.game.key == "csgo" and exterior_of(title):
        attributes = {"floatPartValue": bid.float_part, "paintSeed": bid.paint_seed}
        if has_phases(title):
            attributes["phase"] = bid.phase
    return {"amount": str(bid.amount), "price": str(bid.price), "title": title, "attributes": attributes}


def sale_row(game: str, sale: Sale) -> dict[str, Any]:
    """Dollars as a string with two decimals, unix seconds as a string."""
    asset, attributes = sale.asset, dict[str, Any]()
    if game == "dota2":
        attributes = {"gems": []}
    elif asset.float_value:
        attributes = {
            "floatValue": orjson.Fragment(asset.float_value),
            "paintSeed": asset.paint_seed,
            "phaseTitle": enum("PHASE_TITLE", asset.phase) if asset.phase else None,
            "rareInfo": "",
            "stickers": [],
            "charms": [],
            "charmPattern": None,
        }
    return {
        "price": dollars(sale.price),
        "date": str(int(sale.at.timestamp())),
        "txOperationType": sale.operation,
        "offerAttributes": attributes,
        "orderAttributes": {"isAdvanced": False, "rareInfo": ""} if sale.operation == "Target" else {},
    }


def _reduced_row(row: ReducedFee) -> dict[str, Any]:
    return {
        "title": row.title,
        "fraction": fraction(row.bps),
        "minPrice": row.min_price,
        "maxPrice": row.max_price,
        "expiresAt": int(row.expires_at.timestamp()),
    }


def fee_list(fees: FeeTable, rows: list[ReducedFee]) -> dict[str, Any]:
    return {
        "defaultFee": {"fraction": fraction(fees.default_bps), "minAmount": MINIMUM_FEE},
        "reducedFees": [_reduced_row(row) for row in rows],
    }


BALANCE = {
    "usd": "1000000",
    "usdAvailableToWithdraw": "950000",
    "dmc": "0",
    "dmcAvailableToWithdraw": "0",
    "usdTradeProtected": "50000",
}


def user_account(public_key: str, now: datetime) -> dict[str, Any]:
    """One account's profile (docs/exchange-api.md, Account)."""
    return {
        "id": public_key[:32],
        "username": f"sandbox-{public_key[:8]}",
        "email": "sandbox@example.invalid",
        "isEmailVerified": True,
        "isPasswordSet": True,
        "imageUrl": "",
        "level": 1,
        "countryCode": "NL",
        "countryCodeFromIP": "NL",
        "publicKey": public_key,
        "regType": "steam",
        "migrated": True,
        "hasActiveSubscriptions": False,
        "hasHistoryEvents": True,
        "ga_client_id": "",
        "features": [],
        "linkedGames": [],
        "restrictions": [],
        "agreementsInfo": {"isConfirmed": True, "updated": int(now.timestamp())},
        "steamAccount": {"steamId": "76561190000000000", "username": "sandbox", "isProfilePrivate": False, "level": 1},
        "twitchAccount": {},
        "settings": {
            "targetsLimit": 500,
            "tradingApiToken": "",
            "enabledDeviceConfirmation": False,
            "isSubscribedToNewsletters": False,
        },
    }
