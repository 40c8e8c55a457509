"""`python -m benchmarks.profile`: where a real worker's time goes during a real scan, as a flame graph and a table.

The prices are those of the simulated exchange, or recorded ones; `--record` writes these, of the exchange that the
environment names.
"""

import argparse
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from benchmarks import load, recording, stacks
from benchmarks.report import FOLDER
from benchmarks.stage import Stage, stage
from config.settings import SettingsError
from dmarket.errors import ExchangeError
from domain.games import GAMES
from sandbox.runner.announced import start_announced

TOP = 20
RATE = 200  # samples a second
NO_SPY = "py-spy is not installed: `make setup-bench` installs it."


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("--seconds", type=_seconds, default=20, help="of each of the two recordings")
    parser.add_argument("--out", type=Path, default=FOLDER / "scan-profile.svg", help="where the flame graph goes")
    several = parser.add_mutually_exclusive_group()
    several.add_argument("--recorded", type=_recorded, help="scan the recorded prices of this file")
    several.add_argument("--record", type=Path, help="record prices into this file and end")
    given = parser.parse_args(arguments)
    if given.record:
        return _record_prices(given.record)
    spy = shutil.which("py-spy", path=sysconfig.get_path("scripts"))
    if spy is None:
        print(NO_SPY, file=sys.stderr)
        return 1
    try:
        sampled = profile(spy, given.seconds, given.out, given.recorded)
    except SpyError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(stacks.table(sampled, TOP)))
    print(f"flame graph: {given.out}")
    return 0


def _seconds(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of seconds, such as 20")
    return int(text)


def _recorded(text: str) -> Path:
    try:
        recording.read(Path(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return Path(text)


def _record_prices(path: Path) -> int:
    """The exit code: 2 where the environment cannot be used, 1 where the exchange or the disk fails."""
    try:
        recording.record(path, print)
    except (SettingsError, ExchangeError, OSError) as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, SettingsError) else 1
    return 0


class SpyError(Exception):
    """py-spy recorded nothing; trying again with the same rights does not help."""

    permanent = True
    retry_after: float | None = None


def profile(spy: str, seconds: int, picture: Path, recorded: Path | None = None) -> str:
    """Write the flame graph of a worker that scans all games; returns the stacks of a second recording."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    with stage(*load.market(load.GAMES), **load.UNSCHEDULED) as own:
        games = _replay(own, recorded) if recorded else list(load.GAMES)
        load.favour_instruments(own)
        bell = load.Bell(own)
        with load.crew(own, 1) as (worker,):
            load.know_catalogue(own, bell, games)
            with load.endless_scans(own, bell, games):
                _record(spy, worker.child.pid, seconds, picture, "flamegraph")
                raw = own.data / "stacks.txt"
                _record(spy, worker.child.pid, seconds, raw, "raw")
                return raw.read_text(encoding="utf-8")


def _replay(own: Stage, recorded: Path) -> list[str]:
    """Have the workers read recorded prices; the games that there are some of."""
    options = [str(recorded), str(own.stack.exchange)]
    said = start_announced(own.stack.family, "replay", "benchmarks.replay", options, own.stack.logs.sink("replay"))
    own.stack.env["DMARKET_API_URL"] = said["url"]
    found = recording.read(recorded)
    return [key for key, game in GAMES.items() if game.exchange_id in found]


def _record(spy: str, pid: int, seconds: int, out: Path, form: str) -> None:
    """Only a thread that holds the interpreter is sampled: most wait. SpyError with what py-spy said."""
    options = ["--pid", str(pid), "--duration", str(seconds), "--rate", str(RATE), "--gil", "--format", form]
    done = subprocess.run([spy, "record", *options, "--output", str(out)], capture_output=True, text=True, check=False)
    if done.returncode or not out.exists():
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
        raise SpyError(f"py-spy could not look into the worker; run this as root or allow ptrace. It said: {said}")


if __name__ == "__main__":
    sys.exit(main())
