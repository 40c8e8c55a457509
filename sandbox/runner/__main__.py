"""`python -m sandbox.runner demo` runs on simulated services, `… run` on what the environment names."""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from config.settings import SettingsError, load
from sandbox.runner.chat import Reader
from sandbox.runner.console import Screen, Status
from sandbox.runner.environment import PROCESSES, needs
from sandbox.runner.meters import Reading, read
from sandbox.runner.stack import Stack, Wishes, prepare
from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import ServerError

BAD_CONFIGURATION = 2
LOOK = 1.0  # seconds between two looks at the processes


def main() -> int:
    """The exit code: 0 when all went well, 1 when something failed, 2 for a bad configuration."""
    options = _options()
    screen = Screen()
    data: Path = options.data or Path("var") / options.mode
    problems = [] if options.mode == "demo" else _problems()
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return BAD_CONFIGURATION
    if options.fresh:
        shutil.rmtree(data, ignore_errors=True)
    try:
        with ProcessFamily(data) as family:
            family.stop_on_signals()
            stack = prepare(family, data, os.environ, screen, _wishes(options.mode))
            for process in PROCESSES:
                stack.spawn(process)
            reading = _watch(family, stack, screen, options.seconds)
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    if options.mode == "demo":
        print(
            f"demo: scans={reading.scans} prices={reading.prices} opportunities={reading.opportunities} "
            f"alerts={reading.alerts} errors={screen.errors}"
        )
    return 1 if screen.errors or (options.mode == "demo" and not reading.alerts) else 0


def _wishes(mode: str) -> Wishes:
    """The simulated deals are new each time: the chat was told of the former ones already."""
    return Wishes(
        everything=mode == "demo", exchange=("--plant-seed", str(int(time.time())), "--planted-per-game", "6")
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.runner", description=__doc__)
    parser.add_argument("mode", choices=["demo", "run"])
    parser.add_argument("--seconds", type=_seconds, default=os.environ.get("DEMO_SECONDS"), help="end after that long")
    parser.add_argument("--data", type=Path, help="folder for the databases and logs, var/MODE by default")
    parser.add_argument(
        "--fresh", action="store_true", default=bool(os.environ.get("DEMO_FRESH")), help="forget earlier runs"
    )
    return parser.parse_args()


def _seconds(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of seconds, such as 45")
    return int(text)


def _problems() -> list[str]:
    """What is wrong with the part of the environment that a real run takes from it."""
    wanted = needs(os.environ, everything=False)
    stand_ins = {
        "DATABASE_URL": "postgresql://embedded" if wanted.postgres else None,
        "CELERY_BROKER_URL": "redis://embedded" if wanted.broker else None,
        "DMARKET_PUBLIC_KEY": "0" * 64 if wanted.exchange else None,
        "DMARKET_SECRET_KEY": "0" * 64 if wanted.exchange else None,
        "TELEGRAM_BOT_TOKEN": "1:embedded" if wanted.telegram else None,
    }
    environ = {**os.environ, **{name: value for name, value in stand_ins.items() if value}}
    problems: dict[str, None] = {}
    for role in ("worker", "bot"):
        try:
            load(environ, role)
        except SettingsError as error:
            problems.update(dict.fromkeys(error.problems))
    return list(problems)


def _watch(family: ProcessFamily, stack: Stack, screen: Screen, seconds: int | None) -> Reading:
    """Show alerts and the status line until the time is over, a signal comes, or a process ends."""
    reader = Reader(stack.telegram, screen.message) if stack.telegram else None
    if reader:
        reader.start()
    screen.say("Skinbeat is up; Ctrl-C ends it." if seconds is None else f"Skinbeat is up for {seconds} s.")
    ends = time.monotonic() + seconds if seconds else None
    standing = [child for child in family.children if child.running]  # set-up programs have done their work
    status = Status(screen.console)
    reading = Reading()
    try:
        with status.live:
            while ends is None or time.monotonic() < ends:
                time.sleep(LOOK)  # a person's refresh rate, nothing waits for it
                reading = read(stack.ports.of.values())
                status.show(reading, screen.errors)
                ended = [child for child in standing if not child.running]
                if ended:
                    raise ServerError(
                        f"{ended[0].name} ended by itself with exit code {ended[0].exit_code}: see its log"
                    )
    finally:
        if reader:
            reader.stopped.set()
    return reading


if __name__ == "__main__":
    sys.exit(main())
