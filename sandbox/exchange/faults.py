"""Switchable misbehaviour: errors, broken bodies, delays and cursors that never end."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import orjson

from sandbox.exchange.replies import Reply

BEFORE = {
    "error500": Reply(500, {"code": "InternalServerError", "message": "internal error"}),
    "html503": Reply(503, raw=b"<h1>503 Service Unavailable</h1>", content_type="text/html", bare=True),
    "429_bare": Reply(429, raw=b"", content_type="text/plain", bare=True),
}
KINDS = (*BEFORE, "truncate", "empty", "delay", "reshape", "retype", "repeat_cursor")


class FaultError(ValueError):
    """A fault that cannot be switched on as asked; asking again does not help."""

    permanent = True
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Hits a share `rate_permille` of the calls whose path contains `path_contains`."""

    kind: str
    rate_permille: int
    delay_ms: int
    path_contains: str


@dataclass(slots=True)
class Faults:
    rng: Random
    active: dict[str, Fault] = field(default_factory=dict)

    def switch(self, wanted: Mapping[str, Any]) -> None:
        """Takes {"kind", "rate" 0..1, "delay_ms", "path_contains"}; kind "off" clears all. Raises FaultError."""
        kind, rate, delay = wanted.get("kind"), wanted.get("rate", 1), wanted.get("delay_ms", 1000)
        if kind == "off":
            self.active.clear()
            return
        if kind not in KINDS:
            raise FaultError(f"kind is {kind!r}; it must be one of {', '.join(KINDS)} or off")
        if not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise FaultError(f"rate is {rate!r}; it must be a number from 0 to 1")
        if not isinstance(delay, int) or delay < 0:
            raise FaultError(f"delay_ms is {delay!r}; it must be a whole number of milliseconds from 0 on")
        self.active[kind] = Fault(kind, round(rate * 1000), delay, str(wanted.get("path_contains") or ""))

    def struck(self, path: str) -> dict[str, Fault]:
        """The faults that hit a call of this path, drawn anew for each call."""
        near = (fault for fault in self.active.values() if fault.path_contains in path)
        return {fault.kind: fault for fault in near if self.rng.randrange(1000) < fault.rate_permille}


def spoil(reply: Reply, kinds: Mapping[str, Fault]) -> Reply:
    """A successful reply with its body emptied, renamed, typed differently or cut off, as `kinds` say."""
    if reply.status != 200:
        return reply
    if "empty" in kinds:
        emptied = {key: [] if isinstance(value, list) else value for key, value in reply.payload.items()}
        reply = replace(reply, payload=emptied)
    if "reshape" in kinds:
        reply = replace(reply, payload={"data": reply.payload, "version": "3"})
    if "retype" in kinds:
        reply = replace(reply, payload=_retyped(reply.payload))
    if "truncate" in kinds:
        body = orjson.dumps(reply.payload)
        reply = replace(reply, raw=body[: len(body) // 2])
    return reply


def _retyped(value: Any) -> Any:
    """The same with every number, also one in quotes, as an object of its own."""
    if isinstance(value, dict):
        return {key: _retyped(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_retyped(one) for one in value]
    number = isinstance(value, int | float) or (isinstance(value, str) and value.isdecimal())
    return {"value": value} if number else value
