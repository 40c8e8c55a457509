"""Flower behind a password, without Flower."""

from pathlib import Path

import pytest

from config.settings import SettingsError
from worker.flower import guard

COMMAND = ["-A", "worker", "flower"]
GOOD = "operator:correct horse"


def problem(environ: dict[str, str], *arguments: str, production: bool = True) -> str:
    with pytest.raises(SettingsError) as raised:
        guard(environ, [*COMMAND, *arguments], production=production)
    (sentence,) = raised.value.problems
    return sentence


def test_production_without_a_password_is_refused() -> None:
    """Whoever reaches an open Flower can stop workers, so there is none; the sentence says what to give."""
    assert problem({}).startswith("FLOWER_BASIC_AUTH is not set: whoever reaches Flower")


def test_development_may_go_without() -> None:
    """On the loopback of a laptop a password only disturbs."""
    guard({}, COMMAND, production=False)


def test_password_in_a_file_becomes_flowers_own_variable(tmp_path: Path) -> None:
    """As with every other secret; the line end of an editor is no part of it."""
    file = tmp_path / "auth"
    file.write_text(f"{GOOD}\n")
    environ = {"FLOWER_BASIC_AUTH_FILE": str(file)}

    guard(environ, COMMAND, production=True)

    assert environ["FLOWER_BASIC_AUTH"] == GOOD


@pytest.mark.parametrize("option", ["--basic-auth=a:b", "--basic_auth=a:b", "--auth=.*@example.org"])
def test_command_line_may_guard_it(option: str) -> None:
    """Flower's own options count, its OAuth included."""
    guard({}, [*COMMAND, option], production=True)


@pytest.mark.parametrize("bad", ["operator", ":correct horse", "operator:short", f"{GOOD},second:short", f"{GOOD},"])
def test_password_that_guards_nothing_is_refused(bad: str) -> None:
    """No name, no password, a short one: also outside production, and without being quoted."""
    sentence = problem({"FLOWER_BASIC_AUTH": bad}, production=False)

    assert sentence.startswith("FLOWER_BASIC_AUTH: must be name:password")
    assert bad not in sentence


def test_file_that_is_missing_is_named(tmp_path: Path) -> None:
    """A typing error in a path must not open Flower."""
    path = tmp_path / "missing"

    assert (
        problem({"FLOWER_BASIC_AUTH_FILE": str(path)})
        == f"FLOWER_BASIC_AUTH_FILE: {path} cannot be read as a text file"
    )


def test_value_and_file_together_are_refused(tmp_path: Path) -> None:
    """Which of them counts would be a guess."""
    both = {"FLOWER_BASIC_AUTH": GOOD, "FLOWER_BASIC_AUTH_FILE": str(tmp_path / "auth")}

    assert problem(both) == "FLOWER_BASIC_AUTH and FLOWER_BASIC_AUTH_FILE are both set: give one of them"
