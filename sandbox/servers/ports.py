"""Ports of this machine that nobody listens on."""

import socket


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago."""
    return bound(0)


def bound(port: int) -> int:
    """The port that could be bound on 127.0.0.1 (any for 0) and is free again; 0 if it could not."""
    with socket.socket() as probe:
        # As both servers do: connections of the former server in TIME_WAIT do not make the port busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
        found: int = probe.getsockname()[1]
        return found
