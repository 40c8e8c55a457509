"""A seeded chaos run over whole processes: whatever dies, nothing is lost, untrue, doubled or over the limit.

FAULT_SEED and FAULT_SECONDS (how long faults go on) choose the run; the same seed gives the same faults.
"""

import os
import shutil
from pathlib import Path

import pytest

from sandbox.runner.stack import ROOT
from tests.faults import plan
from tests.faults.checker import check
from tests.faults.run import run


def number(name: str, default: int, least: int) -> int:
    """A whole number from the environment."""
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise pytest.UsageError(f"{name} is {text!r}; it must be a whole number from {least} on")
    return int(text)


KEPT = ROOT / "var" / "faults"
SEED = number("FAULT_SEED", 3, 0)
SECONDS = number("FAULT_SECONDS", 25, 5)


def tell(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        print(text, flush=True)  # noqa: T201  # what happened and what was allowed is worth reading in a good run, too


@pytest.mark.timeout(SECONDS + 400)
def test_whatever_dies_every_promise_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan is printed, and so are the counts of what is allowed; a broken promise is a sentence."""
    faults = plan.plan(SEED, SECONDS)
    tell(capsys, f"\nreplay: make test-faults FAULT_SEED={SEED} FAULT_SECONDS={SECONDS}\n{plan.text(SEED, faults)}")

    result = run(tmp_path / "run", SEED, faults)
    findings = check(result.evidence)
    tell(capsys, findings.text())
    if findings.violations:
        kept = shutil.copytree(tmp_path / "run" / "logs", KEPT / str(SEED), dirs_exist_ok=True)
        tell(capsys, f"the logs of every process are kept in {kept}")

    assert not result.failures
    assert not findings.violations
    assert result.settled
