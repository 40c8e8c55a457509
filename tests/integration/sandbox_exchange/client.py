"""A second client: its own signing and its own HTTP, so that the exchange is judged from outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.exchange.exchange import Exchange

OFFERS = "/marketplace-api/v2/offers"
AGGREGATES = "/marketplace-api/v1/aggregated-prices"
SALES = "/trade-aggregator/v1/last-sales"
FEES = "/exchange/v1/customized-fees"
IDS = {"csgo": "a8db", "dota2": "9a92", "tf2": "tf2", "rust": "rust"}


def unthrottled(exchange: Exchange) -> None:
    """Forgets the current windows, so that a test's own calls never meet a limit it does not test."""
    exchange.windows.counts.clear()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass(frozen=True)
class Client:
    """Signs with the exchange's own account; `limited` calls count against the limits."""

    exchange: Exchange

    def send(
        self, method: str, target: str, body: bytes = b"", *, signed: bool = True, limited: bool = False
    ) -> Answer:
        if not limited:
            unthrottled(self.exchange)
        headers = {"Content-Type": "application/json"} | (self._signature(method, target, body) if signed else {})
        connection = HTTPConnection(urlsplit(self.exchange.url).netloc, timeout=30)
        try:
            connection.request(method, target, body or None, headers)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def get(self, path: str, **query: Any) -> Answer:
        return self.send("GET", f"{path}?{urlencode(query, quote_via=quote, doseq=True)}" if query else path)

    def post(self, path: str, body: Any) -> Answer:
        return self.send("POST", path, orjson.dumps(body))

    def bids(self, game: str, title: str) -> Answer:
        return self.get(f"/marketplace-api/v1/targets-by-title/{game}/{quote(title, safe='')}")

    def aggregates(self, game: str, titles: list[str] | None = None, **more: Any) -> Answer:
        body: dict[str, Any] = {"filter": {"game": game, "includeP2p": False}, **more}
        if titles is not None:
            body["filter"]["titles"] = titles
        return self.post(AGGREGATES, body)

    def _signature(self, method: str, target: str, body: bytes) -> dict[str, str]:
        path, mark, query = target.partition("?")
        date = str(int(datetime.now(UTC).timestamp()))
        text = f"{method}{unquote(path)}{mark}{query}".encode() + body + date.encode()
        seed = bytes.fromhex(self.exchange.secret_key[:64])
        signature = Ed25519PrivateKey.from_private_bytes(seed).sign(text).hex()
        return {
            "X-Api-Key": self.exchange.public_key,
            "X-Sign-Date": date,
            "X-Request-Sign": f"dmar ed25519 {signature}",
        }


@contextmanager
def faulty(client: Client, kind: str, **more: Any) -> Iterator[None]:
    """A fault for the length of a block."""
    client.post("/_sandbox/faults", {"kind": kind, **more})
    try:
        yield
    finally:
        client.post("/_sandbox/faults", {"kind": "off"})
