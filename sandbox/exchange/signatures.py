"""Who signed a request: Ed25519 over method, decoded path, raw query, body, date (docs/exchange-api.md, Signing)."""

from collections.abc import Container, Mapping
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SCHEME = "dmar ed25519 "
WINDOW = 120  # seconds a date may differ from ours
BUILT_IN_SEED = bytes(range(32))


def key_pair(seed: bytes = BUILT_IN_SEED) -> tuple[str, str]:
    """Public key (64 hex) and secret key (128 hex: seed, then public key) of a 32-byte seed."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()
    return public, seed.hex() + public


def signed_text(method: str, target: str, body: bytes, date: str) -> bytes:
    """What is signed for a request line `target`: its path percent-decoded, its query as sent."""
    path, mark, query = target.partition("?")
    return f"{method}{unquote(path)}{mark}{query}".encode() + body + date.encode()


def signer(
    accounts: Container[str], headers: Mapping[str, str], method: str, target: str, body: bytes, *, now: int
) -> str | None:
    """The account that signed this request at `now` unix seconds, None when nobody known did."""
    key, date = headers.get("X-Api-Key", ""), headers.get("X-Sign-Date", "")
    signature = headers.get("X-Request-Sign", "")
    if key not in accounts or not (date.isascii() and date.isdecimal()) or abs(now - int(date)) > WINDOW:
        return None
    if not signature.startswith(SCHEME):
        return None
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature.removeprefix(SCHEME)), signed_text(method, target, body, date))
    except (ValueError, InvalidSignature):
        return None
    return key
