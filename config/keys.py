"""The exchange's API keys as they are written down: one account's, or those of several in one order."""

import re

SEED = 64  # hexadecimal digits of an Ed25519 key; DMarket shows a secret as seed and public key together


def keys_in(text: str) -> list[str]:
    """Keys are separated by commas or line ends; nothing between two of them is no key."""
    parts = re.split(r"[,\r\n]", text.lower())
    return [part.strip() for part in parts if part.strip()]


def named(position: int, count: int) -> str:
    """How a sentence calls the key at `position` (from 0): the only one needs no name."""
    return f"key {position + 1} of {count} " if count > 1 else ""


def check_public(text: str) -> str:
    """The public keys, joined by commas; ValueError naming the first that is none or that came before."""
    keys = _digits(text, (SEED,))
    for position, key in enumerate(keys):
        if (first := keys.index(key)) < position:
            raise ValueError(f"{named(position, len(keys))}is the same as key {first + 1}: give each account once")
    return ",".join(keys)


def check_secret(text: str) -> str:
    """The secret keys, joined by commas; ValueError naming the first that is none."""
    return ",".join(_digits(text, (SEED, 2 * SEED)))


def check_pairs(public: str, secret: str) -> None:
    """ValueError where the keys are no pairs as far as it shows; a bare seed does not show whose it is."""
    publics, secrets = keys_in(public), keys_in(secret)
    if len(publics) != len(secrets):
        raise ValueError(
            f"DMARKET_SECRET_KEY and DMARKET_PUBLIC_KEY hold {len(secrets)} and {len(publics)} keys: "
            "give both keys of each pair, in the same order"
        )
    for position, (one, other) in enumerate(zip(publics, secrets, strict=True)):
        if other[SEED:] not in {"", one}:
            raise ValueError(not_a_pair(position, len(publics)))


def not_a_pair(position: int, count: int) -> str:
    """The sentence about a secret key that is not its public key's."""
    name = f": {named(position, count)}" if count > 1 else " "
    return f"DMARKET_SECRET_KEY{name}does not belong to DMARKET_PUBLIC_KEY: give both of one key pair"


def _digits(text: str, lengths: tuple[int, ...]) -> list[str]:
    keys = keys_in(text)
    wanted = " or ".join(str(length) for length in lengths)
    for position, key in enumerate(keys or [""]):
        if len(key) not in lengths or set(key) - set("0123456789abcdef"):
            raise ValueError(f"{named(position, len(keys))}must be {wanted} hexadecimal digits, as DMarket shows it")
    return keys
