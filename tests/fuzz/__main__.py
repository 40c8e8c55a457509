"""`python -m tests.fuzz`: many damaged answers, or one of them again; exit code 1 where something is wrong.

FUZZ_CASES says how many, FUZZ_SEED which ones, FUZZ_CASE replays the one of that number.
"""

import os
import sys
import time
from collections.abc import Iterator

from tests.fuzz.cases import complaint, draw, smallest

SAID_EVERY = 20_000
MOST_SHOWN = 5


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def report(seed: int, number: int) -> str:
    """What is wrong with a case, the smallest answer that shows it, and how to see it again."""
    case = smallest(draw(seed, number))
    return (
        f"case {number} of seed {seed}, {case.sample.kind} asked for {case.sample.titles}:\n  {complaint(case)}\n"
        f"  answer: {case.body[:2000]!a}\n  again: FUZZ_SEED={seed} FUZZ_CASE={number} make fuzz"
    )


def failing(seed: int, cases: int) -> Iterator[int]:
    """The numbers of the cases that something is wrong with."""
    started = time.monotonic()
    for number in range(cases):
        if number % SAID_EVERY == 0 and number:
            say(f"{number:,} cases, {time.monotonic() - started:.0f} s")
        if complaint(draw(seed, number)):
            yield number


def main() -> int:
    seed, cases = int(os.environ.get("FUZZ_SEED", "7")), int(os.environ.get("FUZZ_CASES", "100000"))
    if "FUZZ_CASE" in os.environ:
        number = int(os.environ["FUZZ_CASE"])
        wrong = [number] if complaint(draw(seed, number)) else []
        say(f"case {number} of seed {seed}: {'wrong' if wrong else 'right'}")
    else:
        say(f"{cases:,} damaged answers of the exchange, seed {seed}")
        wrong = list(failing(seed, cases))
        say(f"{cases - len(wrong):,} ended in a typed error or a true value, {len(wrong)} are wrong")
    for number in wrong[:MOST_SHOWN]:
        say(report(seed, number))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
