"""The bot's timer on a real database: several at once, through an outage, and one bad row."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot import rounds
from bot.limits import Limits
from bot.rounds import Rounds
from bot.services import Services
from bot.shared import connect, root
from config.settings import Settings
from domain.watches import Measure, Rule, Turn
from models.database import Database
from models.queries import digests, profiles, sightings, watches
from tests.integration.bot.rows import an_opportunity, clock, subscribed
from tests.integration.bot.telegram import PATIENCE
from tests.rows import a_quote, make_item, make_partitions, price, rows, single

BELOW = Rule(Measure.ASK, Turn.BELOW, 1000)


def services_on(database: Database, now: Callable[[], datetime] = clock) -> Services:
    """What a bot works with; the timer asks for no limit and no setting."""
    settings = Settings.model_construct(redis_url="redis://127.0.0.1:1", telegram_bot_token=SecretStr("1:a"))
    return Services(database, settings, now, Limits(connect(settings.redis_url), root(settings)))


@pytest.fixture
def services(database: Database) -> Services:
    return services_on(database)


def run_until(done: Callable[[], bool], *bots: Rounds) -> None:
    """Let the timers of these bots run until it is true; AssertionError after PATIENCE seconds."""

    async def all_of_them() -> None:
        running = [asyncio.create_task(bot.run()) for bot in bots]
        deadline = time.monotonic() + PATIENCE
        while not await asyncio.to_thread(done) and not any(one.done() for one in running):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)  # between two looks of this test
        for one in running:
            one.cancel()
            with suppress(asyncio.CancelledError):
                await one

    asyncio.run(all_of_them())


def test_a_stored_price_becomes_a_message_within_seconds(services: Services, database: Database) -> None:
    """The worker notes the price, the bot writes the message; a second bot does not write it again."""
    now = clock()
    make_partitions(database, now)
    subscribed(database, 11)
    item = make_item(database, at=now)
    with database.transaction() as session:
        watches.add(session, 11, item, BELOW, now)
    price(database, {item: a_quote(900, 990)}, now)
    with database.transaction() as session:
        sightings.look(session, [item])

    run_until(lambda: single(database, "SELECT count(*) FROM alerts") > 0, Rounds(services), Rounds(services))

    assert [tuple(row) for row in rows(database, "SELECT kind, state FROM alerts")] == [("watch", "pending")]
    assert single(database, "SELECT payload ->> 'value' FROM alerts") == "990"


def test_many_digests_due_at_once_are_written_once_by_several_bots(services: Services, database: Database) -> None:
    """Sixty chats, three bots, more than a batch for each."""
    now = clock()
    chats = range(1, 61)
    subscribed(database, *chats)
    with database.transaction() as session:
        an_opportunity(session, now - timedelta(hours=2))
        for chat in chats:
            profiles.change(session, chat, now, digest="daily", digest_least=1)
            digests.arrange(session, chat, now - timedelta(days=2))
    rows(database, "UPDATE opportunities SET opened_at = :at RETURNING id", at=_in_the_newest_window(now))

    waiting = "SELECT count(*) FROM chats WHERE digest_due_at <= now()"
    run_until(lambda: single(database, waiting) == 0, *(Rounds(services) for _ in range(3)))

    assert single(database, "SELECT count(*) FROM alerts WHERE kind = 'digest'") == 60
    assert single(database, "SELECT count(DISTINCT chat_id) FROM alerts") == 60


def _in_the_newest_window(now: datetime) -> datetime:
    """A moment of the last daily window of UTC that has ended."""
    nine = now.astimezone(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return (nine if nine <= now else nine - timedelta(days=1)) - timedelta(hours=1)


def test_one_chat_that_cannot_be_written_does_not_stop_those_behind_it(database: Database) -> None:
    """What it had done is undone, the others stay."""

    def write(number: int, session: Session) -> bool:
        session.execute(text("INSERT INTO leases (name, until) VALUES (:name, now())"), {"name": str(number)})
        if number == 2:
            raise ValueError("a bad row")
        return True

    with database.transaction() as session:
        assert rounds._each(session, (1, 2, 3), lambda number: write(number, session))

    assert [row.name for row in rows(database, "SELECT name FROM leases ORDER BY name")] == ["1", "3"]


def test_a_round_that_breaks_off_does_not_stop_the_others(
    services: Services, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with digests, watches fire."""

    def broken(_session: Session, _now: datetime) -> bool:
        raise LookupError("a digest of a kind that nobody knows")

    monkeypatch.setattr(rounds, "digest", broken)
    now = clock()
    make_partitions(database, now)
    subscribed(database, 11)
    item = make_item(database, at=now)
    price(database, {item: a_quote(900, 990)}, now)
    with database.transaction() as session:
        watches.add(session, 11, item, BELOW, now)

    run_until(lambda: single(database, "SELECT count(*) FROM alerts") > 0, Rounds(services))

    assert single(database, "SELECT kind FROM alerts") == "watch"


def test_the_timer_goes_on_while_the_database_is_away() -> None:
    """It tries again after a second; it does not end the bot."""
    asked: list[datetime] = []

    def now() -> datetime:
        asked.append(clock())
        return asked[-1]

    database = Database("postgresql+psycopg2://nobody@127.0.0.1:1/nothing")

    run_until(lambda: len(asked) >= 2, Rounds(services_on(database, now)))

    assert len(asked) >= 2
    database.dispose()
