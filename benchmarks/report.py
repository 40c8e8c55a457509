"""What a benchmark found: a small table, the bars it is held against, and the same as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

Cell = str | int | float
FOLDER = Path(__file__).parents[1] / "var" / "bench"


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and what it may be: at least `least`, at most `most` (either may be missing).

    `slack` is the factor by which a quick run may miss it: a few seconds on a busy machine show whether something
    is broken, not whether it is at its limit. 1 allows nothing.
    """

    what: str
    measured: float
    least: float | None = None
    most: float | None = None
    slack: float = 1.0

    def held(self, *, quick: bool) -> bool:
        slack = self.slack if quick else 1.0
        return (self.least is None or self.measured * slack >= self.least) and (
            self.most is None or self.measured <= self.most * slack
        )

    def limit(self) -> str:
        parts = ((">=", self.least), ("<=", self.most))
        return " and ".join(f"{sign} {limit:g}" for sign, limit in parts if limit is not None)


@dataclass(slots=True)
class Report:
    """One benchmark's outcome. `rows` have a cell for each of `columns`; `notes` say what a reader must know."""

    name: str
    columns: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def held(self, *, quick: bool) -> bool:
        return all(bar.held(quick=quick) for bar in self.bars)

    def text(self, *, quick: bool) -> str:
        lines = _table(self.columns, self.rows)
        lines += [
            f"{'held' if bar.held(quick=quick) else 'MISSED'}: {bar.what}: {_cell(bar.measured)} ({bar.limit()})"
            + (f", in a quick run within a factor of {bar.slack:g}" if quick and bar.slack > 1 else "")
            for bar in self.bars
        ]
        return "\n".join([f"== {self.name}{' (quick)' if quick else ''}", *lines, *self.notes])

    def save(self, *, quick: bool) -> Path:
        """Write the JSON beside the others; returns where."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{self.name}{'-quick' if quick else ''}.json"
        content = {
            "name": self.name,
            "quick": quick,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "bars": [
                {"what": bar.what, "measured": bar.measured, "limit": bar.limit(), "held": bar.held(quick=quick)}
                for bar in self.bars
            ],
            "notes": self.notes,
        }
        path.write_text(json.dumps(content, indent=1) + "\n")
        return path


def _table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[str]:
    shown = [list(columns), *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in shown) for place in range(len(columns))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in shown]


def _cell(cell: Cell) -> str:
    return (
        f"{cell:,.4g}"
        if isinstance(cell, float) and abs(cell) < 1000
        else f"{cell:,.0f}"
        if not isinstance(cell, str)
        else cell
    )
