"""What is said of Celery against the others, and under which bars."""

from importlib.util import find_spec

import pytest

from benchmarks.broker import COLUMNS, bars, row, standing
from benchmarks.broker_contenders import CONTENDERS, OURS
from benchmarks.broker_env import environment
from benchmarks.broker_run import Outcome
from config.settings import load
from tasks.services import credentials_of

OTHER = "huey, Valkey"


def outcomes(ours: float, other: float, consumed: float = 1_000) -> dict[str, Outcome]:
    """Celery and one other with these milliseconds until a start."""
    return {OURS.label: Outcome(1, consumed, 1, ours, ours), OTHER: Outcome(1, 1, 1, other, other)}


def test_as_good_as_the_best_is_held_by_the_ratio() -> None:
    """Within a tenth of the quickest nothing else is asked."""
    first, _ = bars(outcomes(5.4, 5.0))

    assert first.held(quick=False)
    assert first.measured == pytest.approx(1.08)


@pytest.mark.parametrize(("milliseconds", "held"), [(4.9, True), (5.1, False)])
def test_slower_than_the_best_is_held_while_it_is_little(milliseconds: float, held: bool) -> None:
    """A multiple of next to nothing does not matter; five milliseconds would begin to."""
    first, _ = bars(outcomes(milliseconds, 1.0))

    assert first.held(quick=False) is held


def test_too_few_tasks_a_second_are_missed() -> None:
    """One process must start ten accounts' worth of messages a second."""
    _, second = bars(outcomes(1, 1, consumed=150))

    assert not second.held(quick=False)


def test_standing_names_the_quickest() -> None:
    """The ratio is printed with what it is made of."""
    assert standing(outcomes(3, 1)).startswith(
        "celery, Valkey takes 3.0 times as long to start a task as huey, Valkey (3.00 and 1.00 ms)"
    )


def test_a_row_fills_every_column() -> None:
    """Each contender has a cell below each heading."""
    assert len(row(OURS.label, outcomes(1, 1)[OURS.label], late=True)) == len(COLUMNS)


def test_contenders_are_told_apart_and_have_modules() -> None:
    """Logs, marks and results go by the label; the module is found without being imported."""
    assert len({one.label for one in CONTENDERS}) == len(CONTENDERS)
    assert all(find_spec(one.module) for one in CONTENDERS)


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:6379/0", "amqp://guest:guest@127.0.0.1:5672/%2F"])
def test_environment_is_complete_for_a_worker(broker: str) -> None:
    """A worker's settings load from it, with keys that belong together and no exchange to be reached."""
    settings = load(environment(broker), "worker")

    assert settings.celery_broker_url == broker
    assert "127.0.0.1:9" in settings.dmarket_api_url
    assert credentials_of(settings)
