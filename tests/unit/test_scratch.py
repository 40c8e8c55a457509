"""The folder for the tests' servers: in memory where there is room, gone afterwards, also after a kill."""

import os
import subprocess
import sys
from pathlib import Path

from tests.scratch import PREFIX, scratch_folder

ENDLESS = 1 << 62  # bytes that no machine has free


def test_it_is_in_memory_and_gone_at_the_end(tmp_path: Path) -> None:
    """Private, below the folder in memory, and removed with what is in it."""
    with scratch_folder(tmp_path, room=1) as folder:
        (folder / "file").touch()
        mode = folder.stat().st_mode & 0o777

    assert folder.parent == tmp_path
    assert mode == 0o700
    assert list(tmp_path.iterdir()) == []


def test_without_room_or_memory_it_is_elsewhere(tmp_path: Path) -> None:
    """A container's /dev/shm of 64 MB, or a system without one."""
    with scratch_folder(tmp_path, ENDLESS) as crowded, scratch_folder(tmp_path / "missing") as missing:
        pass

    assert tmp_path not in {crowded.parent, missing.parent}


def test_what_a_killed_run_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """The name tells whose folder it is; that of a run under way stays, and so does what is not ours."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    abandoned = tmp_path / f"{PREFIX}{ended.pid}-abc"
    kept = {tmp_path / f"{PREFIX}{os.getppid()}-abc", tmp_path / "somebody-elses"}
    for folder in (abandoned, *kept):
        folder.mkdir()
    with scratch_folder(tmp_path, room=1) as own:
        found = set(tmp_path.iterdir())

    assert found == {own, *kept}
