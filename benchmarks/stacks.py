"""Sampled stacks in py-spy's raw form: `outermost;…;innermost COUNT`, one kind of stack a line. Pure."""

from collections import Counter
from pathlib import PurePath


def table(sampled: str, top: int) -> list[str]:
    """The `top` functions in which most samples ended, with their shares in percent of all samples.

    "own" counts the samples that ended in the function, "with callees" those that passed through it.
    """
    own, passed = _counted(sampled)
    total = own.total() or 1
    lines = [f"{'own %':>7}  {'with callees %':>14}  function"]
    for name, count in own.most_common(top):
        lines.append(f"{100 * count / total:7.1f}  {100 * passed[name] / total:14.1f}  {name}")
    return lines


def _counted(sampled: str) -> tuple[Counter[str], Counter[str]]:
    own: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for line in sampled.splitlines():
        stack, _, count = line.rpartition(" ")
        if not count.isdecimal() or not stack:
            continue
        frames = [_function(frame) for frame in stack.split(";")]
        own[frames[-1]] += int(count)
        passed.update(dict.fromkeys(frames, int(count)))  # a recursive function counts once a sample
    return own, passed


def _function(frame: str) -> str:
    """`do_execute (sqlalchemy/engine/default.py:941)` without its line, so that one function is one row."""
    name, bracket, place = frame.partition(" (")
    if not bracket:
        return name
    parts = PurePath(place.rstrip(")").rpartition(":")[0] or place.rstrip(")")).parts
    return f"{name} ({'/'.join(parts[-2:])})"
