"""Damaged answers over a real socket: statuses, headers and encodings that nobody meant, bodies that explode."""

import gzip
import zlib
from random import Random

import pytest
import redis

from dmarket.client import Exchange
from dmarket.connections import LARGEST_BODY
from dmarket.errors import ExchangeError, Malformed, Unreachable
from dmarket.rate_headers import LONGEST
from tests.fuzz.answers import ASKING, GAME
from tests.fuzz.cases import complaint, draw
from tests.fuzz.oracles import ORACLES
from tests.fuzz.reading import parse
from tests.integration.dmarket.conftest import soon
from tests.integration.dmarket.scripted import Reply, Script

CASES = 150
BRIEF = 0.1  # seconds: no time for another try after one that failed
SEED = 20261123
STATUSES = (201, 206, 301, 302, 400, 401, 403, 404, 408, 410, 418, 429, 499, 500, 502, 503, 599)
HEADERS = (
    ("Content-Type", "text/html"),
    ("Content-Type", "application/octet-stream; charset=utf-16"),
    ("Content-Encoding", "gzip"),
    ("Content-Encoding", "deflate"),
    ("Content-Encoding", "gzip, gzip, gzip"),
    ("Content-Encoding", "br"),
    ("Content-Encoding", "nonsense"),
    ("Location", "http://127.0.0.1:1/elsewhere"),
    ("Retry-After", "-5"),
    ("Retry-After", "soon"),
    ("RateLimit-Reset", "99999999999999999999"),
    ("X-RateLimit-Limit-Second", "0"),
    ("Set-Cookie", "session=1"),
    ("Transfer-Encoding", "identity"),
)


def damaged(rng: Random, body: bytes) -> Reply:
    """A reply with that body, some headers that may lie about it, and any status."""
    headers = dict(rng.sample(HEADERS, rng.choice((0, 0, 1, 3))))
    if rng.random() < 0.2:
        body = rng.choice((gzip.compress(body), zlib.compress(body), gzip.compress(body)[:-9]))
    announced = len(body) + rng.choice((-3, 40)) if rng.random() < 0.1 and body else None
    return Reply(
        body,
        200 if rng.random() < 0.7 else rng.choice(STATUSES),
        headers,
        announced=announced,
        chunked=announced is None and rng.random() < 0.3,
    )


def test_no_answer_on_the_wire_breaks_the_client(exchange: Exchange, script: Script, broker: redis.Redis) -> None:
    """Each ends as a typed error, whose pause is bounded, or as a value that stands in the body that came."""
    rng = Random(SEED)
    ends = {"read": 0, "error": 0}
    pauses: list[float | None] = []
    for number in range(CASES):
        case = draw(SEED, number)
        reply = damaged(rng, rng.choice((case.body, case.last)))
        script.say(reply)
        broker.flushall()  # pauses that an answer asked for are not what is looked at here
        try:
            found = ASKING[case.sample.kind](exchange, case.sample.titles, soon(BRIEF))
        except ExchangeError as error:
            ends["error"] += 1
            pauses.append(error.retry_after)
            continue
        ends["read"] += 1
        body = gzip.decompress(reply.raw) if reply.raw[:2] == b"\x1f\x8b" else reply.raw
        wrong = list(ORACLES[case.sample.kind]([parse(body)], case.sample.titles, found))
        assert not wrong, (number, wrong, complaint(case))

    assert min(ends.values()) > 10, ends
    assert all(pause is None or 0 < pause <= LONGEST for pause in pauses), pauses


@pytest.mark.parametrize(
    "packed", [gzip.compress(bytes(200 * 1024 * 1024), 9), gzip.compress(gzip.compress(bytes(10**8)))]
)
def test_a_body_that_explodes_is_not_unpacked(exchange: Exchange, script: Script, packed: bytes) -> None:
    """Reading ends at 16 MiB, whatever a few kilobytes would become; so does what is packed twice."""
    assert len(packed) < LARGEST_BODY / 50
    encoding = "gzip, gzip" if len(packed) < 10_000 else "gzip"
    script.say(Reply(packed, headers={"Content-Encoding": encoding}))

    with pytest.raises((Malformed, Unreachable)):
        exchange.aggregated_prices(GAME, ["any"], deadline=soon(8))
