"""The checks of `make security` see what they are for."""

import subprocess
from pathlib import Path

import pytest

from tests.security import checks
from tests.security.checks import Finding, judged

SOUND = {"name": "celery", "version": "5.7.0", "vulns": []}
HOLED = {"name": "old", "version": "1.0", "vulns": [{"id": "PYSEC-2026-1"}]}
UNKNOWN = {"name": "private", "skip_reason": "Dependency not found"}


def test_vulnerable_package_is_named() -> None:
    """With its version and the number to look up, however many others are sound or unknown."""
    assert judged([SOUND, HOLED, UNKNOWN]) == Finding(good=False, text="old 1.0: PYSEC-2026-1")


def test_nobody_to_ask_is_said_and_no_finding() -> None:
    """A machine without a way out can still land; the line tells that nothing was looked up."""
    finding = judged([UNKNOWN, UNKNOWN])

    assert (finding.good, finding.asked) == (True, False)


def test_packages_that_are_unknown_are_named() -> None:
    """The rest was looked up and is sound."""
    assert judged([SOUND, UNKNOWN]) == Finding(good=True, text="not known there: private")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an empty baseline, for the secrets scan."""
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "notes.txt").write_text("nothing here\n")
    baseline = subprocess.run([checks._path("detect-secrets"), "scan"], cwd=tmp_path, capture_output=True, check=True)
    (tmp_path / ".secrets.baseline").write_bytes(baseline.stdout)
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    return tmp_path


def test_secret_that_slipped_in_is_found(project: Path) -> None:
    """With its file and line, also before it is committed; without one there is nothing to say."""
    before = checks.secrets()
    (project / "settings.ini").write_text("password = 'kX9vQ2mZ7tR4wB8n'\n")  # pragma: allowlist secret
    after = checks.secrets()

    assert before.good
    assert not after.good
    assert "settings.ini:1" in after.text
