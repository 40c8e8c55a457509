"""A message to all: seen before it is sent, sent once, taken back, behind every alert."""

import asyncio
import time
from datetime import timedelta

import pytest

from domain.kinds import Kind, Loudness
from models.database import Database
from models.queries import broadcasts, manners, profiles
from models.queries.broadcasts import CHATS, CONFIRMED_WITHIN
from tests.factories import NOW
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.outbox_rows import claim
from tests.integration.bot.rows import clock, outbox, owe
from tests.integration.bot.telegram import Person, Telegram, buttons
from tests.rows import rows, single

BOSS, ADA, BOB = 900, 501, 502
SECOND = timedelta(seconds=1)


def crowd(database: Database, number: int) -> None:
    """Subscribed chats with the numbers from 1 on, without filters: a notice asks for none."""
    many = """
        INSERT INTO chats (id, kind, state, created_at, changed_at)
        SELECT n, 'private', 'active', :now, :now FROM generate_series(1, :number) AS n RETURNING 1
    """
    rows(database, many, now=NOW, number=number)


def confirmed(database: Database, text: str = "<b>news</b>") -> int:
    """A broadcast that is being written, by BOSS."""
    with database.transaction() as session:
        number = broadcasts.draft(session, BOSS, text, NOW)
        assert broadcasts.confirm(session, number, BOSS, 1, NOW + SECOND)
        return number


def work(database: Database) -> int:
    """Every step there is; how many there were."""
    steps = 0
    while step(database):
        steps += 1
    return steps


def step(database: Database) -> bool:
    with database.transaction() as session:
        return broadcasts.work(session, NOW + SECOND).more


