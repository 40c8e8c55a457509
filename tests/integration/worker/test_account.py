"""`celery -A worker account` as a whole process against a real exchange."""

import os
import subprocess
import sys


def account(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "celery", "-A", "worker", "account"]
    return subprocess.run(
        command, env={"PATH": os.environ["PATH"], **environ}, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_account_command_shows_whom_the_keys_belong_to(environ: dict[str, str]) -> None:
    """Good keys: the name, the money and the limit, exit code 0."""
    done = account(environ)

    assert done.returncode == 0, done.stderr
    assert "balance $" in done.stdout
    assert "targets at most" in done.stdout


def test_the_account_command_says_in_one_sentence_that_keys_are_refused(environ: dict[str, str]) -> None:
    """A key pair the exchange does not know: one clear line, exit code 1, no secret and no traceback."""
    seed = "11" * 32
    public = "d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737"  # of that seed
    done = account({**environ, "DMARKET_PUBLIC_KEY": public, "DMARKET_SECRET_KEY": seed})

    assert done.returncode == 1
    assert "the keys or this machine's clock are wrong" in done.stderr
    assert "Traceback" not in done.stderr
    assert seed not in done.stderr


def test_the_account_command_lists_what_the_environment_lacks() -> None:
    """Without keys nothing is asked: exit code 2 and a line for each variable."""
    done = account({})

    assert done.returncode == 2
    assert {"DMARKET_PUBLIC_KEY", "DMARKET_SECRET_KEY"} <= {line.split()[0] for line in done.stderr.splitlines()}
