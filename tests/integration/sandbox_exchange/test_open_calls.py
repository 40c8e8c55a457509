"""What the exchange tells of calls that it has not answered yet, so that a caller can be lost in the middle of one."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson

from tests.acceptance.market import eventually
from tests.integration.sandbox_exchange.client import AGGREGATES, Client, faulty

HELD_MS = 1_000


def open_calls(client: Client) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = client.get("/_sandbox/open").json["calls"]
    return calls


def test_a_call_is_open_until_it_is_answered(fresh: Client) -> None:
    """With who asked when for what; the question for open calls is none itself."""
    before = time.time()
    with faulty(fresh, "delay", delay_ms=HELD_MS), ThreadPoolExecutor(1) as executor:
        asked = executor.submit(fresh.aggregates, "rust", ["★ a", "b"])
        (call,) = eventually("the call is there", lambda: open_calls(fresh))
        was_answered = asked.done()

    assert not was_answered
    assert (call["method"], call["path"], call["peer"]) == ("POST", AGGREGATES, "127.0.0.1")
    assert orjson.loads(call["body"])["filter"]["titles"] == ["★ a", "b"]
    assert before <= call["time"] <= time.time()
    assert asked.result().status == 200
    assert open_calls(fresh) == []


def test_a_refused_call_is_not_open_any_more(fresh: Client) -> None:
    """However a call ends, it ends."""
    with faulty(fresh, "error500"):
        refused = fresh.aggregates("rust", ["a"])

    assert refused.status == 500
    assert fresh.get("/nope").status == 404
    assert open_calls(fresh) == []
