"""An HTTP adapter that notes when a request has been written, which only the connection itself knows."""

import threading
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_written = threading.local()


def forget_writing() -> None:
    """Begin a call: nothing has been written in this thread yet."""
    _written.at = None


def written_at() -> float | None:
    """When this thread's last request was handed to the network (time.monotonic() seconds); None before that."""
    at: float | None = getattr(_written, "at", None)
    return at


class _TimedConnection(HTTPConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)
        _written.at = time.monotonic()


class _TimedSecureConnection(HTTPSConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)
        _written.at = time.monotonic()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _TimedConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _TimedSecureConnection


class TimedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
