"""Floats, patterns and phases of single items."""

from decimal import Decimal
from random import Random

import pytest

from sandbox.exchange.assets import Asset, draw_asset, exterior_of, float_part


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("0.0000000000000000", "FN-0"),
        ("0.0699999999999999", "FN-6"),
        ("0.0700000000000000", "MW-0"),
        ("0.1499999999999999", "MW-4"),
        ("0.2356003224849701", "FT-2"),
        ("0.3799999999999999", "FT-4"),
        ("0.4200000000000000", "WW-4"),
        ("0.4500000000000000", "BS-0"),
        ("0.9999999999999999", "BS-4"),
        ("", ""),
    ],
)
def test_a_float_falls_into_its_bucket(value: str, part: str) -> None:
    """Lower ends inclusive, as in the table of docs/exchange-api.md, Variants."""
    assert part == float_part(value)


@pytest.mark.parametrize(
    ("exterior", "low", "high"),
    [("Factory New", "0.01", "0.07"), ("Field-Tested", "0.15", "0.38"), ("Battle-Scarred", "0.45", "1")],
)
def test_a_drawn_float_fits_the_exterior(exterior: str, low: str, high: str) -> None:
    """Every time, and never a premium one below 0.01."""
    title, rng = f"AK-47 | Redline ({exterior})", Random(1)

    floats = [Decimal(draw_asset("csgo", title, rng).float_value) for _ in range(200)]

    assert Decimal(low) <= min(floats)
    assert max(floats) < Decimal(high)


def test_only_dopplers_have_a_phase() -> None:
    """One of the four plain ones, or the one asked for."""
    doppler, rng = "★ Karambit | Doppler (Factory New)", Random(1)

    phases = {draw_asset("csgo", doppler, rng).phase for _ in range(100)}

    assert {"phase-1", "phase-2", "phase-3", "phase-4"} == phases
    assert draw_asset("csgo", doppler, rng, "ruby").phase == "ruby"
    assert not draw_asset("csgo", "AK-47 | Redline (Field-Tested)", rng).phase


@pytest.mark.parametrize(
    ("game", "title"), [("rust", "Tempered AK47"), ("csgo", "Clutch Case"), ("tf2", "Bat (Well-Worn)")]
)
def test_items_without_a_float_are_all_alike(game: str, title: str) -> None:
    """Cases, stickers and other games' items carry no attributes."""
    assert Asset() == draw_asset(game, title, Random(1))


def test_the_exterior_is_read_off_the_end() -> None:
    """Other brackets are no exterior."""
    assert exterior_of("AK-47 | Redline (Field-Tested)") == "Field-Tested"
    assert not exterior_of("Sticker | NiKo (Holo) | Paris 2023")
    assert not exterior_of("★ Karambit")
