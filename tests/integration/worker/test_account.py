"""`celery -A worker account` as a whole process against a real exchange."""

import os
import subprocess
import sys

import requests

from config.keys import SEED

OTHER_SEED = "11" * 32
OTHER = "d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737"  # public key of that seed, known to nobody


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
    done = account({**environ, "DMARKET_PUBLIC_KEY": OTHER, "DMARKET_SECRET_KEY": OTHER_SEED})

    assert done.returncode == 1
    assert "the keys or this machine's clock are wrong" in done.stderr
    assert "Traceback" not in done.stderr
    assert OTHER_SEED not in done.stderr


def test_the_account_command_lists_what_the_environment_lacks() -> None:
    """Without keys nothing is asked: exit code 2 and a line for each variable."""
    done = account({})

    assert done.returncode == 2
    assert {"DMARKET_PUBLIC_KEY", "DMARKET_SECRET_KEY"} <= {line.split()[0] for line in done.stderr.splitlines()}


def with_two(environ: dict[str, str]) -> dict[str, str]:
    """The account that the exchange knows, and one that it does not."""
    pairs = {"DMARKET_PUBLIC_KEY": OTHER, "DMARKET_SECRET_KEY": OTHER_SEED}
    return {**environ, **{name: f"{environ[name]},{key}" for name, key in pairs.items()}}


def test_each_of_several_accounts_has_a_line(environ: dict[str, str]) -> None:
    """The first digits of its public key, then whose it is or why it cannot be used; exit code 1 where one cannot."""
    public = environ["DMARKET_PUBLIC_KEY"]

    done = account(with_two(environ))

    good, bad = done.stdout.splitlines()
    assert good.startswith(f"{public[:8]} sandbox-{public[:8]}, balance $10,000.00, ")
    assert bad.startswith(f"{OTHER[:8]} cannot be used (the keys or this machine's clock are wrong): user: ")
    assert done.returncode == 1
    assert "1 of 2 accounts cannot be used" in done.stderr
    assert not any(key in done.stdout + done.stderr for key in (public, OTHER, OTHER_SEED))


def test_a_banned_account_is_told_as_one(environ: dict[str, str]) -> None:
    """Not as a matter of keys or clocks."""
    ban = {"publicKey": environ["DMARKET_PUBLIC_KEY"]}
    place = f"{environ['DMARKET_API_URL']}/_sandbox/accounts"
    requests.post(place, json={**ban, "standing": "banned"}, timeout=30).raise_for_status()
    try:
        done = account(environ)
    finally:
        requests.post(place, json={**ban, "standing": "active"}, timeout=30).raise_for_status()

    assert done.returncode == 1
    assert "the exchange refuses this account" in done.stderr
    assert "Banned" in done.stderr


def test_a_secret_of_another_account_is_named_by_its_place(environ: dict[str, str]) -> None:
    """Seeds do not show whose they are: it is computed before anything is asked. Exit code 2, no secret."""
    seed = environ["DMARKET_SECRET_KEY"][:SEED]
    wrong = {**with_two(environ), "DMARKET_SECRET_KEY": f"{OTHER_SEED},{seed}"}

    done = account(wrong)

    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"DMARKET_SECRET_KEY: key {place} of 2 does not belong to DMARKET_PUBLIC_KEY: give both of one key pair"
        for place in (1, 2)
    ]
