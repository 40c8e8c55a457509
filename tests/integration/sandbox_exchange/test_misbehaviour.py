"""Faults over the wire."""

from time import monotonic

import orjson
import pytest

from tests.integration.sandbox_exchange.client import OFFERS, Client, faulty


def test_an_internal_error_is_json(fresh: Client) -> None:
    """500 with a code, and the limit headers."""
    with faulty(fresh, "error500"):
        answer = fresh.get("/account/v1/user")

    assert (answer.status, answer.json["code"]) == (500, "InternalServerError")
    assert answer.headers["RateLimit-Limit"] == "20"


def test_an_unavailable_gateway_answers_html(fresh: Client) -> None:
    """503, no JSON, no limit headers."""
    with faulty(fresh, "html503"):
        answer = fresh.get("/account/v1/user")

    assert answer.status == 503
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "RateLimit-Limit" not in answer.headers


def test_a_bare_429_says_nothing(fresh: Client) -> None:
    """Neither when to come back nor why."""
    with faulty(fresh, "429_bare"):
        answer = fresh.get("/account/v1/user")

    assert (answer.status, answer.body) == (429, b"")
    assert not {"Retry-After", "RateLimit-Limit"} & set(answer.headers)


def test_a_truncated_body_is_no_json(fresh: Client) -> None:
    """Status and headers look right."""
    with faulty(fresh, "truncate"):
        answer = fresh.get("/account/v1/user")

    assert answer.status == 200
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(answer.body)


def test_an_empty_page_keeps_its_total(fresh: Client) -> None:
    """The oddity seen live: no items of many."""
    with faulty(fresh, "empty"):
        page = fresh.get(OFFERS, gameId="rust", limit=10).json

    assert page["items"] == []
    assert int(page["total"]) > 0


def test_a_reshaped_answer_hides_its_fields(fresh: Client) -> None:
    """Nothing known is on the top level."""
    with faulty(fresh, "reshape"):
        assert {"data", "version"} == set(fresh.aggregates("rust").json)


def test_a_stuck_cursor_repeats_the_first_page(fresh: Client) -> None:
    """For listings and for the walk of a game."""
    with faulty(fresh, "repeat_cursor"):
        first = fresh.aggregates("rust", limit=50).json
        second = fresh.aggregates("rust", limit=50, cursor=first["nextCursor"]).json
        page = fresh.get(OFFERS, gameId="rust", limit=10).json
        again = fresh.get(OFFERS, gameId="rust", limit=10, cursor=page["cursor"]).json

    assert first == second
    assert page == again
    assert first["nextCursor"]
    assert page["cursor"]


def test_a_delay_delays_only_its_path(fresh: Client) -> None:
    """By the milliseconds asked for."""
    with faulty(fresh, "delay", delay_ms=300, path_contains="balance"):
        start = monotonic()
        fresh.get("/account/v1/user")
        quick = monotonic() - start
        fresh.get("/account/v1/balance")

    slow = monotonic() - start - quick
    assert quick < slow
    assert slow >= 0.3


def test_active_faults_can_be_seen(fresh: Client) -> None:
    """And are gone after off."""
    with faulty(fresh, "delay", rate=0.25, delay_ms=5, path_contains="x"):
        seen = fresh.get("/_sandbox/faults").json

    assert seen == {"faults": [{"kind": "delay", "rate": 0.25, "delay_ms": 5, "path_contains": "x"}]}
    assert fresh.get("/_sandbox/faults").json == {"faults": []}


def test_a_wrong_fault_is_refused(fresh: Client) -> None:
    """With the known kinds."""
    answer = fresh.post("/_sandbox/faults", {"kind": "fire"})

    assert answer.status == 400
    assert "html503" in answer.json["message"]
