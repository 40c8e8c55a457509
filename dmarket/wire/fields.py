"""How single values are written on the wire, and validation that names what is wrong.

Integers come as strings or bare numbers (protobuf JSON), money in several forms (dmarket-api.md §0). A validator raises
ValueError; `validated` turns that into Malformed.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from dmarket.errors import Malformed

_INTEGER = re.compile(r"-?[0-9]{1,15}")
_DOLLARS = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")
_FRACTION = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,30})?")
_DIGITS = 15  # before the point; a larger exponent would expand into gigabytes of digits


class WireModel(BaseModel):
    """Fields that are not ours are ignored: the exchange may add some."""

    model_config = ConfigDict(extra="ignore", frozen=True)


M = TypeVar("M", bound=WireModel)
T = TypeVar("T")


def validated(endpoint: str, model: type[M], data: object) -> M:
    """`data` as `model`; Malformed naming the first field that is missing or reshaped."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise Malformed(endpoint, f"{where}: {first['msg']}") from error


def _whole(value: Decimal) -> int:
    if not value.is_finite() or value.adjusted() > _DIGITS or value != value.to_integral_value():
        raise ValueError("must be a whole number")
    return int(value)


def to_int(value: object) -> int:
    """An integer written as text or number."""
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**_DIGITS:
        return value
    if isinstance(value, Decimal):
        return _whole(value)
    raise ValueError("must be a whole number, as text or number")


def dollars_to_cents(value: object) -> int:
    """Dollars with at most two decimals, as text or number, in cents."""
    if isinstance(value, str) and _DOLLARS.fullmatch(value):
        return _whole(Decimal(value) * 100)
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return _whole(Decimal(value) * 100)
    raise ValueError('must be dollars with at most two decimals, like "15.50"')


def to_decimal(value: object) -> Decimal:
    """A plain decimal number as text or number, such as a float or a fee fraction."""
    if isinstance(value, str) and _FRACTION.fullmatch(value):
        return Decimal(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= _DIGITS:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise ValueError("must be a decimal number, as text or number")


def to_time(value: object) -> datetime:
    """Unix seconds, as text or number, in UTC."""
    try:
        return datetime.fromtimestamp(to_int(value), UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("must be unix seconds") from error


def to_timestamp(value: object) -> datetime:
    """RFC 3339 text in UTC."""
    if not isinstance(value, str):
        raise ValueError("must be an RFC 3339 time")  # noqa: TRY004 - pydantic reports ValueError, not TypeError
    at = datetime.fromisoformat(value)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def positive(value: int) -> int:
    if value <= 0:
        raise ValueError("must be above zero")
    return value


def not_negative(value: int) -> int:
    if value < 0:
        raise ValueError("must not be negative")
    return value


def optional(parse: Callable[[object], T]) -> BeforeValidator:
    """Null and "" mean that there is none."""
    return BeforeValidator(lambda value: None if value is None or value == "" else parse(value))


def _text(value: object) -> object:
    return "" if value is None else value


def _flag(value: object) -> object:
    return False if value is None else value


Integer = Annotated[int, BeforeValidator(to_int)]
Count = Annotated[int, BeforeValidator(lambda value: not_negative(to_int(value)))]
CountOrNone = Annotated[int, BeforeValidator(lambda value: 0 if value is None else not_negative(to_int(value)))]
PriceInCents = Annotated[int, BeforeValidator(lambda value: positive(to_int(value)))]
PriceInDollars = Annotated[int, BeforeValidator(lambda value: positive(dollars_to_cents(value)))]
UnixTime = Annotated[datetime, BeforeValidator(to_time)]
OptionalTimestamp = Annotated[datetime | None, optional(to_timestamp)]
OptionalDecimal = Annotated[Decimal | None, optional(to_decimal)]
OptionalInteger = Annotated[int | None, optional(to_int)]
Text = Annotated[str, BeforeValidator(_text)]
Flag = Annotated[bool, BeforeValidator(_flag)]
