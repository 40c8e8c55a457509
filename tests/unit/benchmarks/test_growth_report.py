"""When growth counts as linear, when as flat, and what is reported of it."""

from benchmarks.growth_report import LINEAR, Measured, bars, report
from benchmarks.growth_seed import Size

SCAN, READ = LINEAR[0], "/top"


def measured(*times: float, name: str = SCAN, rss: int = 100) -> list[Measured]:
    """Sizes x1, x10, … whose operation took these milliseconds."""
    return [
        Measured(Size(10**place, 28), rss * (place + 1), {name: {"ms": took, "database_ms": took / 2, "kib": 3}})
        for place, took in enumerate(times)
    ]


def held(name: str, *times: float) -> list[bool]:
    return [bar.held(quick=False) for bar in bars(name, measured(*times, name=name))]


def test_linear_work_may_grow_as_the_titles_do() -> None:
    """Ten times the titles in ten times the time, overall and in each step."""
    assert held(SCAN, 10, 100, 1000) == [True, True]


def test_linear_overall_with_one_steep_step_is_missed() -> None:
    """A step far beyond linear after a cheap one shows what comes next."""
    assert held(SCAN, 10, 20, 1000) == [True, False]


def test_quadratic_work_is_missed() -> None:
    """A hundred times the time for ten times the titles."""
    assert held(SCAN, 1, 100, 10_000) == [False, False]


def test_a_read_may_double() -> None:
    """A read above the floor is flat up to twice its time."""
    assert held(READ, 6, 8, 12) == [True]
    assert held(READ, 6, 8, 13) == [False]


def test_a_read_below_the_floor_is_flat() -> None:
    """Nobody notices four milliseconds, whatever they were before."""
    assert held(READ, 0.5, 2, 4) == [True]


def test_report_has_a_row_for_each_operation_and_one_for_memory() -> None:
    """All rows fill all columns; the sizes are told below."""
    found = report(measured(10, 100, 1000))

    assert [row[0] for row in found.rows] == [SCAN, "most memory of the process, MB"]
    assert {len(row) for row in found.rows} == {len(found.columns)}
    assert found.notes[-1] == "x100: 60,000 titles, 10,080,000 rows of history, 5,000 open opportunities"


def test_memory_may_grow_by_half() -> None:
    """The process that does all of it at x100 needs three times the memory of x1 here, which is too much."""
    memory = report(measured(10, 100, 1000)).bars[-1]

    assert memory.measured == 3
    assert not memory.held(quick=False)
