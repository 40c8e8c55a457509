"""Errors say whether trying again helps, and give nothing away."""

import pickle

import pytest

from dmarket.errors import (
    ExchangeError,
    Malformed,
    Refused,
    Retired,
    ServerFailed,
    Throttled,
    Unauthorized,
    Unreachable,
)


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (Unreachable, False),
        (Throttled, False),
        (ServerFailed, False),
        (Malformed, False),
        (Unauthorized, True),
        (Retired, True),
        (Refused, True),
    ],
)
def test_each_error_knows_whether_it_passes(error: type[ExchangeError], permanent: bool) -> None:
    """What the same request will meet again is permanent."""
    assert error("offers", "something").permanent is permanent


def test_an_error_reads_as_one_line() -> None:
    """Endpoint, what happened, status, and a cut of the answer."""
    error = Refused("offers", "the exchange refused the request", 400, None, "{\n  'message':\t'limit'\n}" + "x" * 500)

    assert str(error).startswith(
        "offers: the exchange refused the request; HTTP 400; answer: { 'message': 'limit' }xxx"
    )
    assert len(error.body) == 300
    assert str(Unreachable("bids", "no whole answer")) == "bids: no whole answer"


def test_keys_and_signatures_in_an_answer_are_blanked() -> None:
    """Also where they stand in the middle of a text."""
    error = Refused("offers", "key " + "a" * 64, 400, None, f"sign={'0Ff' * 50};")

    assert "sign=[hex];" in str(error)
    assert "key [hex]" in str(error)


def test_an_error_survives_pickling() -> None:
    """It may travel from a worker process to its parent."""
    error = Throttled("sales", "the rate limit is used up", 429, 1.5, "{}")

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert (type(copy), str(copy), copy.retry_after, copy.status) == (Throttled, str(error), 1.5, 429)
