"""Which command lines start a worker that forks its pool."""

import pytest

from worker.forking import forks


@pytest.mark.parametrize(
    "line",
    [
        "-A worker worker --pool processes -c 2",
        "-A worker worker --pool=processes",
        "-A worker worker -P processes",
        "-A worker worker -Pprocesses",
    ],
)
def test_a_pool_of_processes_counts_in_files(line: str) -> None:
    """However the option is written."""
    assert forks(line.split())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "-A worker worker",
        "-A worker worker --pool prefork",  # taken for "not given": threads
        "-A worker worker --pool threads",
        "-A worker worker -c 2 --pool",
        "-A worker beat",
        "-A worker shell --pool processes",
    ],
)
def test_everything_else_counts_in_memory(line: str) -> None:
    """Threads share one memory; other commands have no children."""
    assert not forks(line.split())
