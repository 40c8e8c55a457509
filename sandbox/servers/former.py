from pathlib import Path

from sandbox.servers.errors import ServerError
from sandbox.servers.processes import command_line, is_running, poll_until

WAIT_SECONDS = 10.0


def await_former_server(pid_file: Path, marker: str, seconds: float = WAIT_SECONDS) -> None:
    """Wait until the server that wrote `pid_file` is gone, then remove the file.

    `marker` is a part of that server's command line; another program that got its process id meanwhile
    (after a reboot) is not waited for. ServerError if the server does not go within `seconds`.
    """
    pid = _first_number(pid_file)
    if pid and not poll_until(lambda: not (is_running(pid) and marker in command_line(pid)), seconds):
        raise ServerError(
            f"A former server (process {pid}) still runs on {pid_file.parent} after {seconds:g} seconds; "
            f"stop it with: kill -INT {pid}",
            permanent=False,
        )
    pid_file.unlink(missing_ok=True)


def _first_number(pid_file: Path) -> int:
    try:
        first = pid_file.read_text().split()[0]
    except (FileNotFoundError, IndexError):
        return 0
    return int(first)
