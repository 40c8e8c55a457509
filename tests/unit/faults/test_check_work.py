from dataclasses import replace
from typing import Any

import pytest

from tests.faults.plan import Kind, Part
from tests.unit.faults.made_up import RUN, after, trouble

LATER = replace(RUN, id=2, planned_at=106.0, finished_at=108.0)
BROKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "two runs of a game at once": ("doubled", {"runs": [RUN, replace(LATER, planned_at=102.0)]}),
    "a batch counted twice": ("doubled", {"runs": [replace(RUN, observed=1300)]}),
    "a batch not counted": ("doubled", {"runs": [replace(RUN, observed=1100)]}),
    "a done run with batches left": ("doubled", {"runs": [replace(RUN, batches_left=-1)]}),
    "a run that never ended": ("unfinished", {"runs": [replace(RUN, state="running", finished_at=None)]}),
    "a run that expired for no reason": ("unfinished", {"runs": [replace(RUN, state="expired", finished_at=220.0)]}),
    "a batch held by nobody's run": ("left over", {"runs": [replace(RUN, open_batches=1)]}),
    "a lease": ("left over", {"left": {"leases": 1}}),
    "a process that is not ready": ("not ready", {"ready": {"bot": (503, "the database does not answer")}}),
    "a traceback": ("loud", {"loud": ["worker: error | Task raised | KeyError: 'x'"]}),
}


@pytest.mark.parametrize("what", BROKEN)
def test_work_that_went_wrong_is_a_sentence(what: str) -> None:
    """It begins with the word for its kind."""
    word, changes = BROKEN[what]

    said = after(**changes).violations

    assert [sentence.split(": ")[0] for sentence in said][-1] == word


def test_runs_of_two_games_go_on_beside_each_other() -> None:
    """Only the same game's are one after another."""
    assert after(runs=[RUN, replace(RUN, id=2, game="rust")]).violations == []


def test_a_wrong_clock_does_not_make_runs_overlap() -> None:
    """One worker writes the end, another one with a clock 10 s slow the next beginning."""
    early = replace(LATER, planned_at=97.0, finished_at=99.0)

    assert after(runs=[RUN, early]).violations
    assert after(runs=[RUN, early], troubles=[trouble(Part.WORKER, Kind.CLOCK, 100.0, 110.0, -10)]).violations == []


def test_a_run_may_expire_in_an_outage() -> None:
    """It is counted."""
    run = replace(RUN, state="expired", finished_at=220.0, observed=0)

    found = after(runs=[run], troubles=[trouble(Part.EXCHANGE, Kind.ERRORS, 150.0, 200.0)])

    assert found.violations == []
    assert found.counted["scan that ran out of time in an outage"] == 1
