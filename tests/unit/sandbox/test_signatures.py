"""The exchange accepts exactly the signatures that the real one prescribes (docs/exchange-api.md, Signing)."""

import pytest

from sandbox.exchange.signatures import key_pair, signed_text, signer

PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
DATE = 1_760_000_000
TITLE = "AK-47%20%7C%20Redline%20%28Field-Tested%29"
VECTORS = [
    (
        "GET",
        f"/trade-aggregator/v1/last-sales?gameId=a8db&title={TITLE}&limit=20",
        "",
        (
            "bce1ff48b1c73e489e698b5470bb8153f5f51b39e109e0d8ba8932310ecad2b0"
            "3cbd6ab505137e3c06c479721ca05dbf65075b3a6458650b2f3553256a47e409"
        ),
    ),
    (
        "GET",
        f"/marketplace-api/v1/targets-by-title/a8db/{TITLE}",
        "",
        (
            "f08c0b38eee5099c2a6c462afdc399caf3805ad3aa863710d381c3a728d91586"
            "80ac73144d6abc0d3f6dd95db88dec5942348af51b9833cf476c57f3e92e6d00"
        ),
    ),
    (
        "POST",
        "/marketplace-api/v1/aggregated-prices",
        (
            '{"filter":{"game":"a8db","titles":["AK-47 | Redline (Field-Tested)","StatTrak™ AK-47 | Redline '
            '(Field-Tested)"],"includeP2p":false},"limit":"100"}'
        ),
        (
            "778b6e7b0bac5d620cfa7d1980ea7f23327de824b1ab1f1200300ee596816401"
            "9b5fb4dd81885417b2ba638b122cf125ddfb3e2563968e58fcee005c1bab6109"
        ),
    ),
    (
        "PATCH",
        "/exchange/v1/offers-buy",
        (
            '{"offers":[{"offerId":"0f3c6e2a-9d6b-4c8e-8f0d-2b1a7c5e4d3f","price":{"amount":"1599","currency":"USD"},'
            '"type":"dmarket"}]}'
        ),
        (
            "2407d49d96b083c565bd03b894fb031d47320b43ef86e13fed1334626920a840"
            "9153ac9888244ab59adf279347c90d74128ae428388cf83ef001eeadcdf7a606"
        ),
    ),
]


def headers(signature: str, **changed: str) -> dict[str, str]:
    plain = {"X-Api-Key": PUBLIC, "X-Sign-Date": str(DATE), "X-Request-Sign": f"dmar ed25519 {signature}"}
    return {**plain, **changed}


@pytest.mark.parametrize(("method", "target", "body", "signature"), VECTORS)
def test_the_documented_vectors_are_accepted(method: str, target: str, body: str, signature: str) -> None:
    """Query as sent, path decoded, body to the byte."""
    account = signer({PUBLIC}, headers(signature), method, target, body.encode(), now=DATE)

    assert account == PUBLIC


@pytest.mark.parametrize(("method", "target", "body", "signature"), VECTORS)
def test_any_changed_byte_is_rejected(method: str, target: str, body: str, signature: str) -> None:
    """Whether it is in the request line or in the body."""
    longer_body = signer({PUBLIC}, headers(signature), method, target, body.encode() + b" ", now=DATE)
    other_path = signer({PUBLIC}, headers(signature), method, target + "0", body.encode(), now=DATE)

    assert longer_body is None
    assert other_path is None


@pytest.mark.parametrize(("drift", "accepted"), [(-121, False), (-120, True), (0, True), (120, True), (121, False)])
def test_a_date_may_drift_by_two_minutes(drift: int, accepted: bool) -> None:
    """Either way, and not a second more."""
    method, target, body, signature = VECTORS[0]

    account = signer({PUBLIC}, headers(signature), method, target, body.encode(), now=DATE + drift)

    assert accepted == (account == PUBLIC)


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Api-Key": "00" * 32},
        {"X-Api-Key": ""},
        {"X-Sign-Date": "soon"},
        {"X-Sign-Date": ""},
        {"X-Request-Sign": VECTORS[0][3]},
        {"X-Request-Sign": "dmar ed25519 xyz"},
        {"X-Request-Sign": "dmar ed25519 00"},
    ],
)
def test_a_malformed_or_unknown_signer_is_nobody(changed: dict[str, str]) -> None:
    """Unknown keys, unreadable dates, a missing scheme and broken hex are all refused without an exception."""
    method, target, body, signature = VECTORS[0]

    account = signer({PUBLIC}, headers(signature, **changed), method, target, body.encode(), now=DATE)

    assert account is None


def test_an_api_key_is_matched_to_the_letter() -> None:
    """Upper-case hex names no account, as on the real exchange."""
    method, target, body, signature = VECTORS[0]

    upper = headers(signature, **{"X-Api-Key": PUBLIC.upper()})

    assert signer({PUBLIC}, upper, method, target, body.encode(), now=DATE) is None


def test_the_built_in_account_has_the_documented_keys() -> None:
    """Secret = seed, then public key."""
    public, secret = key_pair()

    assert public == PUBLIC
    assert bytes(range(32)).hex() + PUBLIC == secret


def test_only_the_path_is_decoded() -> None:
    """A percent sign in the query stays what it is."""
    assert signed_text("GET", "/a%20b?c=%20", b"", "7") == b"GET/a b?c=%207"
