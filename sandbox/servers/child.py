import signal
import subprocess
import threading
from collections.abc import Callable
from typing import IO

from sandbox.servers.errors import ServerError
from sandbox.servers.guard import signal_group

LineSink = Callable[[str], None]
"""Receives each output line of a child, without its end, in a thread of that child."""

PUMP_END_SECONDS = 2.0


class Child:
    """One running program, leader of its own session and process group."""

    def __init__(
        self,
        name: str,
        process: subprocess.Popen[bytes],
        stop_signal: signal.Signals,
        forget: Callable[[int], None],
        pump: threading.Thread | None,
    ) -> None:
        self.name = name
        self._process = process
        self._stop_signal = stop_signal
        self._forget = forget
        self._pump = pump
        self._reaping = threading.Lock()
        self._reaped = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self.exit_code is None

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative is the number of the signal that ended it."""
        code = self._process.poll()
        if code is not None:
            self._after_exit()
        return code

    def wait(self, seconds: float) -> int:
        """The exit code, waiting at most `seconds`; ServerError if it still runs then."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired as too_long:
            raise ServerError(
                f"{self.name} still runs after {seconds:g} seconds; stop it or wait longer.", permanent=False
            ) from too_long
        self._after_exit()
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Signal the program itself, not its children."""
        self._process.send_signal(number)

    def stop(self, seconds: float = 10.0) -> int:
        """Ask the program to stop, kill its whole group after `seconds`; return the exit code."""
        self.send_signal(self._stop_signal)
        try:
            return self.wait(seconds)
        except ServerError:
            return self.kill()

    def kill(self) -> int:
        """Kill the whole group at once; return the exit code."""
        if self._process.poll() is None:
            signal_group(self.pid, signal.SIGKILL)
        code = self._process.wait()
        self._after_exit()
        return code

    def _after_exit(self) -> None:
        with self._reaping:
            if self._reaped:
                return
            self._reaped = True
        # What the program left in its group would be nobody's now.
        signal_group(self.pid, signal.SIGKILL)
        self._forget(self.pid)
        if self._pump is not None and self._pump is not threading.current_thread():
            self._pump.join(PUMP_END_SECONDS)


def start_pump(name: str, stream: IO[bytes] | None, sink: LineSink) -> threading.Thread | None:
    if stream is None:
        return None
    pump = threading.Thread(target=_pump_lines, args=(stream, sink), name=f"output of {name}", daemon=True)
    pump.start()
    return pump


def _pump_lines(stream: IO[bytes], sink: LineSink) -> None:
    with stream:
        for line in stream:
            sink(line.decode("utf-8", "replace").rstrip("\r\n"))
