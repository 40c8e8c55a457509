"""Steam market hash names after the games' own grammar (docs/exchange-api.md, Games and titles)."""

from collections.abc import Callable, Iterable
from itertools import product
from random import Random

from sandbox.exchange import words

DOPPLERS = tuple(f"★ {knife} | Doppler (Factory New)" for knife in words.KNIVES)
VANILLA = tuple(f"★ {knife}" for knife in words.KNIVES)


def _csgo() -> Iterable[str]:
    """CS2 names; Doppler phases are attributes and never part of one."""
    for weapon, skin, exterior in product(words.WEAPONS, words.SKINS, words.EXTERIORS):
        yield f"{weapon} | {skin} ({exterior})"
        yield f"StatTrak™ {weapon} | {skin} ({exterior})"
    for weapon, skin, exterior in product(words.WEAPONS, words.SKINS[23:48], words.EXTERIORS):
        yield f"Souvenir {weapon} | {skin} ({exterior})"
    for knife, finish, exterior in product(words.KNIVES, words.FINISHES, words.EXTERIORS):
        yield f"★ {knife} | {finish} ({exterior})"
        yield f"★ StatTrak™ {knife} | {finish} ({exterior})"
    yield from VANILLA
    yield from DOPPLERS
    for glove, finish, exterior in product(words.GLOVES, words.GLOVE_FINISHES, words.EXTERIORS):
        yield f"★ {glove} | {finish} ({exterior})"
    for name, finish, event in product(words.STICKERS, words.STICKER_FINISHES, words.EVENTS):
        yield f"Sticker | {name}{finish} | {event}"
    yield from (f"{name} Case" for name in words.CASES)


def _dota2() -> Iterable[str]:
    parts = product(words.DOTA_QUALITIES, words.HERO_ITEMS, words.EPITHETS)
    return (f"{quality}{item} of the {epithet}" for quality, item, epithet in parts)


def _tf2() -> Iterable[str]:
    for quality, streak, weapon in product(words.TF2_QUALITIES, words.KILLSTREAKS, words.TF2_WEAPONS):
        yield f"{quality}{streak}{weapon}"
    for quality, style, hat in product(words.TF2_QUALITIES, words.HAT_STYLES, words.HATS):
        yield f"{quality}{style} {hat}"
    for paint, weapon, exterior in product(words.WAR_PAINTS, words.TF2_WEAPONS, words.EXTERIORS):
        yield f"{paint} {weapon} ({exterior})"


def _rust() -> Iterable[str]:
    return (f"{style} {item}" for style, item in product(words.RUST_STYLES, words.RUST_ITEMS))


GRAMMARS: dict[str, Callable[[], Iterable[str]]] = {"csgo": _csgo, "dota2": _dota2, "tf2": _tf2, "rust": _rust}
INDISPENSABLE = {"csgo": frozenset(DOPPLERS + VANILLA)}  # plants and traps need them however few titles are asked for


def draw_titles(game: str, count: int, rng: Random) -> list[str]:
    """`count` distinct titles of one game key, sorted. ValueError where the grammar holds fewer."""
    everything = list(dict.fromkeys(GRAMMARS[game]()))
    if count > len(everything):
        raise ValueError(f"{game} has {len(everything)} titles to offer, {count} were asked for")
    if not count:
        return []
    always: frozenset[str] = INDISPENSABLE.get(game, frozenset())
    rest = [title for title in everything if title not in always]
    return sorted([*always, *rng.sample(rest, count - len(always))])
