"""Connections to the exchange: how many, how long they may take, how much they may bring."""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from dmarket.errors import BudgetExhausted, Unreachable
from dmarket.timed import TimedAdapter, forget_writing, written_at
from telemetry.metrics import POOL_SIZE

LARGEST_BODY = 16 * 1024 * 1024  # bytes after decompression; a whole fee list is about 2 MB
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; `body` is None where it was larger than 16 MiB, `elapsed` in seconds to its last byte.

    `written_at` is when the request was handed to the network (time.monotonic() seconds).
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | None
    elapsed: float
    written_at: float


@dataclass(slots=True)
class _ProcessPools:
    """What must not be shared with a forked child: sockets and the count of those in use."""

    slots: threading.BoundedSemaphore
    adapters: dict[str, HTTPAdapter] = field(default_factory=dict)


class Connections:
    """Keep-alive connections to one base URL, separate for each process and account.

    Requests go through an HTTPAdapter without a Session around it: no cookies are kept, no redirect is followed, no
    proxy or password is taken from the environment, and nothing is sent twice. Time-outs are in seconds.
    """

    def __init__(
        self,
        base_url: str,
        *,
        keep_alive: int = 20,
        at_once: int = 100,
        connect_timeout: float = 3.05,
        read_timeout: float = 10.0,
        proxies: Mapping[str, str] | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
            raise ValueError(f"the exchange's URL must look like https://api.dmarket.com, not {parts.geturl()!r}")
        self.base_url = f"{parts.scheme}://{parts.netloc}"
        self._keep_alive = keep_alive
        self._at_once = at_once
        self._timeouts = (connect_timeout, read_timeout)
        self._proxies = dict(proxies or {})
        self._pools: dict[int, _ProcessPools] = {}

    @contextmanager
    def slot(self, endpoint: str, deadline: float) -> Iterator[None]:
        """Hold one of the connections this process may use at once; BudgetExhausted when none is free in time."""
        slots = self._own().slots
        if not slots.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise BudgetExhausted(endpoint, f"all {self._at_once} connections were in use until the deadline")
        try:
            yield
        finally:
            slots.release()

    def send(self, endpoint: str, account: str, request: PreparedRequest, deadline: float) -> Answer:
        """Send once and read the whole answer; Unreachable when that fails or passes `deadline` (monotonic seconds)."""
        started = time.monotonic()
        left = max(deadline - started, 0.001)
        connect, read = self._timeouts
        timeouts = (min(connect, left), min(read, left))
        forget_writing()
        try:
            with POOL_SIZE.labels("dmarket").track_inprogress():
                response = self._adapter(account).send(request, stream=True, timeout=timeouts, proxies=self._proxies)
                body = _read(endpoint, response, deadline)
        except (RequestException, HTTPError, OSError) as error:
            raise Unreachable(endpoint, f"no whole answer ({type(error).__name__})") from error
        elapsed = time.monotonic() - started
        return Answer(response.status_code, response.headers, body, elapsed, written_at() or started)

    def forget(self, account: str) -> None:
        """Close the idle connections of an account that is ours no longer; calls under way end as they would."""
        adapter = self._own().adapters.pop(account, None)
        if adapter:
            adapter.close()

    def close(self) -> None:
        """Close what this process opened."""
        for adapter in self._own().adapters.values():
            adapter.close()

    def _own(self) -> _ProcessPools:
        # Keyed by process id, and setdefault is atomic: a forked child starts with none of its parent's sockets.
        pools = self._pools.get(os.getpid())
        return pools or self._pools.setdefault(os.getpid(), _ProcessPools(threading.BoundedSemaphore(self._at_once)))

    def _adapter(self, account: str) -> HTTPAdapter:
        adapters = self._own().adapters
        if account not in adapters:
            adapters.setdefault(account, TimedAdapter(1, self._keep_alive, max_retries=0))
        return adapters[account]


def _read(endpoint: str, response: Response, deadline: float) -> bytes | None:
    body = bytearray()
    try:
        # read1 hands over what has come, so a server that drips bytes cannot outlast the deadline.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > LARGEST_BODY:
                return None
            if time.monotonic() > deadline:
                raise Unreachable(endpoint, "the answer was not complete at the deadline")
    finally:
        response.close()  # a connection that was read to its end is back in the pool by now and stays open
    return bytes(body)
