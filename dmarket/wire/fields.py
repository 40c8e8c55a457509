"""How single values are written on the wire, and validation that names what is wrong.

Integers come as strings or bare numbers, money in several forms (docs/exchange-api.md, Values on the wire). A
validator raises ValueError; `validated` turns that into Malformed.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from dmarket.errors import Malformed

_INTEGER = re.compile(r"-?[0-9]{1,15}")
_DOLLARS = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?")
_DECIMAL = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,40})?")
_EXPONENTS = range(-40, 16)  # beyond them a number overflows or expands into gigabytes of digits
_MONEY_DIGITS = 20  # with these the decimal context's 28 digits make every step to cents exact
_FLOAT_DIGITS = 40  # an item's float may be written out in full


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


def _number(value: object, text: re.Pattern[str], digits: int = _MONEY_DIGITS) -> Decimal:
    """A number as JSON's int or Decimal, or as `text`, of at most so many digits."""
    written = isinstance(value, str) and text.fullmatch(value)
    bare = isinstance(value, int | Decimal) and not isinstance(value, bool)
    number = Decimal(str(value)) if written or bare else Decimal("NaN")
    if not number.is_finite():
        raise ValueError("must be a number, as text or bare")
    if number.adjusted() not in _EXPONENTS or len(number.as_tuple().digits) > digits:
        raise ValueError("must be a number of a sensible size")
    return number


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise ValueError("must have no smaller part")
    return int(number)


def to_int(value: object) -> int:
    """An integer written as text or number."""
    return _whole(_number(value, _INTEGER))


def dollars_to_cents(value: object) -> int:
    """Dollars with at most two decimals, as text or number, in cents."""
    return _whole(_number(value, _DOLLARS) * 100)


def to_fraction(value: object) -> Decimal:
    """A share of 1 as text or number, short enough to calculate with exactly."""
    return _number(value, _DECIMAL)


def to_item_float(value: object) -> Decimal:
    """An item's wear as text or number."""
    return _number(value, _DECIMAL, _FLOAT_DIGITS)


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
OptionalFloat = Annotated[Decimal | None, optional(to_item_float)]
OptionalInteger = Annotated[int | None, optional(to_int)]
Text = Annotated[str, BeforeValidator(_text)]
Flag = Annotated[bool, BeforeValidator(_flag)]
