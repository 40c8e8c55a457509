"""Groups: their administrators alone decide, the bot says hello once, and what it is put out of ends."""

from typing import Any

import pytest

from bot.seal import Seal
from models.database import Database
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.rows import chat_row, outbox, owe
from tests.integration.bot.telegram import Person, Telegram

BOSS, ADA, EVE = 900, 501, 666
GROUP, FORUM, CHANNEL = -77, -1001, -1002
TOPIC = 4


def state(database: Database, chat_id: int) -> str:
    row = chat_row(database, chat_id)
    return row.state if row else "unknown"


@pytest.fixture
def group(start_bot: StartBot, telegram: Telegram) -> tuple[Person, Person]:
    """Its administrator and a member; the bot is new there."""
    start_bot(ADMIN_USERS=str(BOSS))
    telegram.group(GROUP, ADA, EVE, bot="left")
    telegram.bot_is(GROUP, "member", user_id=ADA)
    return Person(telegram, GROUP, ADA), Person(telegram, GROUP, EVE)


def test_the_bot_says_hello_and_subscribes_nobody(
    group: tuple[Person, Person], telegram: Telegram, database: Database
) -> None:
    """One message that tells an administrator what to do; made an administrator it says nothing more."""
    ada, _ = group
    telegram.wait_for("An administrator of this group subscribes it with /start", GROUP)
    telegram.bot_is(GROUP, "administrator", user_id=ADA)
    ada.says("/help").sees("/status")

    assert len(ada.lines()) == 2
    assert chat_row(database, GROUP) is None


def test_a_member_cannot_act_for_the_group(
    group: tuple[Person, Person], telegram: Telegram, database: Database
) -> None:
    """Neither subscribe, stop nor change, by command, button or answer; the administrator can."""
    ada, eve = group
    eve.says("/start").sees("Only administrators of this group can do that.")
    ada.says("/start").sees("Subscribed.")
    eve.says("/stop").sees("Only administrators")
    ada.says("/settings").sees("Settings")
    ada.presses("Language").sees("Which language")
    eve.presses("Русский").sees("Only administrators")
    row = chat_row(database, GROUP)

    assert row is not None
    assert (row.state, row.language, row.owner_id) == ("active", "en", ADA)
    ada.says("/stop").sees("Stopped.")


def test_a_press_below_a_message_in_the_groups_name_is_the_members_own(
    group: tuple[Person, Person], telegram: Telegram, database: Database
) -> None:
    """A bot that posts as the group lends its rights to nobody."""
    ada, eve = group
    ada.says("/start").sees("Subscribed.")
    here = {"id": GROUP, "type": "group", "title": "Traders"}
    below = {"message_id": ada.lines()[-1]["message_id"], "date": 1_700_000_000, "chat": here, "sender_chat": here}
    data = Seal(telegram.sandbox.token).pack(GROUP, "set_cap", ("5",))
    who = {"id": EVE, "is_bot": False, "first_name": "Eve"}
    telegram.push(
        {"callback_query": {"id": "1", "from": who, "chat_instance": "1", "message": below, "data": data}},
    )
    eve.says("/help").sees("/status")

    row = chat_row(database, GROUP)
    assert row is not None
    assert row.daily_cap is None


def test_an_answer_counts_from_who_was_asked(group: tuple[Person, Person], database: Database) -> None:
    """What another member says to the bot is no answer to the administrator's question."""
    ada, eve = group
    ada.says("/start").sees("Subscribed.")
    ada.says("/settings").sees("Settings")
    ada.presses("Deals a day").sees("a day")
    eve.says("@skinbeat_bot 5")
    ada.says("/help").sees("/status")

    row = chat_row(database, GROUP)
    assert row is not None
    assert row.daily_cap is None


@pytest.mark.parametrize("status", ["kicked", "left"])
def test_a_group_that_puts_the_bot_out_is_told_of_nothing(
    group: tuple[Person, Person], telegram: Telegram, database: Database, status: str
) -> None:
    """At once, before any alert fails; back in, it greets, and waits for /start."""
    ada, _ = group
    ada.says("/start").sees("Subscribed.")
    telegram.bot_is(GROUP, status, user_id=ADA)
    eventually(lambda: state(database, GROUP) == "blocked", "the group is noted as blocked")
    owe(database, [GROUP], title="nobody there")
    eventually(lambda: [row.state for row in outbox(database)] == ["failed"], "the alert has ended")
    telegram.bot_is(GROUP, "member", user_id=ADA)
    telegram.wait_for("Hello!", GROUP, times=2)

    assert state(database, GROUP) == "blocked"
    ada.says("/start").sees("Subscribed.")


def test_a_topic_of_a_forum_gets_what_is_asked_there(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Answers and alerts go to the topic in which the administrator said /start."""
    start_bot()
    telegram.group(FORUM, ADA, kind="supergroup", topics=[{"id": TOPIC, "name": "Deals"}])
    ada = Person(telegram, FORUM, ADA)
    answer = ada.says("/start", message_thread_id=TOPIC).sees("Subscribed.")
    owe(database, [FORUM], title="in the topic")
    (alert,) = telegram.wait_for("in the topic", FORUM)

    assert answer["message_thread_id"] == alert["message_thread_id"] == TOPIC


def added_to_a_channel(telegram: Telegram) -> dict[str, Any]:
    bot = {"id": int(telegram.sandbox.token.partition(":")[0]), "is_bot": True, "first_name": "Skinbeat"}
    change = {
        "chat": {"id": CHANNEL, "type": "channel", "title": "News"},
        "from": {"id": ADA, "is_bot": False, "first_name": "Ada"},
        "date": 1,
        "old_chat_member": {"user": bot, "status": "left"},
        "new_chat_member": {"user": bot, "status": "member"},
    }
    return {"my_chat_member": change}


def test_a_channel_and_a_banned_person_are_not_greeted(
    group: tuple[Person, Person], telegram: Telegram, database: Database
) -> None:
    """A channel cannot be subscribed; who is banned gets the bot to say nothing by adding it somewhere."""
    telegram.chat(BOSS)
    boss = Person(telegram, BOSS)
    boss.says("/admin").sees("Administration")
    boss.presses("A person").sees("Who?")
    boss.says(str(EVE)).sees("Person 666")
    boss.presses("Ban").sees("Banned")
    telegram.push(added_to_a_channel(telegram))
    telegram.group(FORUM, EVE, kind="supergroup", bot="left")
    telegram.bot_is(FORUM, "member", user_id=EVE)
    telegram.group(-5, ADA, bot="left")
    telegram.bot_is(-5, "member", user_id=ADA)
    telegram.wait_for("Hello!", -5)
    boss.says("/help").sees("/status")

    assert not [line for line in telegram.messages() if line["chat_id"] in {CHANNEL, FORUM}]
