"""A profile's table."""

from benchmarks.stacks import table

SAMPLED = """\
run (celery/worker.py:10);store (tasks/prices.py:70);execute (/x/site-packages/sqlalchemy/session.py:5) 6
run (celery/worker.py:10);store (tasks/prices.py:75) 3
run (celery/worker.py:11);walk (a/b.py:1);walk (a/b.py:2) 1
"""


def test_functions_are_ordered_by_their_own_share() -> None:
    """Shares are in percent of all samples; the lines of one function are one row, its callees count apart."""
    lines = table(SAMPLED, 20)

    assert [line.split()[:3] for line in lines[1:]] == [
        ["60.0", "60.0", "execute"],
        ["30.0", "90.0", "store"],
        ["10.0", "10.0", "walk"],
    ]
    assert lines[1].endswith("execute (sqlalchemy/session.py)")


def test_only_the_top_is_shown() -> None:
    """A heading and as many rows as were asked for."""
    assert len(table(SAMPLED, 2)) == 3


def test_what_is_no_stack_is_passed_over() -> None:
    """An empty recording is a table without rows."""
    assert len(table("", 20)) == 1
    assert len(table("broken line\n\n", 20)) == 1


def test_a_frame_without_a_file_is_named_as_it_is() -> None:
    """Native frames and process names carry no place."""
    assert table("process 42;lua_call 4\n", 20)[1].split() == ["100.0", "100.0", "lua_call"]
