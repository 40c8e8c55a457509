"""Starting the sandbox services."""

from pathlib import Path

import pytest

from sandbox.runner.announced import start_announced
from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import ServerError


def test_service_says_where_it_is(tmp_path: Path) -> None:
    """Its first line is for the runner; it is not shown."""
    lines: list[str] = []
    with ProcessFamily(tmp_path) as family:
        said = start_announced(family, "telegram", "sandbox.telegram", [], lines.append)

    assert said["url"].startswith("http://127.0.0.1:")
    assert said["token"]
    assert not [line for line in lines if "token" in line]


def test_service_that_does_not_start_gives_its_reason(tmp_path: Path) -> None:
    """The words of the service itself are in the error, in one line."""
    with (
        ProcessFamily(tmp_path) as family,
        pytest.raises(ServerError, match=r"^exchange did not start: python -m .* --titles: 'x' "),
    ):
        start_announced(family, "exchange", "sandbox.exchange", ["--titles", "x"], lambda _line: None)
