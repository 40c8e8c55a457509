"""The attribute blocks of a live offer, one shape per game (docs/exchange-api.md, Offers)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sandbox.exchange.assets import Asset, exterior_of, float_part
from sandbox.exchange.market import Offer

STEAM_APPS = {"csgo": 730, "dota2": 570, "tf2": 440, "rust": 252490}
CS2_QUALITIES = ("MIL_SPEC", "RESTRICTED", "CLASSIFIED", "COVERT")
HEROES = ("axe", "juggernaut", "lina", "phantom assassin", "pudge", "sniper")
SLOTS = ("SLOT_WEAPON", "SLOT_HEAD", "SLOT_ARMS", "SLOT_SHOULDER", "SLOT_BACK")
DOTA_QUALITIES = ("Inscribed", "Exalted", "Genuine", "Autographed", "Frozen")
TF2_CLASSES = ("CLASS_SOLDIER", "CLASS_PYRO", "CLASS_SCOUT", "CLASS_SNIPER", "CLASS_ENGINEER")
TF2_QUALITIES = ("Strange", "Vintage", "Genuine", "Haunted", "Unusual", "Collector's")
EFFECTS = ("Burning Flames", "Circling Heart", "Green Confetti", "Purple Energy", "Stormy Storm")


def number_of(text: str, below: int) -> int:
    """A number that is always the same for the same text."""
    return crc32(text.encode()) % below


def enum(prefix: str, value: str) -> str:
    """`PHASE_TITLE` and `phase-2` make PHASE_TITLE_PHASE_2; no value makes UNSPECIFIED."""
    return f"{prefix}_{value.upper().replace('-', '_').replace(' ', '_') or 'UNSPECIFIED'}"


def _category(title: str) -> str:
    marks = (("StatTrak™", "STATTRACK"), ("Souvenir", "SOUVENIR"), ("★", "STAR"))
    return "CATEGORY_" + next((name for mark, name in marks if mark in title), "NORMAL")


def _cs2(title: str, asset: Asset) -> dict[str, Any]:
    name = title.partition(" (")[0]
    quality = CS2_QUALITIES[number_of(name, len(CS2_QUALITIES))]
    return {
        "category": _category(title),
        "exterior": enum("EXTERIOR", exterior_of(title)) if exterior_of(title) else "EXTERIOR_NOT_PAINTED",
        "float": asset.float_value,
        "floatPart": enum("FLOAT_PART", float_part(asset.float_value)),
        "paintSeed": asset.paint_seed,
        "paintIndex": number_of(name, 1200) if asset.float_value else 0,
        "phase": asset.phase,
        "phaseTitle": enum("PHASE_TITLE", asset.phase),
        "quality": f"QUALITY_{quality}",
        "itemType": _kind(title),
        "family": name.rpartition("| ")[2].lower(),
        "collection": "",
        "inspectInGameUri": "",
        "inspectInGameTemplateUri": "",
        "stickers": [],
        "charms": [],
        "colors": [],
        "fadePercent": "",
        "rarePattern": "RARE_PATTERN_UNSPECIFIED",
        "rareInfo": "",
        "charmPattern": 0,
        "defIndex": number_of(_kind(title), 64),
        "customName": "",
        "killEaterScoreType": 0,
        "killEaterValue": 0,
        "isProskin": False,
        "proskin": None,
    }


def _kind(title: str) -> str:
    if title.startswith("Sticker |"):
        return "sticker"
    return "knife" if title.startswith("★") else "weapon" if "|" in title else "container"


def _dota2(title: str, _asset: Asset) -> dict[str, Any]:
    return {
        "hero": HEROES[number_of(title.rpartition(" of the ")[2], len(HEROES))],
        "rarity": "rare",
        "quality": next((one for one in DOTA_QUALITIES if title.startswith(f"{one} ")), "standard").lower(),
        "slot": SLOTS[number_of(title.partition(" of the ")[0], len(SLOTS))],
        "gems": [],
    }


def _tf2(title: str, _asset: Asset) -> dict[str, Any]:
    quality = next((one for one in TF2_QUALITIES if title.startswith(one)), "Unique").upper().removesuffix("'S")
    streak = next((one for one in ("Professional", "Specialized") if f"{one} Killstreak" in title), "")
    return {
        "class": [TF2_CLASSES[number_of(title, len(TF2_CLASSES))]],
        "collection": "",
        "exterior": enum("EXTERIOR", exterior_of(title)),
        "grade": "GRADE_UNSPECIFIED",
        "quality": f"QUALITY_{quality}",
        "type": "TYPE_PRIMARY_WEAPON",
        "inspectInGameUri": "",
        "inspectInGameTemplateUri": "",
        "effect": EFFECTS[number_of(title, len(EFFECTS))] if quality == "UNUSUAL" else "",
        "spells": [],
        "paintColor": "",
        "warPaint": "",
        "isCraftable": True,
        "isFestivized": False,
        "killstreak": f"KILLSTREAK_{streak.upper() or ('BASIC' if 'Killstreak' in title else 'NONE')}",
        "isAustralium": False,
    }


def _rust(title: str, _asset: Asset) -> dict[str, Any]:
    kind = title.rpartition(" ")[2].lower()
    return {"categoryPath": f"misc/{kind}", "type": kind}


GAME_BLOCKS: dict[str, tuple[str, Callable[[str, Asset], dict[str, Any]]]] = {
    "csgo": ("cs2", _cs2),
    "dota2": ("dota2", _dota2),
    "tf2": ("tf2", _tf2),
    "rust": ("rust", _rust),
}


def unlock_date(offer: Offer) -> str | None:
    """One CS2 offer in three is under Steam's seven-day trade lock; it can be resold here all the same."""
    if not offer.asset.float_value or offer.asset.paint_seed % 3:
        return None
    return rfc3339(offer.created_at + timedelta(days=7))


def rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def asset_attributes(game: str, exchange_id: str, title: str, offer: Offer) -> dict[str, Any]:
    """The `attributes` object of a listing, the game's own block included."""
    name = title.partition(" (")[0]
    class_id, steam_id = str(number_of(title, 10**9)), str(int(offer.asset_id[:8], 16))
    slug = "-".join("".join(sign if sign.isalnum() else " " for sign in title.lower()).split())
    unlock = unlock_date(offer)
    key, block = GAME_BLOCKS[game]
    return {
        "id": offer.asset_id,
        "gameId": exchange_id,
        "gameType": "steam",
        "title": title,
        "name": name,
        "type": _kind(title) if game == "csgo" else "item",
        "categoryPath": _kind(title) if game == "csgo" else "item",
        "classId": class_id,
        "productId": f"{exchange_id}:{class_id}",
        "slug": slug,
        "itemSlug": slug,
        "imageUri": "",
        "inGameAssetId": f"0:{class_id}:{steam_id}:{STEAM_APPS[game]}",
        "steamAssetId": steam_id,
        "provider": "CPU" if offer.kind == "dmarket" else "ICS",
        "owner": offer.asset_id[-12:],
        "botId": offer.offer_id[-12:] if offer.kind == "dmarket" else "",
        "tradable": unlock is None,
        "withdrawable": unlock is None,
        **dict.fromkeys(FALSE_FLAGS, False),
        "status": "default",
        "tradeLockDays": 7 if unlock else 0,
        "tradeLockDuration": f"{7 * 86_400}s" if unlock else None,
        "unlockDate": unlock,
        "settlementTime": None,
        "revertPendingUntil": None,
        "withdrawOnlyEndTime": None,
        "backgroundColor": "",
        "nameColor": "d2d2d2",
        "description": "",
        "viewAtSteamUri": "",
        "depositor": "",
        key: block(title, offer.asset),
    }


FALSE_FLAGS = (
    "saleRestricted",
    "depositLocked",
    "overstocked",
    "sellUnavailable",
    "tradeProtectionRemoved",
    "withdrawalState8",
)
