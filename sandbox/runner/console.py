"""What the person at the terminal sees: alerts as Telegram shows them, and one live status line."""

import json
import threading
import time
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from sandbox.runner.meters import Reading

PROBLEMS = {"error", "critical"}


@dataclass(slots=True)
class Screen:
    """Counts errors in the processes' logs while it shows the rest."""

    console: Console = field(default_factory=lambda: Console(highlight=False))
    errors: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, text: str) -> None:
        self.console.print(text, markup=False)

    def message(self, text: str) -> None:
        self.console.print(Panel(Text(text), title="Telegram", title_align="left", width=min(88, self.console.width)))

    def log(self, line: str) -> None:
        """One line of a process: warnings and errors are shown, errors counted, the rest is for the log file."""
        level, text = _read(line)
        if level in PROBLEMS:
            with self.lock:
                self.errors += 1
        if level in PROBLEMS or level == "warning":
            self.console.print(Text(f"{level}: {text}", style="red" if level in PROBLEMS else "yellow"))


def _read(line: str) -> tuple[str, str]:
    try:
        event = json.loads(line)
    except ValueError:
        return ("error" if line.startswith("Traceback") else "info"), line
    if not isinstance(event, dict):
        return "info", line
    rest = " ".join(f"{key}={value}" for key, value in event.items() if key not in {"event", "level", "timestamp"})
    return str(event.get("level", "info")), f"{event.get('event')} {rest}"


# Calls a second for one account (docs/exchange-api.md, Rate limits), and how we name them in one line.
OFFICIAL = {"other": ("prices", 20), "market-items": ("offers", 10), "last-sales": ("sales", 6)}


class Status:
    """The line at the bottom: totals, prices a second and how much of the call budget was used since the last look."""

    def __init__(self, console: Console) -> None:
        self.live = Live(Text(""), console=console, refresh_per_second=4, transient=True)
        self.last = Reading()
        self.at = time.monotonic()

    def show(self, now: Reading, errors: int) -> None:
        seconds = max(time.monotonic() - self.at, 0.001)
        prices = (now.prices - self.last.prices) / seconds
        used = " ".join(
            f"{name} {(now.permits.get(group, 0) - self.last.permits.get(group, 0)) / seconds / limit:.0%}"
            for group, (name, limit) in OFFICIAL.items()
        )
        self.last, self.at = now, time.monotonic()
        self.live.update(
            Text(
                f"scans {now.scans} · prices {now.prices:,} ({prices:,.0f}/s) · budget {used} · 429s {now.refused} · "
                f"opportunities {now.opportunities} · alerts {now.alerts} · errors {errors}",
                style="bold cyan",
            )
        )
