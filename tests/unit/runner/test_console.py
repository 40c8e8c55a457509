"""What the screen makes of the processes' lines."""

import io
import json

import pytest
from rich.console import Console

from sandbox.runner.console import Screen, Status
from sandbox.runner.meters import Reading


@pytest.fixture
def screen() -> Screen:
    return Screen(Console(file=io.StringIO(), width=200, highlight=False))


def shown(console: Console) -> str:
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


@pytest.mark.parametrize(("level", "counted"), [("error", 1), ("critical", 1), ("warning", 0)])
def test_problems_are_shown_and_errors_counted(screen: Screen, level: str, counted: int) -> None:
    """Warnings are for the reader, errors also decide the exit code."""
    screen.log(json.dumps({"event": "it broke", "level": level, "process": "worker", "timestamp": "now"}))

    assert shown(screen.console).strip() == f"{level}: it broke process=worker"
    assert screen.errors == counted


@pytest.mark.parametrize(
    "line", ['{"event": "scan planned", "level": "info"}', " -------------- celery@vm", "[1, 2]", "7"]
)
def test_the_rest_is_for_the_log_file(screen: Screen, line: str) -> None:
    """Banners and ordinary events would push the alerts off the screen."""
    screen.log(line)

    assert shown(screen.console) == ""
    assert screen.errors == 0


def test_traceback_outside_the_log_is_an_error(screen: Screen) -> None:
    """A process that breaks before its log is set up must not pass for a good run."""
    screen.log("Traceback (most recent call last):")

    assert screen.errors == 1


def test_brackets_in_texts_are_not_markup(screen: Screen) -> None:
    """Titles and log lines are shown as they are."""
    screen.message("[bold]AK-47[/bold]")
    screen.log('{"event": "[red]x[/red]", "level": "warning"}')

    assert "[bold]AK-47[/bold]" in shown(screen.console)
    assert "[red]x[/red]" in shown(screen.console)


def test_status_line_holds_totals_and_rates(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rates are over the time since the last look, the budget's as a share of what the exchange allows."""
    status = Status(screen.console)
    status.at = 100.0
    monkeypatch.setattr("time.monotonic", lambda: 102.0)

    permits = {"other": 40, "market-items": 5}
    status.show(Reading(scans=3, prices=4000, opportunities=2, alerts=1, permits=permits, refused=5), errors=6)

    assert str(status.live.renderable) == (
        "scans 3 · prices 4,000 (2,000/s) · budget prices 100% offers 25% sales 0% · 429s 5 · "
        "opportunities 2 · alerts 1 · errors 6"
    )
