"""An exchange that answers with recorded prices and has the simulated one answer everything else.

`python -m benchmarks.replay FILE URL` prints a line of JSON with its own URL.
"""

import asyncio
import json
import sys
from pathlib import Path

import orjson
from aiohttp import ClientSession, web
from yarl import URL

from benchmarks.recording import Recorded, answer_to, read
from dmarket.endpoints import AGGREGATED_PRICES

LATENCY = 0.05  # seconds, as the simulated one's
HOP = {"connection", "content-length", "transfer-encoding", "content-encoding", "date", "server"}


class Replay:
    def __init__(self, recorded: Recorded, upstream: str, session: ClientSession) -> None:
        self._recorded = recorded
        self._upstream = upstream
        self._session = session

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.path == AGGREGATED_PRICES.path:
            await asyncio.sleep(LATENCY)
            said = orjson.dumps(answer_to(self._recorded, orjson.loads(body)))
            return web.Response(body=said, content_type="application/json")
        url = URL(self._upstream + request.raw_path, encoded=True)
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        async with self._session.request(request.method, url, headers=headers, data=body) as answer:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP}
            return web.Response(status=answer.status, body=await answer.read(), headers=kept)


async def main(path: str, upstream: str) -> None:
    async with ClientSession() as session:
        application = web.Application()
        application.router.add_route("*", "/{tail:.*}", Replay(read(Path(path)), upstream, session).answer)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print(json.dumps({"url": "http://{}:{}".format(*runner.addresses[0])}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
