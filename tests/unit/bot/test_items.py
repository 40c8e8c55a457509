"""Where the bot's screens have their titles from."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalogues import SOURCES

MODULES = sorted(SOURCES.rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_no_screen_reads_the_table_of_items_itself(path: Path) -> None:
    """models.queries.titles and its neighbours know what a title is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert "models.items" not in set(imported(tree))
