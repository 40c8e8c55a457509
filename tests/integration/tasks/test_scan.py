from datetime import UTC, datetime, timedelta

import pytest

from domain.fees import DefaultFee, FeeList
from models.queries import fees, switches
from models.queries.scans import Outcome
from tasks.scan import FEES_AGE, LEAST_LENGTH, run_scan
from tasks.services import Services
from tests.integration.tasks.conftest import Bells
from tests.rows import make_items, rows


def list_fees(work: Services, age: timedelta = timedelta()) -> None:
    with work.database.transaction() as session:
        fees.store(session, "rust", FeeList(DefaultFee(1000, 1), ()), work.now() - age)


def test_a_planned_scan_rings_once_for_each_batch(work: Services, bells: Bells) -> None:
    """The messages name the run and are worthless when it is over; the day's partitions stand ready."""
    list_fees(work)
    make_items(work.database, 210, game="rust", at=work.now())

    plan = run_scan(work, "rust", None)

    assert (plan.outcome, plan.batches) == (Outcome.PLANNED, 3)
    assert bells.rung() == {"tasks.fetch_prices": 3}
    assert plan.expires_at is not None
    assert {message["headers"]["expires"] for message in bells.messages()} == {plan.expires_at.isoformat()}
    assert rows(work.database, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'price_history'::regclass") == [(4,)]


def test_a_refused_scan_rings_for_nothing(work: Services, bells: Bells) -> None:
    """The one that runs has had its messages."""
    list_fees(work)
    make_items(work.database, 1, game="rust", at=work.now())
    run_scan(work, "rust", None)

    again, scheduled = run_scan(work, "rust", None), run_scan(work, "rust", None, scheduled=True)

    assert (again.outcome, scheduled.outcome) == (Outcome.RUNNING, Outcome.RUNNING)
    assert bells.rung() == {"tasks.fetch_prices": 1}


def test_a_paused_game_is_not_scanned(work: Services, bells: Bells) -> None:
    """Neither by the schedule nor by hand, the others are; a scan under way has rung already; resumed it goes on."""
    list_fees(work)
    make_items(work.database, 1, game="rust", at=work.now())
    make_items(work.database, 1, game="csgo", at=work.now())
    with work.database.transaction() as session:
        switches.pause(session, "rust", 900, work.now())
    refused = [run_scan(work, "rust", None, scheduled=scheduled).outcome for scheduled in (True, False)]
    other = run_scan(work, "csgo", None).outcome
    with work.database.transaction() as session:
        switches.resume(session, "rust", 900, work.now())

    assert refused == [Outcome.PAUSED, Outcome.PAUSED]
    assert other is Outcome.PLANNED
    assert run_scan(work, "rust", None).outcome is Outcome.PLANNED
    assert bells.rung()["tasks.fetch_prices"] == 2


def test_a_game_without_titles_has_its_catalogue_and_fees_read(work: Services, bells: Bells) -> None:
    """Which is how a new installation begins."""
    assert run_scan(work, "rust", None, scheduled=True).outcome is Outcome.EMPTY
    assert bells.rung() == {"tasks.refresh_catalogue": 1, "tasks.refresh_fees": 1}


def test_fees_that_grew_old_are_read_again(work: Services, bells: Bells) -> None:
    """Beside the scan, which does not wait for them."""
    list_fees(work, FEES_AGE + timedelta(minutes=1))
    make_items(work.database, 1, game="rust", at=work.now())

    run_scan(work, "rust", None)

    assert bells.rung() == {"tasks.fetch_prices": 1, "tasks.refresh_fees": 1}


def test_a_scheduled_scan_is_due_once_per_interval(work: Services) -> None:
    """Two beats at the same moment: one scan. It may last two minutes at least."""
    make_items(work.database, 1, game="rust", at=work.now())
    first = run_scan(work, "rust", None, scheduled=True)
    rows(work.database, "UPDATE scan_runs SET state = 'done', finished_at = now() RETURNING id")

    second = run_scan(work, "rust", None, scheduled=True)

    assert first.expires_at is not None
    assert first.expires_at - datetime.now(UTC) > LEAST_LENGTH - timedelta(seconds=30)
    assert second.outcome is Outcome.NOT_DUE


@pytest.mark.parametrize(
    ("game", "level", "sentence"),
    [
        ("cs2", None, "there is no game cs2, the games are csgo, dota2, tf2, rust"),
        ("rust", "gold", "there is no level gold, the levels are boost, standard, medium, advanced, pro"),
    ],
)
def test_an_unknown_game_or_level_is_refused_by_name(
    work: Services, game: str, level: str | None, sentence: str
) -> None:
    """And the sentence says what there is."""
    with pytest.raises(ValueError, match=sentence):
        run_scan(work, game, level)
