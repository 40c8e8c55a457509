"""GET customized-fees (docs/exchange-api.md, Fee list): fractions as text, limits in cents."""

from decimal import ROUND_CEILING
from typing import Annotated

from pydantic import BeforeValidator, Field

from dmarket.wire.fields import Count, Name, UnixTime, UpperLimit, WireModel, to_fraction, validated
from domain.fees import DefaultFee, FeeList, ReducedFee
from domain.money import ONE, BasisPoints


def _basis_points(value: object) -> BasisPoints:
    fraction = to_fraction(value)
    bps = int((fraction * ONE).to_integral_value(rounding=ROUND_CEILING))
    if fraction < 0 or bps >= ONE:
        raise ValueError("must be a fraction from 0 to below 1")
    return bps


_Fraction = Annotated[int, BeforeValidator(_basis_points)]


class _Default(WireModel):
    bps: _Fraction = Field(alias="fraction")
    minimum: Count = Field(alias="minAmount")


class _Reduced(WireModel):
    title: Name
    bps: _Fraction = Field(alias="fraction")
    min_price: Count = Field(alias="minPrice")
    max_price: UpperLimit = Field(alias="maxPrice")
    expires_at: UnixTime = Field(alias="expiresAt")


class _Page(WireModel):
    default: _Default = Field(alias="defaultFee")
    reduced: list[_Reduced] | None = Field(alias="reducedFees")  # null where a game has none


def _row(row: _Reduced) -> ReducedFee:
    return ReducedFee(row.title, row.bps, row.min_price, row.max_price, row.expires_at)


def read_fees(endpoint: str, data: object) -> FeeList:
    """One page; fractions rounded up to basis points."""
    page = validated(endpoint, _Page, data)
    return FeeList(DefaultFee(page.default.bps, page.default.minimum), tuple(_row(row) for row in page.reduced or ()))
