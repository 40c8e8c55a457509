"""The transport over real sockets: what is sent, what is tried again, and what never happens."""

import gzip
import itertools
import os
import time
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from requests import Request

from dmarket.budget import Priority
from dmarket.connections import LARGEST_BODY, Connections
from dmarket.endpoints import BALANCE, BIDS, FEES, OFFERS, Endpoint, Method
from dmarket.errors import (
    BudgetExhausted,
    ExchangeError,
    Malformed,
    Refused,
    Retired,
    ServerFailed,
    Unauthorized,
    Unreachable,
)
from dmarket.signing import Credentials
from dmarket.transport import Transport
from tests.integration.dmarket.conftest import PUBLIC, SECRET, Client, MakeClient, soon
from tests.integration.dmarket.scripted import Asked, Reply, Script

pytestmark = pytest.mark.timed

WRITE = Endpoint("write", Method.POST, "/marketplace-api/v1/user-targets/create", BALANCE.group, reads=False)


def get(transport: Transport, endpoint: Endpoint = BALANCE, seconds: float = 5.0) -> object:
    return transport.call(endpoint, priority=Priority.URGENT, deadline=soon(seconds))


def verify(asked: Asked) -> None:
    """Raise unless the signature fits the bytes that came over the wire, as the exchange checks it."""
    path, mark, query = asked.target.partition("?")
    message = (
        f"{asked.method}{unquote(path)}{mark}{query}".encode() + asked.body + asked.headers["x-sign-date"].encode()
    )
    signature = asked.headers["x-request-sign"].removeprefix("dmar ed25519 ")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(asked.headers["x-api-key"]))
    key.verify(bytes.fromhex(signature), message)


@pytest.mark.parametrize(
    "title", ["AK-47 | Redline (Field-Tested)", "★ StatTrak™ Bowie Knife", "100% ~[x]+&?#=é", "a%20b"]
)
def test_the_bytes_signed_are_the_bytes_sent(client: Client, script: Script, title: str) -> None:
    """Whatever a title contains, path, query and body verify as they arrive and carry the title exactly."""
    for endpoint, arguments in (
        (BIDS, {"parts": {"game": "a8db", "title": title}}),
        (OFFERS, {"query": [("title", title), ("cursor", "a+/=")]}),
        (WRITE, {"body": {"title": title}}),
    ):
        client.transport.call(endpoint, priority=Priority.SWEEP, deadline=soon(), **arguments)

    for asked in script.asked:
        verify(asked)
    path, query, _ = (asked.target for asked in script.asked)
    assert unquote(path).endswith(f"/a8db/{title}")
    assert unquote(query).endswith(f"?title={title}&cursor=a+/=")
    assert title in script.asked[2].body.decode()


def test_a_retry_is_signed_anew(make_client: MakeClient, script: Script) -> None:
    """Each try carries the date and the signature of its own moment."""
    moments = itertools.count(1_760_000_000)
    client = make_client(now=lambda: float(next(moments)))
    script.say(Reply(status=500), Reply(status=502), Reply({"usd": "1"}))

    answer = get(client.transport)

    assert answer == {"usd": "1"}
    assert [asked.headers["x-sign-date"] for asked in script.asked] == ["1760000000", "1760000001", "1760000002"]
    assert len({asked.headers["x-request-sign"] for asked in script.asked}) == 3
    for asked in script.asked:
        verify(asked)


