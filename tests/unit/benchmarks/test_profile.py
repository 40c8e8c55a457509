"""The profile tool's refusals."""

import sys
from pathlib import Path

import pytest

from benchmarks import profile


def test_seconds_that_are_no_number_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With what would be right, before anything is started."""
    with pytest.raises(SystemExit) as ended:
        profile.main(["--seconds", "0"])

    assert ended.value.code == 2
    assert "'0' is not a whole number of seconds, such as 20" in capsys.readouterr().err


def test_a_missing_profiler_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names what installs it."""
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path))

    assert profile.main([]) == 1
    assert capsys.readouterr().err == f"{profile.NO_SPY}\n"


def test_a_profiler_that_may_not_look_says_what_it_said(tmp_path: Path) -> None:
    """One sentence with the way out, and the profiler's own last words."""
    spy = tmp_path / "py-spy"
    spy.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('Error: Permission Denied')\n")
    spy.chmod(0o755)

    with pytest.raises(profile.SpyError, match=r"as root or allow ptrace\. It said: Error: Permission Denied"):
        profile._record(str(spy), 1, 1, tmp_path / "out.svg", "flamegraph")


def test_a_file_without_recorded_prices_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is started, with what writes one."""
    path = tmp_path / "answers"
    path.write_text("")

    with pytest.raises(SystemExit) as ended:
        profile.main(["--recorded", str(path)])

    assert ended.value.code == 2
    assert f"{path} holds no recorded answer: make profile RECORD={path} writes one" in capsys.readouterr().err


def test_recording_needs_the_environment_of_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence for each variable that is missing, and no file."""
    for name in ("DATABASE_URL", "DATABASE_URL_FILE", "ENCRYPTION_KEYS", "ENCRYPTION_KEYS_FILE"):
        monkeypatch.delenv(name, raising=False)

    assert profile.main(["--record", str(tmp_path / "answers")]) == 2
    assert "DATABASE_URL is not set: " in capsys.readouterr().err
    assert not (tmp_path / "answers").exists()
