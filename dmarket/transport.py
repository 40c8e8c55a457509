"""One signed call to the exchange: permit, signature, sending, and trying reads again."""

import random
import time
from collections.abc import Callable, Sequence
from urllib.parse import quote, urlencode

import orjson
from requests import PreparedRequest, Request

from dmarket.answers import read_answer
from dmarket.budget import Budget, Priority, utc_now
from dmarket.connections import Answer, Connections
from dmarket.endpoints import Endpoint
from dmarket.errors import BudgetExhausted, BudgetUnavailable, ExchangeError, Throttled, Unreachable
from dmarket.signing import Credentials, sign
from telemetry.metrics import API_DURATION, API_REQUESTS

TRIES = 3  # the first and two more
BACKOFF = 0.2  # seconds before the second try, doubled for the third, each times 0.5 to 1.5
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
        self._connections = connections
        self._credentials = credentials
        self._budget = budget
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
        request = self._prepare(endpoint, parts or {}, query, body)
        for attempt in range(1, TRIES if endpoint.reads else 1):
            try:
                return self._attempt(endpoint, request, priority, deadline)
            except (BudgetExhausted, BudgetUnavailable):
                raise
            except ExchangeError as failure:
                if failure.permanent or not self._pause(failure, attempt, deadline):
                    raise
        return self._attempt(endpoint, request, priority, deadline)

    def _prepare(self, endpoint: Endpoint, parts: dict[str, str], query: Query, body: object) -> PreparedRequest:
        path = endpoint.path.format(**{name: quote(value, safe="") for name, value in parts.items()})
        tail = f"?{urlencode(query, quote_via=quote, safe='')}" if query else ""
        headers = {"User-Agent": self._user_agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        data = None if body is None else orjson.dumps(body)
        return Request(endpoint.method, self._connections.base_url + path + tail, headers, data=data).prepare()

    def _attempt(self, endpoint: Endpoint, request: PreparedRequest, priority: Priority, deadline: float) -> object:
        with self._connections.slot(endpoint.name, deadline):
            # The permit is asked last: whatever lies between it and the wire eats into the guard band. A
            # signature is good for two minutes, longer than any deadline.
            self._sign(request)
            permit = self._budget.take(endpoint.group, priority, deadline)
            answer = self._send(endpoint, request, deadline)
        self._budget.correct(permit, answer.written_at)
        self._budget.report(endpoint.group, answer.status, answer.headers, elapsed=answer.elapsed)
        return read_answer(endpoint.name, answer, utc_now())

    def _sign(self, request: PreparedRequest) -> None:
        # What is signed is read back from the prepared request, so it is what goes on the wire.
        body = request.body if isinstance(request.body, bytes) else b""
        method = request.method or ""
        request.headers.update(sign(self._credentials, method, request.path_url, body, int(self._now())))

    def _send(self, endpoint: Endpoint, request: PreparedRequest, deadline: float) -> Answer:
        try:
            answer = self._connections.send(endpoint.name, self._credentials.account, request, deadline)
        except Unreachable:
            API_REQUESTS.labels(endpoint.name, endpoint.method, "none").inc()
            raise
        API_REQUESTS.labels(endpoint.name, endpoint.method, str(answer.status)).inc()
        API_DURATION.labels(endpoint.name, endpoint.method).observe(answer.elapsed)
        return answer

    def _pause(self, failure: ExchangeError, attempt: int, deadline: float) -> bool:
        """Wait after the `attempt`-th try, counted from 1; False when that would pass the deadline."""
        if isinstance(failure, Throttled):
            return True  # the budget makes everybody wait as long as the exchange asked for
        delay = BACKOFF * 2 ** (attempt - 1) * (0.5 + self._jitter())
        delay = max(delay, failure.retry_after or 0)
        if time.monotonic() + delay >= deadline:
            return False
        time.sleep(delay)
        return True
