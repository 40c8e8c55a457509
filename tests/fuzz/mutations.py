"""Ways to damage an answer: in its tree and in its bytes. Everything is drawn from the generator that is given."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Place = tuple[Any, Any]  # a container and the key or index in it
TreeStep = Callable[[Random, Any], None]
ByteStep = Callable[[Random, bytes], bytes]

RAW = "@raw:"  # a text that becomes the number behind it, however odd, when the tree is written out
NUMBERS = (
    "0", "-1", "1.0", "12.34", "12.345", "-0", "1e3", "1E5", "1e-7", "1e400", "1e9999999999999999999", "2147483647",
    "2147483648", "9223372036854775808", "999999999999999", "1" * 400, "1" * 5000, "0.1" + "0" * 60 + "1",
)  # fmt: skip
TEXTS = (
    "", " ", "0", "-1", "NaN", "Infinity", "1e5", "0x10", " 15", "15 ", "+15", "1_0", "٣", "１２", "12.34", "12,34",
    "1.2.3", "00012", "99999999999999999999", "2147483648", "null", "any", "EUR", "usd", "DMC", "p2p",
    "PHASE_TITLE_RUBY", "phase-2", "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "a\0b",
    "\ud83d", "\u202egpj",
    "<b>&", "x" * 600, "★ Karambit | Doppler (Factory New)", "AK-47 | Redline (Field-Tested)", "\x1b[2J",
)  # fmt: skip
KEYS = ("Amount", "amount", "price", "priceCents", "title", "Title", "items", "orders", "sales", "cursor", "\ud800", "")
LITERALS = (b"NaN", b"-Infinity", b"1e9999999999999999999", b'"\\ud800"', b"[" * 3000 + b"]" * 3000, b"'x'", b"01")


def places(node: Any) -> Iterator[Place]:
    """Every place in a tree, the root apart."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from places(node[key])


def some_value(rng: Random, root: Any) -> Any:
    """A leaf, a container, or a copy of any other part of the answer."""
    container, key = _place(rng, root)
    if key is not None and rng.randrange(6) == 0:
        return copy.deepcopy(container[key])
    simple: tuple[Any, ...] = (None, True, False, [], {}, [[]], {"Amount": "1", "Currency": "USD"})
    return rng.choice((rng.choice(simple), RAW + rng.choice(NUMBERS), rng.choice(TEXTS)))


def _place(rng: Random, root: Any) -> Place:
    found = list(places(root))
    return rng.choice(found) if found else (root, None)


def replace(rng: Random, root: Any) -> None:
    container, key = _place(rng, root)
    if key is not None:
        container[key] = some_value(rng, root)


def remove(rng: Random, root: Any) -> None:
    container, key = _place(rng, root)
    if key is not None:
        del container[key]


def rename(rng: Random, root: Any) -> None:
    container, key = _place(rng, root)
    if isinstance(container, dict) and key is not None:
        spelling = rng.choice((str(key).lower(), str(key).upper(), f"{key} ", f"{key}V2", rng.choice(KEYS)))
        container[spelling] = container.pop(key)


def add(rng: Random, root: Any) -> None:
    """A field nobody knows, or a row once more."""
    container, key = _place(rng, root)
    if isinstance(container, dict):
        container[rng.choice(KEYS)] = some_value(rng, root)
    elif isinstance(container, list) and key is not None:
        container.append(copy.deepcopy(container[key]))


def exchange_values(rng: Random, root: Any) -> None:
    """Two places change their values, as when a server mixes rows up."""
    one, other = _place(rng, root), _place(rng, root)
    if one[1] is None or other[1] is None:
        return
    first, second = copy.deepcopy(one[0][one[1]]), copy.deepcopy(other[0][other[1]])
    one[0][one[1]] = second
    container, key = other
    if key in container if isinstance(container, dict) else key < len(container):
        container[key] = first


def slip(rng: Random, root: Any) -> None:
    """A number in another unit or spelling, or one that went wrong by a digit."""
    numeric = [(box, key) for box, key in places(root) if re.fullmatch(r"-?\d+(\.\d+)?", str(box[key]))]
    if not numeric:
        return
    container, key = rng.choice(numeric)
    text = str(container[key])
    whole = text.partition(".")[0]
    spellings = (
        f"{whole[:-2] or 0}.{whole[-2:]:0>2}", f"{whole}.00", whole + "00", f"-{text}", f"+{text}", f" {text}",
        f"0{text}", f"{text}e2", text.replace(".", ","), f"{text}0", f"{text}.5", f"${text}", whole[:-1], whole * 3,
        f"{text}\n",
    )  # fmt: skip
    chosen = rng.choice(spellings)
    container[key] = RAW + chosen if rng.random() < 0.3 and re.fullmatch(r"-?\d+(\.\d+)?(e2)?", chosen) else chosen


TREE_STEPS: tuple[TreeStep, ...] = (replace, replace, remove, rename, add, exchange_values, slip, slip)


def written(rng: Random, root: Any) -> bytes:
    """The tree as JSON with its odd numbers."""
    text = json.dumps(root, ensure_ascii=rng.random() < 0.5)
    text = re.sub(rf'"{RAW}([^"]*)"', lambda found: found[1], text)
    return text.encode("utf-8", "surrogatepass")


def cut(rng: Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def flip(rng: Random, body: bytes) -> bytes:
    if not body:
        return body
    where = rng.randrange(len(body))
    return body[:where] + bytes([rng.randrange(256)]) + body[where + 1 :]


def insert(rng: Random, body: bytes) -> bytes:
    where = rng.randrange(len(body) + 1)
    return body[:where] + rng.choice((b"\0", b"\xff", b",", b"}", b'"', b"\xef\xbb\xbf", *LITERALS)) + body[where:]


def literal(rng: Random, body: bytes) -> bytes:
    """One value becomes something that is no JSON or an odd one."""
    found = list(re.finditer(rb'(?<=: )("[^"]*"|-?[\d.]+|null|true|false)', body))
    if not found:
        return body
    one = rng.choice(found)
    return body[: one.start()] + rng.choice(LITERALS) + body[one.end() :]


def double_key(rng: Random, body: bytes) -> bytes:
    """The same key twice in one object, with another value first."""
    found = list(re.finditer(rb'"\w+": (?="|\d|null)', body))
    if not found:
        return body
    one = rng.choice(found)
    return body[: one.start()] + one[0] + rng.choice((b'"1"', b"1", b"null", b'"x"')) + b", " + body[one.start() :]


def encode(rng: Random, body: bytes) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1", "cp037")), "replace")


def another(rng: Random, body: bytes) -> bytes:
    """Not the answer at all."""
    bodies = (
        b"",
        b" \n",
        b"null",
        b"[]",
        b"{}",
        b"0",
        b'"ok"',
        b"<html>",
        body + body,
        b"[" * 100_000,
        b"\x1f\x8b" + body,
    )
    return rng.choice(bodies)


BYTE_STEPS: tuple[ByteStep, ...] = (cut, flip, insert, literal, literal, double_key, double_key, encode, another)
