"""Faults are switched by name, hit a share of the calls and spoil only what succeeded."""

from random import Random
from typing import Any

import orjson
import pytest

from sandbox.exchange.faults import Fault, FaultError, Faults, spoil
from sandbox.exchange.replies import Reply

REPLY = Reply(payload={"items": [1, 2], "total": "2", "cursor": "x"})


def struck_by(kind: str) -> dict[str, Fault]:
    return {kind: Fault(kind, 1000, 0, "")}


def test_a_share_of_the_calls_is_hit() -> None:
    """Half of them at a rate of a half, drawn from the seed."""
    faults = Faults(Random(1))
    faults.switch({"kind": "error500", "rate": 0.5})

    hits = sum("error500" in faults.struck("/x") for _ in range(1000))

    assert 430 < hits < 570


def test_only_matching_paths_are_hit() -> None:
    """A part of the path is enough."""
    faults = Faults(Random(1))
    faults.switch({"kind": "delay", "path_contains": "last-sales"})

    assert not faults.struck("/marketplace-api/v2/offers")
    assert "delay" in faults.struck("/trade-aggregator/v1/last-sales")


def test_several_faults_are_active_until_off() -> None:
    """Off clears them all."""
    faults = Faults(Random(1))
    faults.switch({"kind": "empty"})
    faults.switch({"kind": "reshape"})
    both = set(faults.struck("/x"))
    faults.switch({"kind": "off"})

    assert {"empty", "reshape"} == both
    assert not faults.struck("/x")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"kind": "fire"}, "kind is 'fire'; it must be one of error500"),
        ({}, "kind is None"),
        ({"kind": "empty", "rate": 2}, "rate is 2; it must be a number from 0 to 1"),
        ({"kind": "delay", "delay_ms": -1}, "delay_ms is -1; it must be a whole number"),
    ],
)
def test_a_wrong_switch_says_what_would_be_right(wanted: dict[str, Any], message: str) -> None:
    """And changes nothing."""
    faults = Faults(Random(1))

    with pytest.raises(FaultError, match=message):
        faults.switch(wanted)

    assert not faults.active


def test_an_emptied_reply_keeps_its_total() -> None:
    """Lists are empty, everything else stays: the oddity seen live."""
    assert spoil(REPLY, struck_by("empty")).payload == {"items": [], "total": "2", "cursor": "x"}


def test_a_reshaped_reply_moved_its_fields() -> None:
    """All known keys are one level deeper."""
    assert {"data": REPLY.payload, "version": "3"} == spoil(REPLY, struck_by("reshape")).payload


def test_a_truncated_reply_is_no_json() -> None:
    """Cut in the middle of the body."""
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(spoil(REPLY, struck_by("truncate")).body)


def test_a_refusal_is_not_spoiled() -> None:
    """Errors come through as they are."""
    refusal = Reply(400, {"items": [1]})

    assert refusal == spoil(refusal, struck_by("empty"))


def test_numbers_become_objects() -> None:
    """Also those in quotes and those deep inside; words stay."""
    reply = Reply(200, {"items": [{"priceCents": "250", "title": "AK-47", "amount": 3, "locked": False}], "total": 1})

    assert spoil(reply, struck_by("retype")).payload == {
        "items": [
            {"priceCents": {"value": "250"}, "title": "AK-47", "amount": {"value": 3}, "locked": {"value": False}}
        ],
        "total": {"value": 1},
    }
