"""A person's own data, over whole processes: a copy of it, its end, and a word to the operators."""

import json

import pytest

from models.database import Database
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.rows import chat_row, outbox, owe
from tests.integration.bot.telegram import Person, Telegram
from tests.rows import rows, single

ADA, BOB, BOSS = 501, 502, 900
GROUP = -77


@pytest.fixture
def ada(start_bot: StartBot, telegram: Telegram) -> Person:
    """A subscriber of a running bot that BOSS owns."""
    start_bot(ADMIN_USERS=str(BOSS))
    telegram.chat(ADA)
    ada = Person(telegram, ADA)
    ada.says("/start").sees("Subscribed.")
    return ada


def test_export_is_a_file_with_everything(ada: Person, telegram: Telegram, database: Database) -> None:
    """Settings and alerts as JSON; another's are not in it. More than two in a minute are refused with the wait."""
    telegram.chat(BOB)
    Person(telegram, BOB).says("/start").sees("Subscribed.")
    owe(database, [ADA, BOB], title="★ Karambit | Doppler")
    ada.sees("★ Karambit | Doppler")
    line = ada.says("/export").sees("Everything that I have stored about you")

    found = json.loads(telegram.file(line))
    assert [row["id"] for row in found["chats"]] == [ADA]
    assert {row["game"] for row in found["filters"]} == {"csgo", "dota2", "tf2", "rust"}
    assert [row["chat_id"] for row in found["alerts"]] == [ADA]
    ada.says("/export").sees("Everything")
    ada.says("/export").sees("Too fast: try again in")


def test_delete_me_asks_and_then_nothing_is_left(ada: Person, telegram: Telegram, database: Database) -> None:
    """The menu is a way out; the button deletes, and /start makes a newcomer."""
    ada.says("/delete_me").sees("Delete everything?")
    ada.presses("Menu").sees("What would you like to see?")
    assert chat_row(database, ADA)
    ada.says("/delete_me").sees("Delete everything?")
    ada.presses("Yes, delete everything").sees("Deleted.")

    assert chat_row(database, ADA) is None
    assert rows(database, "SELECT 1 FROM filters") == []
    ada.says("/start").sees("Step 1 of 3")


def test_accounts_are_no_matter_for_a_group(ada: Person, telegram: Telegram) -> None:
    """Neither export nor deletion, not even for its administrator."""
    telegram.group(GROUP, ADA)
    boss = Person(telegram, GROUP, ADA)

    for command in ("export", "delete_me"):
        boss.says(f"/{command}").sees(f"/{command} is answered in a private chat only.")


def test_feedback_reaches_the_operators(ada: Person, telegram: Telegram, database: Database) -> None:
    """In one go or as an answer, whatever it holds, at most five in an hour; stored as it was typed."""
    telegram.chat(BOSS)
    boss = Person(telegram, BOSS)
    boss.says("/start").sees("Subscribed.")
    ada.says("/feedback <b>bold & brave").sees("Thank you.")
    ada.says("/feedback").sees("What should the people who run this know?")
    ada.says("second").sees("Thank you.")

    assert "<b>bold & brave" in boss.sees("Feedback from 501")["text"]
    assert rows(database, "SELECT text FROM remarks ORDER BY id") == [("<b>bold & brave",), ("second",)]
    for number in range(3):
        ada.says(f"/feedback {number}").sees("Thank you.")
    ada.says("/feedback more").sees("That was enough for now: the next one in")
    assert single(database, "SELECT count(*) FROM remarks") == 5
    eventually(lambda: [row.state for row in outbox(database)] == ["sent"] * 5, "all were passed on")
