"""One account's calls to the exchange: permit, signature, sending, and what the answer is."""

import random
import time
from collections.abc import Callable, Sequence
from urllib.parse import quote, urlencode

import orjson
from requests import PreparedRequest, Request

from dmarket.answers import read_answer
from dmarket.budget import Budget, Permit, Priority, utc_now
from dmarket.clocks import blame_clock
from dmarket.connections import Answer, Connections
from dmarket.endpoints import Endpoint
from dmarket.errors import Unauthorized, Unreachable
from dmarket.retrying import with_retries
from dmarket.signing import Credentials, sign
from telemetry.logs import logger
from telemetry.metrics import API_DURATION, API_REQUESTS
from telemetry.story import note_request
from telemetry.traces import Kind, span

log = logger(__name__)

Query = Sequence[tuple[str, str]]


class Transport:
    """Calls with one account's keys. `now` gives unix seconds, `jitter` a number in [0, 1)."""

    def __init__(
        self,
        connections: Connections,
        credentials: Credentials,
        budget: Budget,
        *,
        version: str,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.connections = connections
        self.budget = budget
        self._credentials = credentials
        self._user_agent = f"skinbeat/{version}"
        self._jitter = jitter
        self._now = now

    def call(
        self,
        endpoint: Endpoint,
        *,
        parts: dict[str, str] | None = None,
        query: Query = (),
        body: object = None,
        priority: Priority,
        deadline: float,
    ) -> object:
        """The parsed JSON answer (numbers as int or Decimal); an ExchangeError where there is none.

        `parts` fill the placeholders of the endpoint's path. Reads that failed in passing are tried up to two more
        times, never past `deadline` (time.monotonic() seconds); anything else is sent once.
        """
        request = self.prepare(endpoint, parts or {}, query, body)

        def once() -> object:
            with self.connections.slot(endpoint.name, deadline):
                # The permit is asked last: whatever lies between it and the wire eats into the guard band. A
                # signature is good for two minutes, longer than any deadline.
                signed = self.sign(request)
                permit = self.budget.take(endpoint.group, priority, deadline)
                answer = self.send(endpoint, signed, deadline)
            return self.read(endpoint, permit, answer)

        return with_retries(endpoint, once, deadline, jitter=self._jitter)

    def forget(self) -> None:
        """Close this account's idle connections."""
        self.connections.forget(self._credentials.account)

    def prepare(self, endpoint: Endpoint, parts: dict[str, str], query: Query, body: object) -> PreparedRequest:
        """The request without a signature, the same for every account."""
        path = endpoint.path.format(**{name: quote(value, safe="") for name, value in parts.items()})
        tail = f"?{urlencode(query, quote_via=quote, safe='')}" if query else ""
        headers = {"User-Agent": self._user_agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        data = None if body is None else orjson.dumps(body)
        return Request(endpoint.method, self.connections.base_url + path + tail, headers, data=data).prepare()

    def sign(self, request: PreparedRequest) -> PreparedRequest:
        """A copy with this account's signature of now; nothing of it gets into the request."""
        signed = request.copy()
        # What is signed is read back from the prepared request, so it is what goes on the wire.
        body = request.body if isinstance(request.body, bytes) else b""
        signed.headers.update(sign(self._credentials, request.method or "", request.path_url, body, int(self._now())))
        return signed

    def send(self, endpoint: Endpoint, signed: PreparedRequest, deadline: float) -> Answer:
        """Send once, on a connection of this account; Unreachable when no whole answer comes."""
        began = time.monotonic()
        with span(f"exchange {endpoint.name}", Kind.CLIENT, endpoint=endpoint.name) as note:
            try:
                answer = self.connections.send(endpoint.name, self._credentials.account, signed, deadline)
            except Unreachable as error:
                API_REQUESTS.labels(endpoint.name, endpoint.method, "none").inc()
                request = note_request(endpoint.name, None, time.monotonic() - began)
                note(request=request)
                log.debug("exchange asked", request=request, endpoint=endpoint.name, reason=str(error))
                raise
            request = note_request(endpoint.name, answer.status, answer.elapsed)
            note(request=request, status=answer.status)
        log.debug("exchange asked", request=request, endpoint=endpoint.name, status=answer.status)
        API_REQUESTS.labels(endpoint.name, endpoint.method, str(answer.status)).inc()
        API_DURATION.labels(endpoint.name, endpoint.method).observe(answer.elapsed)
        return answer

    def read(self, endpoint: Endpoint, permit: Permit, answer: Answer) -> object:
        """The parsed JSON, or the ExchangeError that the answer is; the budget learns from it."""
        self.budget.correct(permit, answer.written_at)
        self.budget.report(endpoint.group, answer.status, answer.headers, elapsed=answer.elapsed)
        try:
            return read_answer(endpoint.name, answer, utc_now())
        except Unauthorized as refusal:
            raise blame_clock(refusal, answer.headers, self._now()) from None
