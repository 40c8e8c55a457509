"""Watches, digests and explanations by whole bots against the sandbox Telegram: what really arrives, and how often."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.watches import Measure, Rule, Turn
from models.database import Database
from models.queries import digests, profiles, sightings, watches
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.rows import an_opportunity, clock, states, subscribed
from tests.integration.bot.telegram import Telegram
from tests.rows import a_quote, make_item, make_partitions, price, rows, single

ADA = 501
SEEN = "SELECT count(*) FROM watches WHERE seen IS NOT NULL"
TITLE = "★ Karambit | Doppler (Factory New)"


@pytest.fixture(autouse=True)
def ada(telegram: Telegram, database: Database) -> None:
    """A subscribed chat that has said something."""
    telegram.chat(ADA, spoke=True)
    subscribed(database, ADA)


def test_a_watch_fires_once_by_two_bots_and_again_after_the_price_left(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Below $10.00: $9.90 is told, $9.80 is not, $10.10 arms it, $9.70 is told."""
    now = clock()
    make_partitions(database, now)
    item = make_item(database, TITLE, at=now)
    price(database, {item: a_quote(900, 1200)}, now)
    with database.transaction() as session:
        watches.add(session, ADA, item, Rule(Measure.ASK, Turn.BELOW, 1000), now)
    bots = [start_bot(), start_bot()]

    for at, ask in enumerate((990, 980, 1010, 970), 1):
        price(database, {item: a_quote(900, ask)}, now + timedelta(milliseconds=at))
        with database.transaction() as session:
            sightings.look(session, [item])
        eventually(lambda: single(database, SEEN) == 0, "the watch was looked at")
    second = telegram.wait_for("Cheapest offer $9.70", ADA)[0]["text"]
    eventually(lambda: states(database) == [("sent", "delivered")] * 2, "both are recorded")

    assert [bot.stop() for bot in bots] == [0, 0]
    assert [line["text"].count("🔔") for line in telegram.messages() if TITLE in line["text"]] == [1, 1]
    assert "Was $10.10" in second


def test_a_digest_that_is_due_arrives_once(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """The hour that has just ended, by two bots, in the language of the chat."""
    now = clock()
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    with database.transaction() as session:
        an_opportunity(session, hour - timedelta(minutes=20), title=TITLE)
        profiles.change(session, ADA, now, digest="hourly", digest_least=1)
        digests.arrange(session, ADA, hour - timedelta(minutes=30))
    start_bot()
    start_bot()

    (said,) = telegram.wait_for("🗞", ADA)

    eventually(lambda: states(database) == [("sent", "delivered")], "the digest is recorded")
    assert TITLE in said["text"]
    assert single(database, "SELECT digest_due_at FROM chats") == hour + timedelta(hours=1)


def test_silence_is_explained_at_a_decent_hour(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """To a chat that was told nothing for a day, in a zone in which it is day."""
    offset = 12 - datetime.now(UTC).hour
    zone = f"Etc/GMT{-offset:+d}" if -12 <= -offset <= 14 else "UTC"
    rows(
        database,
        "UPDATE chats SET zone = :zone, created_at = :at, changed_at = :at RETURNING id",
        zone=zone,
        at=clock() - timedelta(days=2),
    )
    start_bot()

    (said,) = telegram.wait_for("🤫", ADA)

    assert "Nothing was sent to you for 48 hours." in said["text"]
    assert "/status" in said["text"]
