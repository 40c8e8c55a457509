"""The documents of the project, and the tables in them."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
README, CONTRIBUTING, ALERTS = ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs/alerts.md"
OPERATIONS, ARCHITECTURE = ROOT / "docs/operations.md", ROOT / "docs/architecture.md"
EXCHANGE, TELEGRAM = ROOT / "docs/exchange-api.md", ROOT / "docs/telegram.md"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def table(document: Path, first: str) -> list[list[str]]:
    """The rows of the table whose first column is headed `first`, as cells; the test fails where there is none."""
    lines = iter(document.read_text(encoding="utf-8").splitlines())
    head = next((line for line in lines if line.startswith(f"| {first} |")), None)
    assert head is not None, f"{document.name} has no table headed {first!r}"
    next(lines)
    return [list(_cells(line)) for line in _while_table(lines)]


def _while_table(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield line


def _cells(line: str) -> Iterator[str]:
    return (cell.strip() for cell in line.strip("|").split("|"))


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)