def test_an_admin_sees_it_first_and_sends_it_once(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Typed, previewed, with words of its own for one language, sent by a button that works once."""
    start_bot(ADMIN_USERS=str(BOSS))
    boss = Person(telegram, BOSS)
    for chat_id in (BOSS, ADA, BOB):
        telegram.chat(chat_id)
        Person(telegram, chat_id).says("/start").sees("Subscribed.")
    with database.transaction() as session:
        profiles.change(session, BOB, clock(), language="ru")
    boss.says("/admin").sees("Administration")
    boss.presses("Broadcast").sees("Broadcast")
    boss.presses("New broadcast").sees("Send the text")
    boss.says("<b>open").sees("The tag <b> is opened but not closed.")
    boss.says("never sent").sees("This goes to 3 chats")
    boss.presses("Discard").sees("taken back")
    boss.presses("Back").sees("Broadcast")
    boss.presses("New broadcast").sees("Send the text")
    boss.says("<b>Works</b> tonight, 5 < 6 & more").sees("This goes to 3 chats")
    boss.presses("✏️ Русский").sees("Send the text for chats in Русский.")
    preview = boss.says("<i>Работы</i>").sees("With a text of their own: Русский")
    boss.presses("Send to 3 chats").sees("Broadcast 2")

    (heard,) = telegram.wait_for("Works tonight", ADA)
    assert heard["html"] == "<b>Works</b> tonight, 5 &lt; 6 &amp; more"
    assert telegram.wait_for("Работы", BOB)[0]["html"] == "<i>Работы</i>"
    eventually(lambda: [row.state for row in outbox(database)] == ["sent"] * 3, "everybody has it")
    boss.presses("Refresh").sees("3 written, 3 sent, 0 waiting, 0 not sent")
    telegram.press(BOSS, preview["message_id"], buttons(preview)[0]["callback_data"], forged=True)
    boss.sees("Nothing was sent")
    assert len(outbox(database)) == 3
    assert rows(database, "SELECT action FROM audit ORDER BY id") == [("cancel_broadcast",), ("broadcast",)]


def test_what_only_telegram_refuses_is_said_with_what_it_takes(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """A text and the wording of a language that pass every look of ours; nothing is queued, and another may be sent."""
    bot = start_bot(ADMIN_USERS=str(BOSS))
    telegram.chat(BOSS)
    boss = Person(telegram, BOSS)
    boss.says("/start").sees("Subscribed.")
    boss.says("/admin").sees("Administration")
    boss.presses("Broadcast").sees("Broadcast")
    boss.presses("New broadcast").sees("Send the text")
    first = boss.says("<b> </b>").sees("Telegram refuses this text: “Message text is empty”.")
    boss.presses("New broadcast").sees("Send the text")
    boss.says("news").sees("This goes to 1 chat")
    boss.presses("✏️ Deutsch").sees("Send the text for chats in Deutsch.")
    second = boss.says("<i> </i>").sees("Telegram refuses the text for chats in Deutsch: “Message text is empty”.")
    boss.presses("✏️ Deutsch").sees("Send the text for chats in Deutsch.")
    boss.says("Neues").sees("With a text of their own: Deutsch")

    assert "It takes a text with visible words in which only <b>, <blockquote>," in first["text"]
    assert buttons(second)[0]["text"] == "✏️ Deutsch"
    assert outbox(database) == []
    assert "did not get through" not in bot.log


@pytest.mark.parametrize(
    ("author", "version", "after"),
    [(ADA, 1, SECOND), (BOSS, 2, SECOND), (BOSS, 1, CONFIRMED_WITHIN)],
    ids=["another admin", "another version", "too late"],
)
def test_only_what_was_seen_just_now_is_sent(database: Database, author: int, version: int, after: timedelta) -> None:
    """By who wrote it, as it was previewed, within ten minutes."""
    with database.transaction() as session:
        number = broadcasts.draft(session, BOSS, "news", NOW)
        begun = broadcasts.confirm(session, number, author, version, NOW + after)

    assert not begun
    assert work(database) == 0


def test_it_is_written_in_steps_to_each_chat_once(database: Database) -> None:
    """Active chats that want notices; by several bots at once none gets it twice, and none is left out."""
    crowd(database, 2 * CHATS + 10)
    with database.transaction() as session:
        manners.change(session, 5, Kind.NOTICE, loudness=Loudness.OFF)
        session.connection().exec_driver_sql("UPDATE chats SET state = 'stopped' WHERE id = 6")
    confirmed(database)

    async def bots() -> None:
        await asyncio.gather(*(asyncio.to_thread(work, database) for _ in range(3)))

    asyncio.run(bots())
    work(database)
    told = {row.chat_id for row in outbox(database)}
    assert told == set(range(1, 2 * CHATS + 11)) - {5, 6}
    assert len(outbox(database)) == len(told) == single(database, "SELECT written FROM broadcasts")


def test_what_was_taken_back_ends_unsent(database: Database) -> None:
    """What a bot holds at that moment may still go; what is not written is never written."""
    crowd(database, CHATS + 5)
    number = confirmed(database)
    step(database)
    (held,) = claim(database, after=1.15, limit=1).alerts
    with database.transaction() as session:
        assert broadcasts.cancel(session, number, BOSS, NOW + SECOND)
        assert not broadcasts.cancel(session, number, BOSS, NOW + SECOND)
    work(database)

    ends = {row.chat_id: (row.state, row.reason) for row in outbox(database)}
    assert ends.pop(held.chat_id) == ("pending", None)
    assert set(ends.values()) == {("suppressed", "cancelled")}
    assert len(ends) == CHATS - 1
    assert single(database, "SELECT finished_at IS NULL FROM broadcasts")


def test_alerts_pass_a_broadcast(database: Database) -> None:
    """A deal that comes while everybody is owed a notice is taken before all of them."""
    crowd(database, CHATS)
    confirmed(database)
    work(database)
    owe(database, [500], at=NOW + SECOND)
    alert, *_ = claim(database, after=1.5, limit=5).alerts

    assert (alert.chat_id, alert.kind) == (500, Kind.INSTANT)


@pytest.mark.timed
def test_a_step_for_a_hundred_thousand_chats_is_short(database: Database) -> None:
    """However many chats there are, no transaction takes long enough to hold up a delivery."""
    crowd(database, 100_000)
    confirmed(database)
    longest = 0.0
    for _ in range(10):
        begun = time.monotonic()
        assert step(database)
        longest = max(longest, time.monotonic() - begun)

    assert single(database, "SELECT written FROM broadcasts") == 10 * CHATS
    assert longest < 2.0
