"""What ties the lines of one price's story together: ids that every line of a task carries, and its requests.

An id is bound to the current context, so lines of other threads and tasks do not get it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import token_hex

from structlog.contextvars import bound_contextvars

Request = dict[str, str | int]

_requests: ContextVar[list[Request] | None] = ContextVar("requests", default=None)


@contextmanager
def telling(**ids: str | int | None) -> Iterator[None]:
    """Every line until the end carries these ids, without those that are None."""
    with bound_contextvars(**{name: value for name, value in ids.items() if value is not None}):
        yield


@contextmanager
def collecting() -> Iterator[list[Request]]:
    """The requests to the exchange that are made until the end, also by threads that run in a copy of the context."""
    requests: list[Request] = []
    around = _requests.get()
    token = _requests.set(requests)
    try:
        yield requests
    finally:
        _requests.reset(token)
        if around is not None:
            around += requests


def note_request(endpoint: str, status: int | None, seconds: float) -> str:
    """Give a request that was made its id and remember it; `status` is None where no answer came."""
    number = token_hex(4)
    requests = _requests.get()
    if requests is not None:
        told: Request = {"request": number, "endpoint": endpoint, "ms": round(seconds * 1000)}
        requests.append(told if status is None else {**told, "status": status})
    return number
