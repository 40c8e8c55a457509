"""The sandbox's own routes below /_sandbox that look at the bot: what it did, how often, what shall fail."""

from typing import Any

from aiohttp import web

from sandbox.telegram.chats import Chat
from sandbox.telegram.control_input import number_of, read_body, told
from sandbox.telegram.faults import read_fault
from sandbox.telegram.world import World

LONGEST_WAIT = 60.0


class Control:
    """Handlers raise ValueError or LookupError with a sentence; `told` turns it into the answer."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/_sandbox/health", told(self.health)),
            web.get("/_sandbox/transcript", told(self.read_transcript)),
            web.get("/_sandbox/traffic", told(self.read_traffic)),
            web.post("/_sandbox/faults", told(self.plan_fault)),
        ]

    async def health(self, _request: web.Request) -> dict[str, Any]:
        return {"status": "ok"}

    async def read_transcript(self, request: web.Request) -> dict[str, Any]:
        since, wait = number_of(request, "since"), min(number_of(request, "wait"), LONGEST_WAIT)
        return {"messages": await self._world.transcript.since(int(since), wait)}

    async def read_traffic(self, request: web.Request) -> dict[str, Any]:
        return self._world.traffic.report(number_of(request, "since"))

    async def plan_fault(self, request: web.Request) -> dict[str, Any]:
        body = await read_body(request)
        if body.get("kind") == "off":
            self._world.faults.faults.clear()
            return {"faults": 0}
        fault = read_fault(body)
        if fault.kind == "migrate":
            group = self._world.chats.get(fault.chat_id or 0)
            name, members = (group.first_name, group.members) if group else ("group", {})
            self._world.chats[fault.to] = Chat(fault.to, "supergroup", name, "", spoke=True, members=dict(members))
        self._world.faults.faults.append(fault)
        return {"faults": len(self._world.faults.faults)}
