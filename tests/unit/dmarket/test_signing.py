"""Request signing against known vectors (docs/exchange-api.md, Signing)."""

import pickle
from urllib.parse import quote

import pytest

from dmarket.signing import Credentials, sign

PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
SEED = bytes(range(32)).hex()
AT = 1_760_000_000
PRICES_BODY = (
    '{"filter":{"game":"a8db","titles":["AK-47 | Redline (Field-Tested)","StatTrak™ AK-47 | Redline (Field-Tested)"],'
    '"includeP2p":false},"limit":"100"}'
)
BUY_BODY = (
    '{"offers":[{"offerId":"0f3c6e2a-9d6b-4c8e-8f0d-2b1a7c5e4d3f",'
    '"price":{"amount":"1599","currency":"USD"},"type":"dmarket"}]}'
)
VECTORS = [
    (
        "GET",
        "/trade-aggregator/v1/last-sales?gameId=a8db&title=AK-47%20%7C%20Redline%20%28Field-Tested%29&limit=20",
        "",
        (
            "bce1ff48b1c73e489e698b5470bb8153f5f51b39e109e0d8ba8932310ecad2b0"
            "3cbd6ab505137e3c06c479721ca05dbf65075b3a6458650b2f3553256a47e409"
        ),
    ),
    (
        "GET",
        "/marketplace-api/v1/targets-by-title/a8db/" + quote("AK-47 | Redline (Field-Tested)", safe=""),
        "",
        (
            "f08c0b38eee5099c2a6c462afdc399caf3805ad3aa863710d381c3a728d91586"
            "80ac73144d6abc0d3f6dd95db88dec5942348af51b9833cf476c57f3e92e6d00"
        ),
    ),
    (
        "POST",
        "/marketplace-api/v1/aggregated-prices",
        PRICES_BODY,
        (
            "778b6e7b0bac5d620cfa7d1980ea7f23327de824b1ab1f1200300ee596816401"
            "9b5fb4dd81885417b2ba638b122cf125ddfb3e2563968e58fcee005c1bab6109"
        ),
    ),
    (
        "patch",
        "/exchange/v1/offers-buy",
        BUY_BODY,
        (
            "2407d49d96b083c565bd03b894fb031d47320b43ef86e13fed1334626920a840"
            "9153ac9888244ab59adf279347c90d74128ae428388cf83ef001eeadcdf7a606"
        ),
    ),
]


@pytest.mark.parametrize(("method", "target", "body", "signature"), VECTORS, ids=["query", "path", "body", "patch"])
def test_the_signature_is_the_documented_one(method: str, target: str, body: str, signature: str) -> None:
    """Byte for byte, with the path decoded and the query as it is."""
    headers = sign(Credentials(PUBLIC, SEED + PUBLIC), method, target, body.encode(), AT)

    assert headers == {
        "X-Api-Key": PUBLIC,
        "X-Sign-Date": str(AT),
        "X-Request-Sign": f"dmar ed25519 {signature}",
    }


def test_the_official_example_string_is_signed_alike_with_another_key() -> None:
    """The key of RFC 8032's first test, the date of the exchange's own example."""
    seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    target = "/trade-aggregator/v1/last-sales?gameId=a8db&title=AK-47%20%7C%20Redline%20%28Field-Tested%29"

    headers = sign(Credentials(public, seed + public), "GET", target, b"", 1_605_619_994)

    assert headers["X-Request-Sign"].startswith("dmar ed25519 64df23a798f9dc2faccd8d20e2befe6df607dbb3")


@pytest.mark.parametrize(
    ("public", "secret", "message"),
    [
        (PUBLIC[:-1], SEED + PUBLIC, "public key must be 64 hex digits, not 63 characters"),
        ("z" * 64, SEED + PUBLIC, "public key must be 64 hex digits"),
        (PUBLIC, SEED[:-2], "secret key must be 128 or 64 hex digits, not 62 characters"),
        (PUBLIC, "g" * 128, "secret key must be 128 or 64 hex digits"),
        ("0" * 64, SEED + PUBLIC, "belongs to another public key"),
        (PUBLIC, "1" * 64 + PUBLIC, "belongs to another public key"),
    ],
)
def test_wrong_keys_are_named_without_showing_them(public: str, secret: str, message: str) -> None:
    """One sentence says what is wrong; the keys are not in it."""
    with pytest.raises(ValueError, match=message) as caught:
        Credentials(public, secret)

    assert public not in str(caught.value)
    assert secret not in str(caught.value)


def test_keys_may_be_pasted_with_spaces_and_capitals() -> None:
    """What is sent is lower case."""
    credentials = Credentials(f" {PUBLIC.upper()}\n", (SEED + PUBLIC).upper())

    assert credentials == Credentials(PUBLIC, SEED + PUBLIC)


def test_the_secret_is_not_shown_and_the_account_is_no_key() -> None:
    """Neither repr nor the account's id gives anything away."""
    credentials = Credentials(PUBLIC, SEED + PUBLIC)

    assert SEED not in repr(credentials)
    assert credentials.account not in SEED + PUBLIC
    assert len(credentials.account) == 12
    assert pickle.loads(pickle.dumps(credentials)).account == credentials.account  # noqa: S301 - our own bytes
