import struct
import zlib
from collections.abc import Iterator

import pytest

from sandbox.telegram.server import TelegramSandbox, serve
from tests.integration.sandbox_telegram.driver import Driver


@pytest.fixture
def sandbox() -> Iterator[TelegramSandbox]:
    with serve() as running:
        yield running


@pytest.fixture
def driver(sandbox: TelegramSandbox) -> Iterator[Driver]:
    """A driver whose private chat is open."""
    driving = Driver(sandbox)
    driving.open_chat()
    yield driving
    driving.http.close()


def png(width: int, height: int) -> bytes:
    """A black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" * (width + 1)) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
