import os
import secrets
import socket
from pathlib import Path


def kept_password(file: Path) -> str:
    """The password in `file` (mode 600), generated on first use; letters and digits, safe inside a URL."""
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(24))
    return file.read_text()


def kept_port(file: Path) -> int:
    """The port in `file` if it is free on 127.0.0.1, else a free one, which is then kept in `file`."""
    former = int(file.read_text()) if file.exists() else 0
    port = former if former and _bind(former) else _bind(0)
    file.write_text(str(port))
    return port


def _bind(port: int) -> int:
    """The port that could be bound (any for 0); 0 if it could not."""
    with socket.socket() as probe:
        # As both servers do: connections of the former server in TIME_WAIT do not make the port busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
        bound: int = probe.getsockname()[1]
        return bound


def tail(file: Path, lines: int = 5) -> str:
    """The last lines of a log, joined by ` / `, for the sentence that reports a failed start."""
    if not file.exists():
        return "no output"
    return " / ".join(file.read_text(errors="replace").splitlines()[-lines:]) or "no output"
