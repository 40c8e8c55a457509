"""An exchange that answers aggregated-prices calls from memory and limits nothing: a process of its own.

`python -m benchmarks.answers TITLES`: a file with one title a line, 100 of which are one call. Every answer is made
before the first call comes. GET /change/PERMILLE makes the next answers differ from the last in that share of titles.
Prints its URL.
"""

import asyncio
import sys
from pathlib import Path
from random import Random

import orjson

PAGE = 100


class Answers:
    """Ready answers by the first title of a call."""

    def __init__(self, titles: list[str]) -> None:
        self._pages = [titles[start : start + PAGE] for start in range(0, len(titles), PAGE)]
        self._rng = Random(7)  # reproducible prices
        self._prices = dict.fromkeys(titles, (500, 600))
        self.ready: dict[str, bytes] = {}
        self._make()

    def change(self, permille: int) -> None:
        titles = list(self._prices)
        for title in self._rng.sample(titles, len(titles) * permille // 1000):
            ask = self._prices[title][1] % 9_000 + self._rng.randint(1, 900) + 100
            self._prices[title] = (ask * 8 // 10, ask)
        self._make()

    def _make(self) -> None:
        self.ready = {page[0]: _http(orjson.dumps(self._page(page))) for page in self._pages}

    def _page(self, titles: list[str]) -> dict[str, object]:
        return {"aggregatedPrices": [self._row(title) for title in titles], "nextCursor": ""}

    def _row(self, title: str) -> dict[str, object]:
        bid, ask = self._prices[title]
        return {
            "title": title,
            "orderBestPrice": {"Currency": "USD", "Amount": str(bid)},
            "orderCount": "12",
            "offerBestPrice": {"Currency": "USD", "Amount": str(ask)},
            "offerCount": "34",
        }


def _http(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


class Connection(asyncio.Protocol):
    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport if isinstance(transport, asyncio.Transport) else None

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, end, rest = self._read.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if not end or len(rest) < length:
            return
        self._read = rest[length:]
        if self._transport:
            self._transport.write(self._answer(head, rest[:length]))

    def _answer(self, head: bytes, body: bytes) -> bytes:
        if head.startswith(b"GET /change/"):
            self._answers.change(int(head.split()[1].rpartition(b"/")[2]))
            return _http(b"{}")
        return self._answers.ready[orjson.loads(body)["filter"]["titles"][0]]


async def main(titles: list[str]) -> None:
    answers = Answers(titles)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(answers), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()))
