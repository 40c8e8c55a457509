"""Limits over the wire, and what the traffic report says of a client that ignores them."""

from datetime import UTC, datetime

import pytest

from tests.integration.sandbox_exchange.client import FEES, OFFERS, SALES, Client

FIVE = {
    "X-RateLimit-Limit-Second",
    "X-RateLimit-Remaining-Second",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
}


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        (f"{OFFERS}?gameId=rust&limit=1", "10"),
        (f"{SALES}?gameId=rust&title=x", "6"),
        (f"{FEES}?gameId=rust", "110"),
        ("/account/v1/user", "20"),
    ],
)
def test_every_answer_carries_five_headers(shared: Client, path: str, limit: str) -> None:
    """With the limit of its group."""
    headers = shared.send("GET", path).headers

    assert set(headers) >= FIVE
    assert (limit, limit, "1") == (
        headers["RateLimit-Limit"],
        headers["X-RateLimit-Limit-Second"],
        headers["RateLimit-Reset"],
    )


def test_a_refused_parameter_still_carries_headers(shared: Client) -> None:
    """It has cost a call."""
    assert set(shared.get(OFFERS, gameId="rust").headers) >= FIVE


def overflow(client: Client) -> list[int]:
    """Statuses of seven calls to a group of six that all fell into one window."""
    for _ in range(20):
        client.exchange.windows.counts.clear()
        second = int(datetime.now(UTC).timestamp())
        statuses = [client.send("GET", f"{SALES}?gameId=rust&title=x", limited=True).status for _ in range(7)]
        if int(datetime.now(UTC).timestamp()) == second:
            return statuses
    raise TimeoutError("seven calls never fitted into one second")


def test_the_seventh_sale_query_of_a_second_is_too_many(fresh: Client) -> None:
    """429 after six; the reply says when to come back; other groups go on."""
    statuses = overflow(fresh)

    refused = next(row for row in fresh.exchange.traffic.log if row.status == 429)
    assert statuses == [200] * 6 + [429]
    assert refused.group == "last-sales"
    assert fresh.send("GET", "/account/v1/user", limited=True).status == 200


def test_a_429_has_retry_after_and_a_message(fresh: Client) -> None:
    """The form of the gateway in front."""
    key, now = (fresh.exchange.public_key, "last-sales"), int(datetime.now(UTC).timestamp())
    answer = fresh.send("GET", f"{SALES}?gameId=rust&title=x", limited=True)
    for second in range(now, now + 5):
        fresh.exchange.windows.counts[key] = (second, 6)
        answer = fresh.send("GET", f"{SALES}?gameId=rust&title=x", limited=True)
        if answer.status == 429:
            break

    assert (answer.status, answer.headers["Retry-After"], answer.headers["RateLimit-Remaining"]) == (429, "1", "0")
    assert answer.json == {"message": "API rate limit exceeded"}


def test_the_report_counts_calls_refusals_and_bursts(fresh: Client) -> None:
    """By account, group and path."""
    statuses = overflow(fresh)
    report = fresh.get("/_sandbox/traffic").json[fresh.exchange.public_key]["last-sales"]

    assert statuses.count(429) == 1
    assert report["rejected"] >= 1
    assert report["overLimitWindows"] >= 1
    assert report["maxInRollingSecond"] >= 7
    assert {SALES: report["total"]} == report["paths"]


def test_strangers_are_counted_as_such(fresh: Client) -> None:
    """Unsigned calls belong to no account."""
    fresh.send("GET", "/account/v1/user", signed=False)

    assert fresh.get("/_sandbox/traffic").json["unauthorised"]["other"]["total"] == 1


def test_the_log_tells_each_request(fresh: Client) -> None:
    """With status, group and how many titles were asked for; private calls are not in it."""
    before = fresh.get("/_sandbox/requests").json["next"]
    fresh.aggregates("rust", ["a", "b", "c"])
    fresh.get("/nope")

    rows = fresh.get("/_sandbox/requests", since=before).json["requests"]

    assert [(row["method"], row["status"], row["titles"]) for row in rows] == [("POST", 200, 3), ("GET", 404, 0)]
    assert {fresh.exchange.public_key} == {row["account"] for row in rows}
