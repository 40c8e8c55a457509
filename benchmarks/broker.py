"""What it costs from "send" to "start" for the message that rings for a batch, against other task queues.

Why Celery stays although others are quicker: docs/decisions/0011-celery.md.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks import broker_rabbitmq
from benchmarks.broker_contenders import CONTENDERS, OURS, RABBITMQ, VALKEY
from benchmarks.broker_run import Outcome, Trial
from benchmarks.report import Bar, Report
from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily

COLUMNS = ("library, broker", "late ack", "sent/s", "started/s", "CPU us", "p50 ms", "p99 ms")
AS_GOOD = 1.1  # times the best
LITTLE = 5.0  # ms: a tenth of the time between two permits of an account
ENOUGH = 200.0  # messages a second: ten accounts' worth of calls in one process
NO_RABBITMQ = "RabbitMQ is not installed (Debian: apt-get install rabbitmq-server): its rows are left out"


def measure(*, quick: bool) -> Report:
    backlog, paced, times = (600, 30, 3) if quick else (5_000, 200, 9)
    report = Report("broker", COLUMNS)
    outcomes: dict[str, Outcome] = {}
    with trials() as contest:
        for trial in contest:
            outcomes[trial.contender.label] = outcome = trial.measure(backlog, paced)
            report.rows.append(row(trial.contender.label, outcome, late=trial.contender.late))
        ways = next(trial for trial in contest if trial.contender is OURS).send("rings", times)
    report.bars += bars(outcomes)
    report.notes.append(standing(outcomes))
    report.notes.append(
        f"the 345 messages of one scan: {ways['single']:.0f} ms one by one, "
        f"{ways['together']:.0f} ms in kombu's batch, as ring() sends them"
    )
    if len(contest) < len(CONTENDERS):
        report.notes.append(NO_RABBITMQ)
    return report


@contextmanager
def trials() -> Iterator[list[Trial]]:
    """All contenders whose broker can be had, the brokers up."""
    with tempfile.TemporaryDirectory(prefix="skinbeat-bench-") as name, ProcessFamily(Path(name)) as family:
        folder = Path(name)
        urls = {VALKEY: start_broker(folder / "valkey", family).url}
        if broker_rabbitmq.installed():
            urls[RABBITMQ] = broker_rabbitmq.start(folder / "rabbitmq", family)
        yield [Trial(family, folder, one, urls[one.broker]) for one in CONTENDERS if one.broker in urls]


def row(label: str, outcome: Outcome, *, late: bool) -> list[str | int | float]:
    told = "yes" if late else "no"
    return [label, told, outcome.published, outcome.consumed, outcome.cost, outcome.p50, outcome.p99]


def bars(outcomes: Mapping[str, Outcome]) -> list[Bar]:
    """Ours is as good as the best, or what it adds is too little to matter; and it carries far more than we send."""
    ours, ratio = outcomes[OURS.label], _ratio(outcomes)
    enough = Bar(f"{OURS.label}: tasks started a second from a backlog", ours.consumed, least=ENOUGH, slack=2)
    if ratio <= AS_GOOD:
        return [Bar(f"{OURS.label}: p50 from send to start, times the best", ratio, most=AS_GOOD), enough]
    return [Bar(f"{OURS.label}: p50 ms from send to start", ours.p50, most=LITTLE, slack=3), enough]


def standing(outcomes: Mapping[str, Outcome]) -> str:
    """How ours compares with the quickest."""
    best = _best(outcomes)
    return (
        f"{OURS.label} takes {_ratio(outcomes):.1f} times as long to start a task as {best} "
        f"({outcomes[OURS.label].p50:.2f} and {outcomes[best].p50:.2f} ms): see docs/decisions/0011-celery.md"
    )


def _best(outcomes: Mapping[str, Outcome]) -> str:
    return min(outcomes, key=lambda label: outcomes[label].p50)


def _ratio(outcomes: Mapping[str, Outcome]) -> float:
    return outcomes[OURS.label].p50 / outcomes[_best(outcomes)].p50
