"""Every test of `make test`: those of whole processes, which mostly wait, beside all others."""

import subprocess
import sys
import tempfile
from pathlib import Path

WHOLE = ("tests/acceptance",)
PARTS = ("tests/unit", "tests/integration", "tests/fuzz")


def main(pytest: tuple[str, ...] = (sys.executable, "-m", "pytest")) -> int:
    """Run both at once; the lines of the second are shown when the first is through. 0 where all passed."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        whole = subprocess.Popen([*pytest, *WHOLE], stdout=said, stderr=subprocess.STDOUT)
        try:
            parts = subprocess.run([*pytest, *PARTS], check=False).returncode
            other = whole.wait()
        finally:
            whole.terminate()
            whole.wait()
        said.seek(0)
        print(f"\nBeside them, {', '.join(WHOLE)}:\n{said.read()}", flush=True)  # noqa: T201  # a command's output
    return parts or other


if __name__ == "__main__":
    if Path.cwd() != Path(__file__).parents[1]:
        sys.exit("run it from the root of the project: make test")
    sys.exit(main())
