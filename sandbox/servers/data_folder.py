import os
import secrets
from pathlib import Path

from sandbox.servers.ports import bound, free_port


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
    port = former if former and bound(former) else free_port()
    file.write_text(str(port))
    return port


def tail(file: Path, lines: int = 5) -> str:
    """The last lines of a log, joined by ` / `, for the sentence that reports a failed start."""
    if not file.exists():
        return "no output"
    return " / ".join(file.read_text(errors="replace").splitlines()[-lines:]) or "no output"
