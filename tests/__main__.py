"""Every test of `make test`, in lanes side by side: whole processes mostly wait, one lane alone leaves cores idle."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Each lane starts servers of its own. What no lane names is found by the last one, so that no test can be forgotten.
BOT, LATE = "tests/integration/bot", "test_[n-z]*.py"
PROCESSES = ("tests/integration/worker", "tests/integration/runner")
QUIET = "tests/integration/dmarket"  # counts calls in each second as they arrive: alone, before the machine is busy
LANES = (
    ("tests/acceptance",),
    (BOT, f"--ignore-glob={BOT}/{LATE}"),
    tuple(sorted(map(str, Path(BOT).glob(LATE)))),
    PROCESSES,
    ("tests/unit", "tests/integration", "tests/fuzz", *(f"--ignore={folder}" for folder in (BOT, QUIET, *PROCESSES))),
)


def main(pytest: tuple[str, ...] = (sys.executable, "-m", "pytest")) -> int:
    """Run what needs a quiet machine, then all lanes at once; the lines of each are shown together when it has ended.

    0 where all passed.
    """

    def ended(lane: tuple[str, ...]) -> int:
        run = subprocess.run([*pytest, *lane], capture_output=True, text=True, check=False)
        _say(f"\n--- {' '.join(lane)}\n{run.stdout}{run.stderr}")
        return run.returncode

    codes = [ended((QUIET,))]
    _say(f"{len(LANES)} lanes side by side; each shows its lines at its end, the last one after about ten minutes.")
    with ThreadPoolExecutor(len(LANES)) as lanes:
        codes += lanes.map(ended, LANES)
    return 1 if any(codes) else 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # a command's output


if __name__ == "__main__":
    if Path.cwd() != Path(__file__).parents[1]:
        sys.exit("run it from the root of the project: make test")
    sys.exit(main())
