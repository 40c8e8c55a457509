import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Self

from sandbox.servers.child import Child, LineSink, start_pump
from sandbox.servers.errors import ServerError
from sandbox.servers.guard_link import GuardLink
from sandbox.servers.lock import RunnerLock

# The shell registers itself with the guard and then becomes the program: no instant exists at which the
# program runs and the guard does not know it, wherever the runner is killed. Its standard input is the
# guard's pipe; the program gets /dev/null instead.
REGISTER_AND_EXEC = 'echo "add $$ $1" >&0; shift; exec "$@" </dev/null'


class ProcessFamily:
    """Starts programs and makes sure that none of them outlives this process, however it ends.

    Holds the runner lock of `folder` (FolderInUseError if another runner has it). Leaving the `with` block
    stops the children in reverse order; if this process is killed, a guard process ends them within
    5 seconds. Works on Linux and macOS. The process must not fork without exec (multiprocessing "fork"):
    a copy of the guard's pipe would hide the death of the runner.
    """

    def __init__(self, folder: Path) -> None:
        self._lock = RunnerLock(folder)
        self._children: list[Child] = []
        self._closed = False
        self._stopping = False
        try:
            self._guard = GuardLink(held_open=(self._lock.descriptor,))
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    @property
    def children(self) -> tuple[Child, ...]:
        """All children started so far, oldest first, the ended ones included."""
        return tuple(self._children)

    @property
    def guard_pid(self) -> int:
        return self._guard.pid

    def spawn(
        self,
        name: str,
        argv: Sequence[str],
        *,
        output: LineSink | Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        account: tuple[int, int] | None = None,
    ) -> Child:
        """Start a program in its own session.

        `output` gets standard output and error together: line by line, or appended to a file. `env` None
        means this process's environment. `account` is (user id, group id) to run as. `stop_signal` is what
        asks this program for an orderly end. ServerError if the program does not exist.
        """
        self._guard.check()
        program = shutil.which(argv[0], path=(os.environ if env is None else env).get("PATH"))
        if program is None:
            raise ServerError(f"{name}: there is no program {argv[0]!r}; give its full path or install it.")
        command = ["/bin/sh", "-c", REGISTER_AND_EXEC, "sh", str(int(stop_signal)), program, *argv[1:]]
        log = output.open("ab") if isinstance(output, Path) else None
        try:
            process = subprocess.Popen(
                command,
                stdin=self._guard.descriptor,
                stdout=subprocess.PIPE if log is None else log,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                user=None if account is None else account[0],
                group=None if account is None else account[1],
                extra_groups=None if account is None else (),
                start_new_session=True,
            )
        finally:
            if log is not None:
                log.close()
        pump = None if isinstance(output, Path) else start_pump(name, process.stdout, output)
        child = Child(name, process, stop_signal, self._guard.forget, pump)
        self._children.append(child)
        return child

    def stop_on_signals(self) -> None:
        """Turn SIGTERM, SIGINT and SIGHUP into SystemExit, so that the `with` block stops the children.

        Main thread only. A second signal is ignored: the stop it asks for is under way and bounded.
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._exit_on_signal)

    def close(self) -> None:
        """Stop all children, the newest first, then the guard, and release the folder."""
        if self._closed:
            return
        self._closed = True
        self._stopping = True
        try:
            for child in reversed(self._children):
                child.stop()
        finally:
            self._guard.close()
            self._lock.release()

    def _exit_on_signal(self, number: int, _frame: FrameType | None) -> None:
        if not self._stopping:
            self._stopping = True
            raise SystemExit(128 + number)