@pytest.mark.parametrize(
    ("reply", "error", "tries"),
    [
        (Reply({"Code": "Unauthorized"}, 401), Unauthorized, 1),
        (Reply({"code": "Banned"}, 403), Unauthorized, 1),
        (Reply(b"<html>challenge</html>", 403, {"Content-Type": "text/html"}), Malformed, 3),
        (Reply({}, 410), Retired, 1),
        (Reply({"error": "limit", "code": 3, "message": "limit"}, 400), Refused, 1),
        (Reply({"code": "NotFound"}, 404), Refused, 1),
        (Reply(b"<html>bad gateway</html>", 502, {"Content-Type": "text/html"}), ServerFailed, 3),
        (Reply(b"<html>all is well</html>", 200, {"Content-Type": "text/html"}), Malformed, 3),
        (Reply(b" <!doctype html>"), Malformed, 3),
        (Reply(b""), Malformed, 3),
        (Reply(b'{"usd": "15'), Malformed, 3),
        (Reply(b'{"usd": NaN}'), Malformed, 3),
        (Reply(b"[" * 100_000), Malformed, 3),
        (Reply(b'{"usd"', announced=4000), Unreachable, 3),
        (Reply(status=302, headers={"Location": "/account/v1/user"}), Malformed, 3),
    ],
    ids=lambda value: getattr(value, "status", None) or getattr(value, "__name__", str(value)),
)
def test_each_answer_has_its_error(
    client: Client, script: Script, reply: Reply, error: type[ExchangeError], tries: int
) -> None:
    """The error says what happened; only what may pass by itself is tried again, and a redirect is not followed."""
    script.say(reply)

    with pytest.raises(ExchangeError) as caught:
        get(client.transport, seconds=1.0)

    assert type(caught.value) is error
    assert caught.value.endpoint == "balance"
    assert caught.value.permanent == (tries == 1)
    assert [asked.target for asked in script.asked] == ["/account/v1/balance"] * tries


def test_a_429_stops_the_next_try_as_long_as_asked(client: Client, script: Script) -> None:
    """The read goes on by itself after Retry-After."""
    script.say(Reply({}, 429, {"Retry-After": "1"}), Reply({"usd": "1"}))

    answer = get(client.transport)

    first, second = script.asked
    assert answer == {"usd": "1"}
    assert second.at - first.at >= 1


def test_a_write_is_sent_once(client: Client, script: Script) -> None:
    """What became of a write whose answer is lost is unknown, so it is never repeated."""
    script.say(Reply(status=503, headers={"Retry-After": "7"}))

    with pytest.raises(ServerFailed) as caught:
        client.transport.call(WRITE, body={}, priority=Priority.SWEEP, deadline=soon())

    assert len(script.asked) == 1
    assert caught.value.retry_after == 7


def test_no_try_begins_that_would_pass_the_deadline(client: Client, script: Script) -> None:
    """A pause asked for by the exchange that ends after the deadline is not begun."""
    script.say(Reply(status=503, headers={"Retry-After": "30"}))
    started = time.monotonic()

    with pytest.raises(ServerFailed):
        get(client.transport, seconds=3)

    assert len(script.asked) == 1
    assert time.monotonic() - started < 1


def test_a_passed_deadline_sends_nothing(client: Client, script: Script) -> None:
    """Work that comes too late costs no call."""
    with pytest.raises(BudgetExhausted):
        get(client.transport, seconds=-1)

    assert script.asked == []


def test_an_answer_that_drips_ends_at_the_deadline(client: Client, script: Script) -> None:
    """Each byte comes in time, but the whole does not."""
    script.say(Reply(b'{"usd": "1"}' + b" " * 500, drip=0.02))
    started = time.monotonic()

    with pytest.raises(Unreachable):
        get(client.transport, seconds=0.3)

    assert time.monotonic() - started < 1


def test_silence_ends_with_the_read_time_out(make_client: MakeClient, script: Script) -> None:
    """A server that accepts and says nothing is unreachable, not a hang."""
    client = make_client(read_timeout=0.1)
    script.say(Reply(b"{}", drip=2, announced=2))

    with pytest.raises(Unreachable, match="balance: no whole answer"):
        get(client.transport)


def test_nobody_listening_is_unreachable(make_client: MakeClient) -> None:
    """A refused connection is not permanent."""
    client = make_client(url="http://127.0.0.1:9")

    with pytest.raises(Unreachable) as caught:
        get(client.transport)

    assert not caught.value.permanent


