from datetime import timedelta

import pytest

from models.database import Database
from tests.integration.bot.conftest import Bot, StartBot, eventually
from tests.integration.bot.rows import chat_row, clock, outbox, owe, states, subscribed
from tests.integration.bot.telegram import Telegram

ADA, BOB = 501, 502
GROUP, SUPERGROUP = -77, -100_77


@pytest.fixture
def bot(start_bot: StartBot, telegram: Telegram, database: Database) -> Bot:
    """A bot with two private subscribers and a group."""
    bot = start_bot()
    for chat_id in (ADA, BOB):
        telegram.chat(chat_id)
        telegram.say(chat_id, "/start")
        telegram.wait_for("Subscribed.", chat_id)
    telegram.chat(GROUP, "group")
    subscribed(database, GROUP, kind="group")
    return bot


def ends(database: Database, *expected: tuple[str, str | None]) -> None:
    eventually(lambda: states(database) == list(expected), f"{expected}; now {states(database)}")


def let_leases_end(database: Database) -> None:
    """Time passes for whoever looks at the outbox."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE alerts SET lease_until = now() - interval '1 second' WHERE state = 'sending'"
        )


def test_flood_control_delays_everybody_and_loses_nothing(bot: Bot, telegram: Telegram, database: Database) -> None:
    """A private chat that is refused means that all wait as long as Telegram says."""
    telegram.fault("429", retry_after=1, times=1)
    started = clock()
    owe(database, [ADA])

    ends(database, ("sent", "delivered"))
    (alert,) = outbox(database)
    assert alert.attempts == 2
    assert alert.finished_at is not None
    assert alert.finished_at - started >= timedelta(seconds=1)


def test_flood_control_in_a_group_holds_up_nobody_else(bot: Bot, telegram: Telegram, database: Database) -> None:
    """Groups have a limit of their own."""
    telegram.fault("429", retry_after=60, chat_id=GROUP)
    owe(database, [GROUP])
    bot.wait_for("Telegram asks to wait")
    owe(database, [ADA])

    ends(database, ("pending", None), ("sent", "delivered"))


def test_a_chat_that_blocked_the_bot_is_left_alone(bot: Bot, telegram: Telegram, database: Database) -> None:
    """Its alerts fail with Telegram's words; others get theirs."""
    telegram.fault("403", chat_id=ADA)
    owe(database, [ADA, BOB])

    ends(database, ("failed", "blocked: Forbidden: bot was blocked by the user"), ("sent", "delivered"))
    eventually(lambda: getattr(chat_row(database, ADA), "state", "") == "blocked", "the chat is marked")


def test_an_alert_follows_a_group_to_its_supergroup(bot: Bot, telegram: Telegram, database: Database) -> None:
    """Told there at once."""
    telegram.fault("migrate", chat_id=GROUP, to=SUPERGROUP)
    owe(database, [GROUP], title="for all of us")

    telegram.wait_for("for all of us", SUPERGROUP)
    ends(database, ("sent", "delivered"))
    assert chat_row(database, GROUP) is None
    assert chat_row(database, SUPERGROUP) is not None


@pytest.mark.parametrize(
    ("words", "reason", "state"),
    [("Chat not found", "blocked", "blocked"), ("Can't parse entities", "refused", "active")],
)
def test_a_bad_request_ends_the_alert(
    bot: Bot, telegram: Telegram, database: Database, *, words: str, reason: str, state: str
) -> None:
    """And the subscription only where the chat does not exist any more."""
    telegram.fault("400", chat_id=ADA, description=f"Bad Request: {words}")
    owe(database, [ADA])

    ends(database, ("failed", f"{reason}: {words}"))
    row = chat_row(database, ADA)
    assert row is not None
    assert row.state == state


def test_a_server_error_is_tried_again(bot: Bot, telegram: Telegram, database: Database) -> None:
    """Until it works."""
    telegram.fault("500", times=2)
    owe(database, [ADA], title="third time")

    telegram.wait_for("third time", ADA)
    ends(database, ("sent", "delivered"))
    assert outbox(database)[0].attempts == 3


def test_what_cannot_be_sent_in_time_expires(bot: Bot, telegram: Telegram, database: Database) -> None:
    """A late alert is worth nothing."""
    telegram.fault("500", times=1000)
    owe(database, [ADA], lasts=timedelta(seconds=2))

    ends(database, ("expired", "too_late"))


def test_a_lost_answer_is_repeated_once_after_its_lease(bot: Bot, telegram: Telegram, database: Database) -> None:
    """Not earlier; both messages carry the same short id."""
    telegram.fault("swallow", times=1)
    owe(database, [ADA], title="did it arrive")
    bot.wait_for("no answer from Telegram")
    ends(database, ("sending", None))
    let_leases_end(database)

    first, second = telegram.wait_for("did it arrive", ADA, times=2)
    ends(database, ("sent", "resent"))
    assert first["text"].splitlines()[-1] == second["text"].splitlines()[-1]


def test_two_lost_answers_are_enough(bot: Bot, telegram: Telegram, database: Database) -> None:
    """It may have come twice already, so it stays unknown."""
    telegram.fault("swallow", times=5)
    owe(database, [ADA], title="did it arrive")
    for times in (1, 2):
        bot.wait_for("no answer from Telegram", times)
        let_leases_end(database)

    ends(database, ("failed", "unknown"))
    assert len(telegram.wait_for("did it arrive", ADA, times=2)) == 2
