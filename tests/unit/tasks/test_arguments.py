"""What a message may ask of a task."""

import inspect
from typing import Any

import pytest
from celery import Celery

from tasks.arguments import RULES, refusal
from tasks.base import Work
from tasks.queues import TaskName


def scan(game: str, level: str | None = None, scheduled: bool = False) -> None:
    """Like tasks.scan_game."""


@pytest.mark.parametrize("kwargs", [{"game": "csgo"}, {"game": "tf2", "level": "boost", "scheduled": True}])
def test_what_our_own_messages_say_is_let_pass(kwargs: dict[str, Any]) -> None:
    """As beat, tasks and the admin's command write them."""
    assert refusal(scan, (), kwargs) is None
    assert refusal(lambda run_id: run_id, (), {"run_id": 7}) is None
    assert refusal(lambda: None, (), {}) is None


@pytest.mark.parametrize(
    ("kwargs", "said"),
    [
        ({}, "the task takes game, level, scheduled"),
        ({"game": "csgo", "more": 1}, "the arguments do not fit"),
        ({"game": []}, "game: there is no game [], the games are csgo"),
        ({"game": "CS2"}, "game: there is no game 'CS2', the games are csgo, dota2, tf2, rust"),
        ({"game": "x\n\ud800" * 5000}, r"game: there is no game 'x\n\ud800"),
        ({"game": "csgo", "level": {"a": 1}}, "level: there is no level"),
        ({"game": "csgo", "scheduled": "yes"}, "scheduled: must be true or false"),
    ],
)
def test_wrong_arguments_are_refused_in_a_line(kwargs: dict[str, Any], said: str) -> None:
    """It names what is wrong and what would be right, and stays short whatever it was given."""
    reason = refusal(scan, (), kwargs)

    assert reason is not None
    assert said in reason
    assert len(reason) < 160
    assert reason.isprintable()
    assert reason.isascii()


@pytest.mark.parametrize("run_id", [0, -1, 2**63, True, 1.0, "1", None, [1]])
def test_a_run_is_named_by_a_whole_number(run_id: Any) -> None:
    """Of the size that a row's number can have."""
    assert refusal(lambda run_id: run_id, (), {"run_id": run_id}) == "run_id: must be the number of a row"


def test_every_parameter_of_every_task_has_a_rule() -> None:
    """A new one needs a decision on what a message may say there: tasks/arguments.py."""
    app = Celery("names", set_as_current=False)
    app.finalize()  # shared tasks join every application
    ours = [task for name, task in app.tasks.items() if name in set(TaskName) and isinstance(task, Work)]
    parameters = {name for task in ours for name in inspect.signature(task.run).parameters}

    assert len(ours) == len(TaskName)
    assert parameters == set(RULES)
