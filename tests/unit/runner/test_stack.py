"""Small parts of starting a stack."""

from pathlib import Path

import pytest

from sandbox.runner.announced import last_words
from sandbox.runner.stack import forget
from sandbox.servers.children import ProcessFamily


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("DATABASE_URL: no answer:\n\tIs it running?\n", "DATABASE_URL: no answer: Is it running?"),
        ("INFO x\nTraceback (most recent call last):\n  File y\nValueError: z\n", "ValueError: z"),
        ("usage: x [-h]\n  [-y Y]\nx: error: y is needed\n", "x: error: y is needed"),
        ("", "it said nothing"),
    ],
)
def test_last_words_say_what_happened(said: str, words: str) -> None:
    """A sentence meant for people is kept whole, of a traceback the line that tells most."""
    assert last_words(said.splitlines()) == words


def test_forgetting_leaves_the_lock(tmp_path: Path) -> None:
    """Who forgets a run holds its folder, and nobody can slip in between."""
    with ProcessFamily(tmp_path):
        (tmp_path / "postgres" / "base").mkdir(parents=True)
        (tmp_path / "note").touch()
        forget(tmp_path)
        left = [entry.name for entry in tmp_path.iterdir()]

    assert left == ["runner.lock"]
