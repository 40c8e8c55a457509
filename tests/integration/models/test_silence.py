"""Who is told why nothing came, how often, and with which reason, on real rows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import rounds
from domain.conditions import Condition, Part
from domain.filters import Filter
from domain.games import GAMES
from models.alerts import AlertState
from models.database import Database
from models.payloads import NearMiss, SilenceNews
from models.queries import alerts, conditions, filters, profiles
from tests.integration.bot.rows import an_opportunity
from tests.rows import make_chat, rows, single

CHAT = 11
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # one o'clock in Berlin


def chat(database: Database, chat_id: int = CHAT, **values: object) -> None:
    """One in Berlin that subscribed three days ago and has heard nothing."""
    make_chat(database, chat_id, at=NOON - 3 * DAY)
    with database.transaction() as session:
        profiles.change(session, chat_id, NOON - 3 * DAY, **({"zone": "Europe/Berlin"} | values))


def working(database: Database, at: datetime = NOON, *troubles: Condition) -> None:
    """A worker that reports, by default that all is well."""
    with database.transaction() as session:
        conditions.report(session, "worker", troubles or (Condition(Part.PRICES, at),), at)


def deal(database: Database, told: AlertState | None = None, reason: str = "", **columns: Any) -> None:
    """An opportunity of two hours ago; `told` makes an alert for CHAT that ended so an hour ago."""
    with database.transaction() as session:
        row = an_opportunity(session, NOON - 2 * HOUR)
        for name, value in columns.items():
            setattr(row, name, value)
        session.flush()
        if told:
            alerts.create(session, row.id, row.offer_id, row.buy, [CHAT], now=NOON - 2 * HOUR, expires_at=NOON)
    rows(
        database,
        "UPDATE alerts SET state = :state, reason = :reason, finished_at = :at WHERE state = 'pending' RETURNING id",
        state=told.value if told else "",
        reason=reason,
        at=NOON - HOUR,
    )


def explain(database: Database, at: datetime = NOON) -> bool:
    with database.transaction() as session:
        return rounds.explain(session, at)


def said(database: Database) -> list[SilenceNews]:
    found = rows(database, "SELECT payload FROM alerts WHERE kind = 'silence' ORDER BY id")
    return [SilenceNews.model_validate(row.payload) for row in found]


def the_reason(database: Database) -> tuple[str, int]:
    explain(database)
    (news,) = said(database)
    return news.cause, news.number


def test_a_lasting_silence_is_explained_once_a_day_and_then_ever_more_rarely(database: Database) -> None:
    """On the first day, when it has grown to twice as long, and in the end once a week."""
    chat(database)
    working(database)
    begin = NOON - 3 * DAY

    for hours in range(0, 31 * 24, 4):
        explain(database, begin + hours * HOUR)

    assert [news.hours // 24 for news in said(database)] == [1, 2, 4, 8, 15, 22, 29]
    assert {news.zone for news in said(database)} == {"Europe/Berlin"}


def test_any_number_of_bots_explain_it_once(database: Database) -> None:
    """Eight at once, thirty chats: thirty messages."""
    for number in range(1, 31):
        chat(database, number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: explain(database), range(16)))

    assert len(said(database)) == 30
    assert single(database, "SELECT count(DISTINCT chat_id) FROM alerts") == 30


def test_who_was_told_something_hears_nothing_more(database: Database) -> None:
    """A deal that arrived ends the silence; its time is noted, so that the chat is not looked at again."""
    chat(database)
    deal(database, AlertState.SENT)

    explain(database)

    assert said(database) == []
    assert single(database, "SELECT told_at FROM chats") == NOON - HOUR
    assert single(database, "SELECT explained_at FROM chats") is None


@pytest.mark.parametrize(
    "values",
    [
        {"zone": "Asia/Tokyo"},
        {"quiet_from": 780, "quiet_until": 840},
        {"quiet_from": 1320, "quiet_until": 781},
        {"snoozed_until": NOON + HOUR},
        {"state": "stopped"},
        {"told_at": NOON - 23 * HOUR},
        {"explained_at": NOON - 23 * HOUR},
        {"changed_at": NOON - 23 * HOUR},
    ],
)
def test_a_chat_that_is_not_to_be_disturbed_is_left_alone(database: Database, values: dict[str, object]) -> None:
    """At night, in quiet hours, at rest, gone, told or changed within the last day."""
    chat(database)
    names = ", ".join(f"{name} = :{name}" for name in values)
    rows(database, f"UPDATE chats SET {names} RETURNING id", **values)  # noqa: S608  # names of columns above

    explain(database)

    assert said(database) == []


@pytest.mark.parametrize("quiet", [(840, 900), (1320, 780), (720, 780), (781, 840), (780, 780)])
def test_quiet_hours_that_are_over_or_empty_do_not_matter(database: Database, quiet: tuple[int, int]) -> None:
    """It is one o'clock, minute 780."""
    chat(database, quiet_from=quiet[0], quiet_until=quiet[1])

    explain(database)

    assert len(said(database)) == 1


