"""`python -m sandbox.runner demo` runs on simulated services, `… run` on what the environment names."""

import argparse
import os
import sys
import time
from pathlib import Path

from sandbox.runner.chat import Reader
from sandbox.runner.console import Screen, Status
from sandbox.runner.deals import Dealer
from sandbox.runner.environment import PROCESSES, problems_in
from sandbox.runner.meters import Reading, read
from sandbox.runner.stack import Stack, Wishes, forget, prepare
from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import ServerError

BAD_CONFIGURATION = 2
LOOK = 1.0  # seconds between two looks at the processes


def main() -> int:
    """The exit code: 0 when all went well, 1 when something failed, 2 for a bad configuration."""
    options = _options()
    screen = Screen()
    data: Path = options.data or Path("var") / options.mode
    everything = options.mode == "demo"
    problems = problems_in(os.environ, everything=everything)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return BAD_CONFIGURATION
    try:
        with ProcessFamily(data) as family:
            family.stop_on_signals()
            if options.fresh:
                forget(data)
            stack = prepare(family, data, os.environ, screen, _wishes(everything=everything))
            for process in PROCESSES:
                stack.spawn(process)
            reading = _watch(family, stack, screen, options.seconds)
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    if everything:
        print(
            f"demo: scans={reading.scans} prices={reading.prices} opportunities={reading.opportunities} "
            f"alerts={reading.alerts} errors={screen.errors}"
        )
    return 1 if screen.errors or (everything and not reading.alerts) else 0


def _wishes(*, everything: bool) -> Wishes:
    """The simulated deals are new each time: the chat was told of the former ones already."""
    return Wishes(everything=everything, exchange=("--plant-seed", str(int(time.time())), "--planted-per-game", "6"))


def _options() -> argparse.Namespace:
    """DEMO_SECONDS and DEMO_FRESH are for the demo alone: a real run's data must not hang on a forgotten variable."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.runner", description=__doc__)
    parser.add_argument("mode", choices=["demo", "run"])
    parser.add_argument("--seconds", type=_seconds, help="end after that long; DEMO_SECONDS does the same for the demo")
    parser.add_argument("--data", type=Path, help="folder for the databases and logs, var/MODE by default")
    parser.add_argument("--fresh", action="store_true", help="forget earlier runs; DEMO_FRESH=1 does so for the demo")
    options = parser.parse_args()
    if options.mode == "demo":
        if options.seconds is None and os.environ.get("DEMO_SECONDS"):
            try:
                options.seconds = _seconds(os.environ["DEMO_SECONDS"])
            except argparse.ArgumentTypeError as error:
                parser.error(f"DEMO_SECONDS: {error}")
        options.fresh = options.fresh or os.environ.get("DEMO_FRESH", "0") not in {"", "0"}
    return options


def _seconds(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of seconds, such as 45")
    return int(text)


def _watch(family: ProcessFamily, stack: Stack, screen: Screen, seconds: int | None) -> Reading:
    """Show alerts and the status line until the time is over, a signal comes, or a process ends."""
    reader = Reader(stack.telegram, screen.message) if stack.telegram else None
    dealer = Dealer(stack.exchange) if stack.exchange else None
    for helper in (reader, dealer):
        if helper:
            helper.start()
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
                    name, code = ended[0].name, ended[0].exit_code
                    raise ServerError(f"{name} ended by itself with exit code {code}: see {stack.logs.folder}")
    finally:
        for helper in (reader, dealer):
            if helper:
                helper.stopped.set()
    return reading


if __name__ == "__main__":
    sys.exit(main())
