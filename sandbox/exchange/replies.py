"""Calls in, replies out: the shapes every endpoint shares, the families of refusals (docs/exchange-api.md, Errors)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import orjson

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """`payload` is turned into JSON unless `raw` bytes are given."""

    status: int = 200
    payload: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str = JSON
    bare: bool = False  # comes from in front of the exchange and carries none of its headers

    @property
    def body(self) -> bytes:
        return orjson.dumps(self.payload) if self.raw is None else self.raw


class RefusedError(Exception):
    """A request that is answered with an error; asking the same again does not help."""

    permanent = True
    retry_after: float | None = None

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"answered {reply.status}: {reply.body.decode()}")
        self.reply = reply


def bad_marketplace(message: str) -> RefusedError:
    """400 of the marketplace-api family; 3 is gRPC's invalid argument."""
    return RefusedError(Reply(400, {"error": message, "code": 3, "message": message}))


def bad_exchange(message: str, code: str = "BadRequest") -> RefusedError:
    """400 of the exchange and trade-aggregator families."""
    return RefusedError(Reply(400, {"code": code, "message": message}))


UNAUTHORIZED = Reply(401, {"Code": "Unauthorized", "Message": "Unauthorized"})
NOT_FOUND = Reply(404, {"code": "NotFound", "message": "there is no such method"})
GONE = Reply(410, {"code": "Gone", "message": "this method is retired"})
TOO_MANY = Reply(429, {"message": "API rate limit exceeded"})


@dataclass(slots=True)
class Call:
    """One request: decoded `path`, first values of the query as `one`, all as `every`; `asked` are its titles."""

    method: str
    path: str
    query: str
    body: bytes
    account: str = ""
    asked: Sequence[str] = ()
    every: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.every = parse_qs(self.query, keep_blank_values=True)

    def one(self, name: str, default: str = "") -> str:
        return self.every.get(name, [default])[0]

    def rewind(self) -> None:
        """Forgets the cursor: the question of the first page."""
        self.every.pop("cursor", None)
        if self.body and isinstance(body := self.json(), dict):
            self.body = orjson.dumps({**body, "cursor": ""})

    def json(self) -> Any:
        """The body as JSON; raises RefusedError where it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise bad_marketplace("the body is not JSON") from error