def test_an_answer_may_be_compressed_but_not_expand_without_limit(client: Client, script: Script) -> None:
    """A small compressed answer is read; one that unpacks beyond 16 MiB is refused."""
    packed = {"Content-Encoding": "gzip"}
    script.say(Reply(gzip.compress(b'{"usd": "1"}'), headers=packed))

    assert get(client.transport) == {"usd": "1"}
    script.say(Reply(gzip.compress(b" " * (LARGEST_BODY + 1)), headers=packed))
    with pytest.raises(Malformed, match="larger"):
        get(client.transport)


def test_an_answer_in_chunks_is_read_whole_and_its_connection_kept(client: Client, script: Script) -> None:
    """The exchange may not announce how long an answer is."""
    script.say(Reply(gzip.compress(b'{"usd": "1"}'), headers={"Content-Encoding": "gzip"}, chunked=True))

    answers = [get(client.transport), get(client.transport)]

    assert answers == [{"usd": "1"}] * 2
    assert len({asked.peer for asked in script.asked}) == 1


def test_cookies_are_not_kept_and_the_connection_is(client: Client, script: Script) -> None:
    """Calls share a connection, not a state."""
    script.say(Reply({}, headers={"Set-Cookie": "session=1"}))

    for _ in range(3):
        get(client.transport)

    assert all("cookie" not in asked.headers for asked in script.asked)
    assert len({asked.peer for asked in script.asked}) == 1
    assert script.asked[0].headers["user-agent"] == "skinbeat/0.1.0"


def test_the_environment_names_no_proxy(client: Client, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy variable on the machine does not lead our signed requests elsewhere."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    get(client.transport)

    assert len(script.asked) == 1


def test_a_forked_child_opens_its_own_connection(client: Client, script: Script) -> None:
    """Two processes on one socket would read each other's answers."""
    get(client.transport)

    child = os.fork()
    if child == 0:
        try:
            get(client.transport)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    get(client.transport)

    parent, forked, again = (asked.peer for asked in script.asked)
    assert forked != parent
    assert again == parent


def test_connections_in_use_are_limited(make_client: MakeClient) -> None:
    """A call that finds no free connection before its deadline gives up without a permit."""
    client = make_client(at_once=1)

    with client.connections.slot("balance", soon()), pytest.raises(BudgetExhausted, match="all 1 connections"):
        get(client.transport, seconds=0.05)


@pytest.mark.parametrize("url", ["api.dmarket.com", "ftp://x", "https://api.dmarket.com/v1", "https://x/?a=1"])
def test_a_base_url_is_checked(url: str) -> None:
    """The message says what it should look like."""
    with pytest.raises(ValueError, match=r"must look like https://api\.dmarket\.com"):
        Connections(url)


def test_no_secret_leaves_with_an_error(client: Client, credentials: Credentials, script: Script) -> None:
    """Not even when the exchange echoes what it got."""
    script.answer = lambda asked: Reply({"message": f"bad {dict(asked.headers)} {SECRET} {PUBLIC}"}, 400)

    with pytest.raises(Refused) as caught:
        get(client.transport, FEES)

    told = f"{caught.value} {caught.value!r} {credentials!r}"
    signature = script.asked[0].headers["x-request-sign"].split()[-1]
    assert "[hex]" in caught.value.body
    assert not any(secret in told for secret in (SECRET, SECRET[:64], signature))
    assert len(caught.value.body) <= 300


def test_an_answer_tells_when_its_request_was_written(client: Client, script: Script) -> None:
    """Not when it was allowed and not when the answer was complete: the budget counts from then."""
    script.say(Reply(b"{}", drip=0.2, announced=2))
    request = Request("GET", f"{script.url}/account/v1/balance").prepare()
    started = time.monotonic()

    answer = client.connections.send("balance", "account", request, soon())

    assert started < answer.written_at < started + 0.15
    assert time.monotonic() - answer.written_at > 0.2
