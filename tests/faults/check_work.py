"""No scan doubled, every one ended, nothing held or waiting after the calm, every process well and quiet."""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from tests.faults.evidence import Evidence, Run
from tests.faults.findings import Findings
from tests.faults.plan import Seconds

CLOSE: Seconds = 0.05  # one clock writes both moments; this is its own jitter
# What libraries say with a traceback while their server is away, and nothing of ours can prevent.
TOLERATED: tuple[re.Pattern[str], ...] = ()


def check_work(evidence: Evidence, findings: Findings) -> None:
    by_game = sorted(evidence.runs, key=lambda run: (run.game, run.id))
    for _, runs in groupby(by_game, key=lambda run: run.game):
        _one_at_a_time(evidence, findings, list(runs))
    for run in evidence.runs:
        _whole(evidence, findings, run)
    for what, number in evidence.left.items():
        if number:
            findings.broken(f"left over: {number} {what} after the calm")
    for process, (status, words) in evidence.ready.items():
        if status != 200:  # HTTP OK
            findings.broken(f"not ready: {process} answers {status} after the calm: {words}")
    for line in evidence.loud:
        if any(pattern.search(line) for pattern in TOLERATED):
            findings.allowed("tolerated traceback")
        else:
            findings.broken(f"loud: {line}")


def _one_at_a_time(evidence: Evidence, findings: Findings, runs: Sequence[Run]) -> None:
    for first, second in pairwise(runs):
        ended = first.finished_at
        slack = CLOSE + evidence.clock_error(second.planned_at) + evidence.clock_error(ended or second.planned_at)
        if ended is None or second.planned_at < ended - slack:
            findings.broken(
                f"doubled: run {second.id} of {second.game} was planned at {second.planned_at:.1f} "
                f"while run {first.id} went on"
            )


def _whole(evidence: Evidence, findings: Findings, run: Run) -> None:
    if run.state == "running" or run.finished_at is None:
        findings.broken(f"unfinished: run {run.id} of {run.game} is still {run.state} with {run.batches_left} batches")
    elif run.state == "expired" and not evidence.troubled(run.planned_at, run.finished_at):
        findings.broken(f"unfinished: run {run.id} of {run.game} expired although nothing was wrong meanwhile")
    elif run.state == "expired":
        findings.allowed("scan that ran out of time in an outage")
    elif run.observed != run.titles or run.batches_left:
        findings.broken(
            f"doubled: run {run.id} of {run.game} counted {run.observed} prices of {run.titles} titles "
            f"with {run.batches_left} batches left"
        )
    if run.open_batches and run.state != "running":
        findings.broken(f"left over: {run.open_batches} batches of the ended run {run.id} of {run.game}")
