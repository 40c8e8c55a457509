"""How single values are written on the wire, and validation that names what is wrong.

Integers come as strings or bare numbers, money in several forms (docs/exchange-api.md, Values on the wire). A
validator raises ValueError; `validated` turns that into Malformed. What passes here can be stored: numbers fit an
integer column, texts an index.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dmarket.errors import Malformed

_DIGITS = 15
_SMALL = 9  # digits of a number that is certainly below LARGEST
_INTEGER = re.compile(rf"-?[0-9]{{1,{_DIGITS}}}")
_DOLLARS = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?")
_DECIMAL = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,40})?")
_EXPONENTS = range(-40, 16)  # beyond them a number overflows or expands into gigabytes of digits
_MONEY_DIGITS = 20  # with these the decimal context's 28 digits make every step to cents exact
_FLOAT_DIGITS = 40  # an item's float may be written out in full
LARGEST = 2**31 - 1  # what an integer column holds; as a price, 21 million dollars
LONGEST_NAME = 500  # characters; 2,000 bytes at most, and an index takes 2,700
LONGEST_WORD = 100  # of which three make one key of an index
LONGEST_CURSOR = 4000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # JSON can spell them, no database text can hold them


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
        # a key of the answer may stand there, whatever it is made of
        where = ascii(".".join(str(part) for part in first["loc"]))[1:-1] or "the answer"
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
    """An integer written as text or number. One with decimals is refused, a bare 12.00 too: dollars look like that."""
    if isinstance(value, str) and len(value) <= _DIGITS and value.isascii() and value.isdecimal():
        return int(value)
    if isinstance(value, Decimal) and "." in str(value):
        raise ValueError("must be written without decimals")
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
    try:
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:  # the first and last day of the calendar, seen from another zone
        raise ValueError("must be an RFC 3339 time") from error


def to_count(value: object) -> int:
    """An integer from 0 to LARGEST, written as text or number."""
    if isinstance(value, str) and len(value) <= _SMALL and value.isascii() and value.isdecimal():
        return int(value)  # how nearly all of them come; a page of prices has four hundred
    return storable(not_negative(to_int(value)))


def positive(value: int) -> int:
    if value <= 0:
        raise ValueError("must be above zero")
    return value


def not_negative(value: int) -> int:
    if value < 0:
        raise ValueError("must not be negative")
    return value


def storable(value: int) -> int:
    if value > LARGEST:
        raise ValueError(f"must not be above {LARGEST}")
    return value


def readable(value: str) -> str:
    """Refuses NUL and halves of characters."""
    if _UNSTORABLE.search(value):
        raise ValueError("must be text without NUL and half characters")
    return value


def optional(parse: Callable[[object], T]) -> BeforeValidator:
    """Null and "" mean that there is none."""
    return BeforeValidator(lambda value: None if value is None or value == "" else parse(value))


def _text(value: object) -> object:
    return "" if value is None else value


def _flag(value: object) -> object:
    return False if value is None else value


Readable = AfterValidator(readable)
Integer = Annotated[int, BeforeValidator(to_int)]
Count = Annotated[int, BeforeValidator(to_count)]
CountOrNone = Annotated[int, BeforeValidator(lambda value: 0 if value is None else to_count(value))]
UpperLimit = Annotated[int, BeforeValidator(lambda value: min(LARGEST, not_negative(to_int(value))))]
PriceInCents = Annotated[int, BeforeValidator(lambda value: storable(positive(to_int(value))))]
PriceInDollars = Annotated[int, BeforeValidator(lambda value: storable(positive(dollars_to_cents(value))))]
UnixTime = Annotated[datetime, BeforeValidator(to_time)]
OptionalTimestamp = Annotated[datetime | None, optional(to_timestamp)]
OptionalFloat = Annotated[Decimal | None, optional(to_item_float)]
OptionalInteger = Annotated[int | None, optional(to_int)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), Readable]
Text = Annotated[str, BeforeValidator(_text), Readable]
Word = Annotated[Text, Field(max_length=LONGEST_WORD)]
Cursor = Annotated[Text, Field(max_length=LONGEST_CURSOR)]
Flag = Annotated[bool, BeforeValidator(_flag)]
