"""An independent reading of an answer: plain dictionaries, literals as they were written, no code of the client."""

import json
import re
from fractions import Fraction
from math import ceil
from typing import Any

_EXACT = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,2})?")


class Bare(str):
    """A number as it was written, without quotes."""

    __slots__ = ()


def parse(body: bytes) -> Any:
    """The whole document; ValueError or RecursionError where it is none."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    return json.loads(body, parse_int=Bare, parse_float=Bare, parse_constant=refuse)


def rows(document: Any, key: str) -> list[dict[str, Any]]:
    """The objects in a list of the document."""
    found = document.get(key) if isinstance(document, dict) else None
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def inner(row: Any, *path: str) -> Any:
    """What lies at a path of keys, None where it ends before."""
    for key in path:
        row = row.get(key) if isinstance(row, dict) else None
    return row


def number(value: Any, text: str) -> Fraction | None:
    """A bare number, or a text of this pattern."""
    if isinstance(value, Bare):
        return Fraction(value) if _EXACT.fullmatch(value) else None
    return Fraction(value) if isinstance(value, str) and re.fullmatch(text, value) else None


def whole(value: Any) -> int | None:
    """A whole number written without decimals: cents and counts."""
    if isinstance(value, Bare) and "." in value and "e" not in value.lower():
        return None
    found = number(value, "-?[0-9]{1,15}")
    return int(found) if found is not None and found.denominator == 1 else None


def dollars(value: Any) -> int | None:
    """Dollars as cents."""
    found = number(value, r"-?[0-9]{1,13}(\.[0-9]{1,2})?")
    return int(found * 100) if found is not None and (found * 100).denominator == 1 else None


def share(value: Any) -> int | None:
    """A fraction of 1 as basis points, rounded up."""
    found = number(value, r"-?[0-9]{1,13}(\.[0-9]{1,40})?")
    return None if found is None else ceil(found * 10_000)


def nothing(value: Any) -> bool:
    return value is None or value == ""


def free(attributes: Any) -> bool:
    """A bid's attributes ask for nothing."""
    values = attributes.values() if isinstance(attributes, dict) else ()
    return all(value is None or str(value).strip().lower() in {"", "any"} for value in values)
