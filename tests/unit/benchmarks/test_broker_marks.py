"""What the consumers' marks come to, and that writing them is safe from many threads."""

import time
from pathlib import Path
from threading import Thread

import pytest

from benchmarks.broker_marks import Mark, Marker, cost, count, delays, rate, read

SECOND = 1_000_000_000


def test_every_start_is_noted_once_from_many_threads(tmp_path: Path) -> None:
    """Records are appended whole: sixteen threads at once lose and mix none."""
    marker = Marker(tmp_path / "marks")

    def start_hundred() -> None:
        for _ in range(100):
            marker()

    threads = [Thread(target=start_hundred) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    marks = read(tmp_path / "marks")

    assert count(tmp_path / "marks") == 1_600
    assert [mark.at for mark in marks] == sorted(mark.at for mark in marks)
    assert 0 < marks[0].at <= marks[-1].at <= time.monotonic_ns()


def test_nothing_started_is_none(tmp_path: Path) -> None:
    """Before the consumer is up there is no file."""
    assert count(tmp_path / "marks") == 0


def test_rate_counts_the_steps_between_starts() -> None:
    """Five starts in two seconds are four steps, two a second."""
    marks = [Mark(place * SECOND // 2, 0) for place in range(5)]

    assert rate(marks) == 2


def test_cost_is_processor_time_between_the_first_and_the_last_start() -> None:
    """What the consumer spent before its first task is its own start, not the tasks'."""
    marks = [Mark(0, 7_000_000), Mark(1, 7_300_000), Mark(2, 7_600_000)]

    assert cost(marks) == 300


def test_delays_are_milliseconds_from_sending_to_start() -> None:
    """Each message's start belongs to its own sending."""
    assert delays([0, 10_000_000], [Mark(2_000_000, 0), Mark(11_500_000, 0)]) == [2, 1.5]


def test_a_lost_message_is_refused() -> None:
    """With a start missing nobody can tell whose delay is whose."""
    with pytest.raises(ValueError, match="2 messages were sent and 1 tasks started"):
        delays([0, 1], [Mark(2, 0)])