def test_a_chat_without_a_game_learns_that(database: Database) -> None:
    """Its own switch is the reason, whatever else was."""
    chat(database)
    with database.transaction() as session:
        for game in GAMES:
            filters.save(session, CHAT, game, Filter(on=False))
    deal(database)

    assert the_reason(database) == ("no_games", 0)


def test_deals_that_the_chats_own_wishes_kept_back_are_counted(database: Database) -> None:
    """Three came in quiet hours, one on a full day."""
    chat(database)
    working(database)
    for reason in ("quiet", "quiet", "quiet", "capped"):
        deal(database, AlertState.SUPPRESSED, reason)

    assert the_reason(database) == ("quiet", 3)


def test_deals_that_were_over_before_their_turn_are_counted(database: Database) -> None:
    """Gone, moved or too late, and none of a muted title."""
    chat(database)
    for state, reason in ((AlertState.SUPPRESSED, "gone"), (AlertState.EXPIRED, "too_late")):
        deal(database, state, reason)
    deal(database, AlertState.SUPPRESSED, "muted")

    assert the_reason(database) == ("gone", 2)


def test_a_trouble_upstream_is_named_with_its_beginning(database: Database) -> None:
    """Prices cannot be read since six in the morning."""
    chat(database)
    since = NOON - 6 * HOUR
    working(database, NOON, Condition(Part.PRICES, None, since=since, reason="429", failures=9, degraded=True))

    explain(database)

    (news,) = said(database)
    assert (news.cause, news.since) == ("down", since)


def test_the_nearest_miss_comes_with_its_numbers(database: Database) -> None:
    """The closest missed a minimum of $2.00 by $0.35."""
    chat(database)
    working(database)
    with database.transaction() as session:
        filters.save(session, CHAT, "csgo", Filter(min_net=200))
    deal(database, net=165, cents_per_day=900)
    deal(database, net=150, cents_per_day=100)

    explain(database)

    (news,) = said(database)
    title = single(database, "SELECT title FROM items ORDER BY id LIMIT 1")
    assert (news.cause, news.number) == ("nearest", 2)
    assert news.miss == NearMiss(title=title, game="csgo", condition="net", had=165, asked=200)


@pytest.mark.parametrize(
    ("wish", "column", "had", "asked"),
    [
        (Filter(min_return_bps=2_000), {"return_bps": 940}, 940, 2_000),
        (Filter(price_from=2_000), {"buy": 1234}, 1234, 2_000),
        (Filter(price_to=1_000), {"buy": 1234}, 1234, 1_000),
        (Filter(min_sales_tenths=50), {"sales_tenths": 4}, 4, 50),
        (Filter(max_age=60), {"listed_at": NOON - 2 * HOUR - timedelta(minutes=5)}, 300, 60),
        (Filter(exits=frozenset({"patient"})), {}, None, None),
    ],
)
def test_each_number_of_a_filter_can_be_missed(
    database: Database, wish: Filter, column: dict[str, Any], had: int | None, asked: int | None
) -> None:
    """What the deal has, and what was asked for, in the unit of the condition."""
    chat(database)
    working(database)
    with database.transaction() as session:
        filters.save(session, CHAT, "csgo", wish)
    deal(database, **column)

    explain(database)

    miss = said(database)[0].miss
    assert miss is not None
    assert (miss.had, miss.asked) == (had, asked)


def test_the_other_reasons_need_no_alert_and_no_near_miss(database: Database) -> None:
    """Deals that others got, deals that are far from the filter, no deal at all, and a rest that has ended."""
    wishes = {1: Filter(), 2: Filter(min_net=9_000, price_to=100)}
    for number in (1, 2, 3, 4):
        chat(database, number)
        with database.transaction() as session:
            filters.save(session, number, "csgo", wishes.get(number, Filter(on=False)))
    rows(database, "UPDATE chats SET snoozed_until = :at WHERE id = 4 RETURNING id", at=NOON - HOUR)
    rows(database, "INSERT INTO manners VALUES (1, 'patient', 'off', 0) RETURNING kind")
    working(database)
    deal(database)

    explain(database)

    assert [news.cause for news in said(database)] == ["crowded", "filters", "nothing", "snoozed"]


def test_who_wants_no_deals_of_either_kind_learns_that(database: Database) -> None:
    """Both are off; one who wants no explanations gets none."""
    chat(database)
    chat(database, 12)
    for kind in ("instant", "patient"):
        rows(database, "INSERT INTO manners VALUES (:chat, :kind, 'off', 0) RETURNING kind", chat=CHAT, kind=kind)
    rows(database, "INSERT INTO manners VALUES (12, 'silence', 'off', 0) RETURNING kind")

    assert the_reason(database) == ("kinds_off", 0)
