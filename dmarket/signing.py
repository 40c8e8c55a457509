"""Request signing with Ed25519 (docs/exchange-api.md, Signing)."""

import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_PUBLIC = re.compile(r"[0-9a-f]{64}")
_SECRET = re.compile(r"[0-9a-f]{64}([0-9a-f]{64})?")


@dataclass(frozen=True, slots=True)
class Credentials:
    """One account's API keys: 64 hex digits, and 128 as the site shows them (seed, then public key) or the seed alone.

    Raises ValueError when they are not that or do not belong together.
    """

    public_key: str
    secret_key: str = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "public_key", self.public_key.strip().lower())
        object.__setattr__(self, "secret_key", self.secret_key.strip().lower())
        if not _PUBLIC.fullmatch(self.public_key):
            raise ValueError(f"the public key must be 64 hex digits, not {len(self.public_key)} characters")
        if not _SECRET.fullmatch(self.secret_key):
            raise ValueError(f"the secret key must be 128 or 64 hex digits, not {len(self.secret_key)} characters")
        if public_of(self.secret_key) != self.public_key or self.secret_key[64:] not in {"", self.public_key}:
            raise ValueError("the secret key belongs to another public key; copy both from the same API key pair")

    @property
    def account(self) -> str:
        """A short id for cache and budget keys that reveals neither key."""
        return account_of(self.public_key)

    @property
    def name(self) -> str:
        """What people read of an account in logs, metrics and answers: the first 8 digits of its public key."""
        return self.public_key[:8]

    def signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.secret_key[:64]))


def account_of(public_key: str) -> str:
    """What an account is called in the keys of cache and budget; ValueError where the key is not hex digits."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:12]


def public_of(secret_key: str) -> str:
    """The public key of a secret key; ValueError where it has not the form of one."""
    text = secret_key.strip().lower()
    if not _SECRET.fullmatch(text):
        raise ValueError(f"the secret key must be 128 or 64 hex digits, not {len(text)} characters")
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text[:64]))
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def sign(credentials: Credentials, method: str, raw_path_and_query: str, body: bytes, at: int) -> dict[str, str]:
    """The three headers of a request sent at unix second `at`.

    `raw_path_and_query` is what goes on the wire: its path is signed percent-decoded, its query as it is.
    """
    path, mark, query = raw_path_and_query.partition("?")
    message = method.upper().encode() + unquote_to_bytes(path) + f"{mark}{query}".encode() + body + str(at).encode()
    return {
        "X-Api-Key": credentials.public_key,
        "X-Sign-Date": str(at),
        "X-Request-Sign": f"dmar ed25519 {credentials.signer().sign(message).hex()}",
    }
