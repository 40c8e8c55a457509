"""A look at a running installation as an operator and a program read it."""

import json
from dataclasses import replace
from datetime import timedelta

from rich.console import Console

from models.queries.pace import Delivered
from telemetry import metrics
from tests.factories import NOW
from worker.admin.look import Look, Permits
from worker.admin.looked import shown, told

AT = NOW.timestamp()
NOTHING = Look(NOW, {}, {}, {}, None, {}, ())
LOOK = Look(
    at=NOW,
    values={
        metrics.GAME_PAUSED: [(("csgo",), 0), (("dota2",), 1), (("tf2",), 0), (("rust",), 0)],
        metrics.SCAN_INTERVAL: [(("csgo",), 30), (("dota2",), 60), (("rust",), 60)],
        metrics.SCAN_FINISHED: [(("csgo",), AT - 12)],
        metrics.SCAN_SECONDS: [(("csgo",), 28.4)],
        metrics.TITLES: [(("csgo",), 21_000)],
        metrics.COVERAGE: [(("csgo",), 0.985)],
        metrics.TITLE_AGE: [(("csgo", "50"), 17.0), (("csgo", "95"), 31.0)],
        metrics.QUEUE_LENGTH: [(("prices",), 1204)],
        metrics.QUEUE_OLDEST: [(("prices",), 9.0)],
        metrics.OUTBOX: [(("pending",), 3), (("held",), 40), (("sending",), 1)],
        metrics.OUTBOX_OLDEST: [((), 2.0)],
        metrics.WORKERS: [((), 3)],
    },
    speeds={"csgo": 1432.5, "dota2": 0},
    gates={"few_sales": 7, "accepted": 2},
    delivered=Delivered(52, 0.31, 1.204),
    permits={"other": Permits(19, 20)},
    problems=(),
)


def screen(look: Look) -> str:
    console = Console(width=100)
    with console.capture() as printed:
        console.print(shown(look))
    return printed.get()


def line(text: str, start: str) -> list[str]:
    """The words of the first line with that cell."""
    found = next(one for one in text.splitlines() if start in one)
    return found.replace("│", " ").split()


def test_the_screen_shows_everything_at_a_glance() -> None:
    """Ages in seconds, shares in per cent, what is switched off or paused by its name."""
    text = screen(LOOK)

    assert line(text, "CS2") == ["CS2", "12", "s", "28", "s", "98.5", "%", "17", "s", "31", "s", "1,432"]
    assert "Dota 2 (paused)" in text
    assert "TF2 (off)" in text
    assert line(text, "workers ") == ["workers", "3", "alive"]
    assert "3 pending, 40 held, 1 sending; the oldest that is due waits 2 s" in text
    assert "p50 0.31 s, p99 1.20 s (52 alerts in 5 minutes)" in text
    assert "prices      │    1,204 │    9 s" in text
    assert "other  │      19 │ 20" in text
    assert "few_sales │          7" in text
    assert "all       │          9" in text


def test_what_does_not_answer_is_a_sentence_and_no_number() -> None:
    """Nothing is called off, paused or zero that nobody knows."""
    text = screen(replace(NOTHING, problems=("the database does not answer: refused",)))

    assert "the database does not answer: refused" in text
    assert line(text, "Dota 2") == ["Dota", "2", *"–" * 6]
    assert "(off)" not in text
    assert "workers    – alive" in text


def test_programs_get_the_same_as_one_object() -> None:
    """It is JSON, with null for what is not known."""
    seen = json.loads(json.dumps(told(LOOK)))
    unknown = told(NOTHING)

    assert seen["at"] == NOW.isoformat()
    assert seen["games"]["csgo"] == {
        "state": "on",
        "last_scan_age": 12,
        "scan_seconds": 28.4,
        "titles": 21_000,
        "coverage": 0.985,
        "age_p50": 17,
        "age_p95": 31,
        "prices_per_second": 1432.5,
    }
    assert [seen["games"][game]["state"] for game in ("dota2", "tf2", "rust")] == ["paused", "off", "on"]
    assert seen["budget_last_second"] == {"other": {"used": 19, "limit": 20}}
    assert seen["delivered_last_5_minutes"] == {"alerts": 52, "p50": 0.31, "p99": 1.204}
    assert unknown["games"]["csgo"]["state"] is None
    assert unknown["workers"] is None
    assert unknown["delivered_last_5_minutes"] is None


def test_a_clock_that_was_set_back_makes_no_negative_age() -> None:
    """The scan then ended now."""
    assert told(replace(LOOK, at=NOW - timedelta(minutes=1)))["games"]["csgo"]["last_scan_age"] == 0
