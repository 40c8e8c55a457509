"""Accounts that the exchange bans, and keys that their owner revokes."""

from typing import Any

import pytest

from tests.integration.sandbox_exchange.client import FEES, Client

BANNED = (403, {"code": "Banned", "message": "the account is banned"})
REVOKED = (401, {"Code": "Unauthorized", "Message": "Unauthorized"})


def switch(client: Client, standing: object) -> Any:
    body = {"publicKey": client.exchange.public_key, "standing": standing}
    return client.post("/_sandbox/accounts", body)


@pytest.mark.parametrize(("standing", "refusal"), [("banned", BANNED), ("revoked", REVOKED)])
def test_a_lost_account_is_refused_everywhere_until_it_is_active_again(
    fresh: Client, standing: str, refusal: tuple[int, dict[str, str]]
) -> None:
    """Also what tells whom the keys belong to; a refused call uses up nothing and tells no limits."""
    switch(fresh, standing)

    answers = [fresh.get("/account/v1/user"), fresh.get(FEES, gameId="rust")]
    switch(fresh, "active")

    assert [(answer.status, answer.json) for answer in answers] == [refusal, refusal]
    assert not any("RateLimit-Limit" in answer.headers for answer in answers)
    assert fresh.get("/account/v1/user").status == 200


def test_an_unsigned_call_stays_unauthorised_beside_a_ban(fresh: Client) -> None:
    """A ban is told to whom it concerns only."""
    switch(fresh, "banned")

    assert fresh.send("GET", "/account/v1/user", signed=False).status == 401


def test_standings_are_shown(fresh: Client) -> None:
    """Every account by its public key, also without a change."""
    key = fresh.exchange.public_key
    before = fresh.get("/_sandbox/accounts").json

    after = switch(fresh, "banned").json

    assert before == {"accounts": {key: "active"}}
    assert after == {"accounts": {key: "banned"}}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"publicKey": "ab", "standing": "banned"}, "publicKey is 'ab'; it must be the key of an account"),
        ({"standing": "banned"}, "it must be the key of an account"),
        ({"publicKey": "KEY", "standing": "gone"}, "standing is 'gone'; it must be one of active, banned, revoked"),
        ({"publicKey": "KEY"}, "standing is None; it must be one of active"),
    ],
)
def test_a_wrong_change_says_what_would_be_right(fresh: Client, body: dict[str, str], message: str) -> None:
    """And changes nothing."""
    known = {name: fresh.exchange.public_key if value == "KEY" else value for name, value in body.items()}

    answer = fresh.post("/_sandbox/accounts", known)

    assert (answer.status, message in answer.json["message"]) == (400, True)
    assert fresh.get("/account/v1/user").status == 200
