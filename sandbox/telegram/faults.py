import math
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request, too_many_requests

# What a fault hits unless it names a method: what carries text to a reader.
CARRIERS = frozenset(
    {
        "sendmessage",
        "sendphoto",
        "senddocument",
        "editmessagetext",
        "editmessagecaption",
        "editmessagemedia",
        "editmessagereplymarkup",
    }
)
# How often a fault of this kind strikes unless it says so: a state of a chat lasts, an accident happens once.
TIMES: dict[str, float] = {
    "429": 1,
    "500": 1,
    "swallow": 1,
    "400": math.inf,
    "403": math.inf,
    "migrate": math.inf,
}


@dataclass
class Fault:
    """One planned failure; `chat_id` None means any chat, `method` empty any of CARRIERS.

    `swallow` does what was asked but closes the connection after `delay` seconds without an answer.
    """

    kind: str
    chat_id: int | None
    method: str
    left: float
    retry_after: int
    to: int
    delay: float
    description: str

    def hits(self, method: str, chat_id: int) -> bool:
        meant = method == self.method if self.method else method in CARRIERS
        return self.left > 0 and meant and self.chat_id in {None, chat_id}

    def error(self) -> ApiError:
        match self.kind:
            case "429":
                return too_many_requests(self.retry_after)
            case "403":
                return ApiError(403, self.description or "Forbidden: bot was blocked by the user")
            case "migrate":
                reason = "Bad Request: group chat was upgraded to a supergroup chat"
                return ApiError(400, reason, migrate_to_chat_id=self.to)
            case "500":
                return ApiError(500, self.description or "Internal Server Error")
        return ApiError(400, self.description) if self.description else bad_request("chat not found")


@dataclass
class FaultPlan:
    """The planned failures, in the order in which they were asked for."""

    faults: list[Fault] = field(default_factory=list)

    def strike(self, method: str, chat_id: int) -> Fault | None:
        """The fault that hits this call, if any, used up by one; ApiError if it refuses the call."""
        for fault in self.faults:
            if fault.hits(method, chat_id):
                fault.left -= 1
                if fault.kind != "swallow":
                    raise fault.error()
                return fault
        return None


def read_fault(body: dict[str, Any]) -> Fault:
    """A fault from the body of POST /_sandbox/faults; ValueError with a sentence for a wrong one."""
    kind = str(body.get("kind", ""))
    if kind not in TIMES:
        raise ValueError(f"kind is {kind!r}; it must be one of {', '.join(TIMES)} or off.")
    if kind == "migrate" and not (body.get("chat_id") and body.get("to")):
        raise ValueError("migrate needs chat_id (the group) and to (the id of the new supergroup).")
    times = body.get("times")
    return Fault(
        kind=kind,
        chat_id=None if body.get("chat_id") is None else int(body["chat_id"]),
        method=str(body.get("method") or "").lower(),
        left=TIMES[kind] if times is None else int(times),
        retry_after=int(body.get("retry_after", 1)),
        to=int(body.get("to") or 0),
        delay=body.get("delay", 0),
        description=str(body.get("description", "")),
    )
