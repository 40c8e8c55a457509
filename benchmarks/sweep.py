"""One sweep over every title of a full-size CS2 catalogue, with one account."""

from benchmarks import calls, figures, load
from benchmarks.report import Bar, Report
from benchmarks.stage import Stage, eventually, stage
from tasks.queues import TaskName

TITLES, QUICK_TITLES = 34_500, 6_000
BATCH = 100
LEVELS = ("boost", "standard", "medium", "advanced", "pro")
COLUMNS = ("sweep", "titles", "seconds", "best possible", "ratio", "of the plan", "other calls", "rolling max", "429s")


def measure(*, quick: bool) -> Report:
    report = Report("sweep", COLUMNS)
    titles = QUICK_TITLES if quick else TITLES
    with stage(*load.market({"csgo": titles}), **load.UNSCHEDULED) as own:
        report.notes += load.favour_instruments(own)
        _take_all_deals(own)
        bell = load.Bell(own)
        with load.crew(own, 1):
            load.know_catalogue(own, bell, ["csgo"])
            _sweep(own, bell, report, "1 worker", barred=True)
        with load.crew(own, 2):
            _sweep(own, bell, report, "2 workers", barred=True)
            if not quick:
                _sweep_with_deals(own, bell, report)
    report.notes.append(
        "Seconds are from the first call's arrival to the last call's answer, as the exchange saw them."
    )
    return report


def _take_all_deals(own: Stage) -> None:
    """Nothing to verify: a verification's call would be one that the sweep cannot make."""
    for deal in own.exchange("truth")["opportunities"]:
        own.exchange("take", {"offerId": deal["offerId"]})


def _sweep_with_deals(own: Stage, bell: load.Bell, report: Report) -> None:
    for number in range(10):
        kind = ("instant", "patient")[number % 2]
        own.exchange("plant", {"game": "csgo", "kind": kind, "level": LEVELS[number % len(LEVELS)]})
    _sweep(own, bell, report, "2 workers, 10 new deals", barred=False)


def _sweep(own: Stage, bell: load.Bell, report: Report, name: str, *, barred: bool) -> None:
    load.await_rest(own)
    before, number = own.number("SELECT max(id) FROM scan_runs"), calls.mark(own)
    bell.ring(TaskName.SCAN_GAME, game="csgo")
    run = eventually("the sweep is done", lambda: _ended(own, before), 120)
    asked = calls.since(own, number)
    batches = [call for call in asked if call.of_batch]
    titles = sum(call.titles for call in batches if call.status == 200)
    seconds = max(call.answered for call in batches) - min(call.time for call in batches)
    best = titles / BATCH / calls.LIMITS["other"]
    most = figures.most_in_a_rolling_second(calls.times(asked, "other"))
    others, refused = len(asked) - len(batches), sum(call.status == 429 for call in asked)
    report.rows.append((name, titles, seconds, best, seconds / best, run, others, most, refused))
    if barred:
        report.bars.append(Bar(f"{name}: seconds by best possible", seconds / best, most=1.05, slack=1.5))
    report.bars.append(Bar(f"{name}: calls in any rolling second", most, most=calls.LIMITS["other"], slack=1.1))
    report.bars.append(Bar(f"{name}: answers 429", refused, most=0))


def _ended(own: Stage, before: int) -> float:
    """Seconds from planning to the end of the first run after `before`, 0 while it is not done."""
    rows = own.rows(
        "SELECT extract(epoch FROM finished_at - planned_at) AS run FROM scan_runs WHERE id > %s AND state = 'done'",
        [before],
    )
    return float(rows[0]["run"]) if rows else 0.0
