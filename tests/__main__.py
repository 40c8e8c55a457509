"""Every test of `make test`, in lanes side by side: whole processes mostly wait, one lane alone leaves cores idle."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ALL = ("tests/unit", "tests/integration", "tests/fuzz", "tests/acceptance")
ACCEPTANCE, BOT, EXCHANGE = "tests/acceptance", "tests/integration/bot", "tests/integration/dmarket"
LATE = "test_[n-z]*.py"
PROCESSES = ("tests/integration/worker", "tests/integration/runner")
Lane = tuple[str, ...]


def but(*folders: str) -> Lane:
    """Every test outside of these."""
    roots = (root for root in ALL if root not in folders)  # pytest ignores no folder that it is given by name
    return (*roots, *(f"--ignore={folder}" for folder in folders if folder not in ALL))


# Each lane starts servers of its own. What no lane names is found by the last one, so that no test can be forgotten.
# Tests that bound how long something takes want a machine that does little else.
TIMED: Sequence[Lane] = ((BOT, EXCHANGE), but(BOT, EXCHANGE))
OTHERS: Sequence[Lane] = (
    (ACCEPTANCE,),
    (BOT, f"--ignore-glob={BOT}/{LATE}"),
    tuple(sorted(map(str, Path(BOT).glob(LATE)))),
    PROCESSES,
    but(ACCEPTANCE, BOT, *PROCESSES),
)


def main(pytest: Lane = (sys.executable, "-m", "pytest")) -> int:
    """Run what is marked `timed`, then all else; the lines of each lane are shown together when it has ended.

    0 where all passed.
    """
    _say("Tests that measure time come first; each lane shows its lines at its end, the last after about 13 minutes.")
    codes = _together((*pytest, "-m", "timed"), TIMED) + _together((*pytest, "-m", "not timed"), OTHERS)
    return 1 if any(codes) else 0


def _together(pytest: Lane, lanes: Sequence[Lane]) -> list[int]:
    def ended(lane: Lane) -> int:
        run = subprocess.run([*pytest, *lane], capture_output=True, text=True, check=False)
        _say(f"\n--- {' '.join(lane)}\n{run.stdout}{run.stderr}")
        return run.returncode

    with ThreadPoolExecutor(len(lanes)) as pool:
        return list(pool.map(ended, lanes))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # a command's output


if __name__ == "__main__":
    if Path.cwd() != Path(__file__).parents[1]:
        sys.exit("run it from the root of the project: make test")
    sys.exit(main())
