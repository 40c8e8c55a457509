"""The keys that encrypt secrets in the database, and how a secret is sealed with them.

A token is `v1.KEYID.TEXT`: TEXT is URL-safe base64 of 12 random bytes and what AES-256-GCM makes of the secret, with
its tag of 16 bytes. Version, key id and the place of the secret are authenticated with it, so a token that was moved
to another row or column does not open.
"""

import base64
import binascii
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12  # random ones: one key is good for 2^32 secrets (NIST SP 800-38D, 8.3)
TAG_BYTES = 16
MAKE = "`celery -A worker keys generate` makes one"
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret is kept: a table, the primary key of the row, a column."""

    table: str
    row: str
    column: str


class SealError(Exception):
    """A token does not open with this ring; the text says why, without token and secret. It never will by itself."""

    permanent = True


@dataclass(frozen=True, slots=True)
class Ring:
    """Keys by id; the first one seals, each opens what it sealed."""

    keys: Mapping[str, bytes] = field(repr=False)

    @property
    def first(self) -> str:
        """The id of the key that seals; LookupError in an empty ring."""
        try:
            return next(iter(self.keys))
        except StopIteration:
            raise LookupError("the ring holds no key") from None

    def seal(self, secret: str, place: Place) -> str:
        """A token that opens at this place alone."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.first]).encrypt(nonce, secret.encode(), _bound(self.first, place))
        return f"{VERSION}.{self.first}.{base64.urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"

    def open(self, token: str, place: Place) -> str:
        """The secret in a token; SealError where it does not open."""
        key_id, nonce, sealed = _parts(token)
        if key_id not in self.keys:
            raise SealError(f"ENCRYPTION_KEYS has no key {key_id}")
        try:
            return AESGCM(self.keys[key_id]).decrypt(nonce, sealed, _bound(key_id, place)).decode()
        except InvalidTag:
            raise SealError(
                f"it does not open with key {key_id}: another key of that id, another row's token, or a damaged one"
            ) from None


def key_of(token: str) -> str:
    """The id of the key that sealed a token; SealError where it is none."""
    return _parts(token)[0]


def ring_in(text: str) -> Ring:
    """The ring in `ID:KEY,ID:KEY` (also by line ends); ValueError with a sentence about the first wrong entry."""
    entries = [part.strip() for part in re.split(r"[,\r\n]", text) if part.strip()]
    keys: dict[str, bytes] = {}
    for position, entry in enumerate(entries):
        name = f"entry {position + 1} of {len(entries)}"
        key_id, colon, written = entry.partition(":")
        if not colon or not _ID.fullmatch(key_id):
            raise ValueError(f"{name} must be ID:KEY, the id 1 to 32 of A-Z a-z 0-9 _ - ({MAKE})")
        key = _key(written.strip())
        if key is None:
            raise ValueError(f"{name}: its key must be {KEY_BYTES} bytes in base64, 44 characters ({MAKE})")
        if key_id in keys:
            raise ValueError(f"{name} has the id of another entry: give each key an id of its own")
        if key in keys.values():
            raise ValueError(f"{name} has the key of another entry: a new id needs a new key ({MAKE})")
        keys[key_id] = key
    return Ring(keys)


def written_keys(text: str) -> list[str]:
    """The keys as they stand in the text, for whoever must not show them."""
    return [entry.partition(":")[2].strip() for entry in re.split(r"[,\r\n]", text) if ":" in entry]


def generate(key_id: str) -> str:
    """A new entry for a ring; ValueError where the id cannot be one."""
    if not _ID.fullmatch(key_id):
        raise ValueError("the id must be 1 to 32 of A-Z a-z 0-9 _ -")
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def _key(written: str) -> bytes | None:
    try:
        key = base64.b64decode(written.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def _parts(token: str) -> tuple[str, bytes, bytes]:
    """Key id, nonce, and what was made of the secret."""
    parts = token.split(".")
    if len(parts) != len(("version", "key", "text")) or parts[0] != VERSION or not _ID.fullmatch(parts[1]):
        raise SealError(f"it is no token: one begins with {VERSION}. and the id of its key")
    try:
        raw = base64.b64decode(parts[2] + "=" * (-len(parts[2]) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise SealError("the token is damaged: its last part is not base64") from None
    if len(raw) < NONCE_BYTES + TAG_BYTES:
        raise SealError("the token is cut short")
    return parts[1], raw[:NONCE_BYTES], raw[NONCE_BYTES:]


def _bound(key_id: str, place: Place) -> bytes:
    """What is authenticated beside the secret; JSON, so that no two places give the same bytes."""
    return json.dumps([VERSION, key_id, place.table, place.row, place.column]).encode()
