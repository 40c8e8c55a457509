"""/mute: titles that a chat does not want to hear of, by name and by number."""

import pytest

from models.database import Database
from models.queries import manners
from tests.integration.bot.conftest import StartBot
from tests.integration.bot.rows import an_opportunity, clock, subscribed
from tests.integration.bot.telegram import Person, Telegram

ADA, BOB = 501, 502
KARAMBIT, BUTTERFLY = "★ Karambit | Doppler (Factory New)", "★ Butterfly Knife | Doppler (Factory New)"
GROUP, ADMIN = -77, 11


@pytest.fixture
def ada(start_bot: StartBot, telegram: Telegram, database: Database) -> Person:
    start_bot()
    telegram.chat(ADA, spoke=True)
    subscribed(database, ADA, BOB)
    with database.transaction() as session:
        for title in (KARAMBIT, BUTTERFLY, "AWP | <i>Asiimov</i> & Co (Field-Tested)"):
            an_opportunity(session, title=title)
    return Person(telegram, ADA)


def muted(database: Database, chat_id: int = ADA) -> list[str]:
    with database.transaction() as session:
        return [one.title for one in manners.muted(session, chat_id, clock())]


def test_an_item_is_muted_by_a_part_of_its_name(ada: Person, database: Database) -> None:
    """Of those that may be meant the number is pressed; the list ends it again."""
    ada.says("/mute").sees("No item is muted.")
    found = ada.says("/mute doppler").sees("Which one is “doppler”?")
    number = next(line[0] for line in found["text"].splitlines() if KARAMBIT in line)
    ada.presses(number).sees(f"No more deals of {KARAMBIT} come here.")
    before = muted(database)
    ada.says("/mute").sees(f"1. {KARAMBIT} · CS2")
    ada.presses("🔔 1").sees("No item is muted.")

    assert before == [KARAMBIT]
    assert muted(database) == muted(database, BOB) == []


def test_an_exact_name_is_muted_at_once_and_can_be_taken_back(ada: Person, database: Database) -> None:
    """Whatever signs it has."""
    ada.says("/mute awp | <i>asiimov</i> & co (field-tested)").sees("No more deals of AWP | <i>Asiimov</i> & Co")
    before = muted(database)
    ada.presses("Undo").sees("No item is muted.")

    assert len(before) == 1
    assert muted(database) == []


def test_a_name_that_nothing_has_is_said_to_be_unknown(ada: Person, database: Database) -> None:
    """And another one can be sent."""
    ada.says("/mute zzzzqqqq <b>").sees("I know no item called “zzzzqqqq <b>”.")
    before = muted(database)
    ada.says("karambit doppler").sees(f"No more deals of {KARAMBIT} come here.")

    assert before == []
    assert muted(database) == [KARAMBIT]


def test_in_a_group_a_member_cannot_mute(ada: Person, telegram: Telegram, database: Database) -> None:
    """Neither by the exact name nor by a button; everybody may look."""
    subscribed(database, GROUP, kind="group")
    telegram.group(GROUP, ADMIN, BOB)
    member, admin = Person(telegram, GROUP, BOB), Person(telegram, GROUP, ADMIN)
    member.says(f"/mute {KARAMBIT}").sees("Which one is")
    member.presses("1").sees("Only administrators of this group can do that.")
    refused = muted(database, GROUP)
    admin.presses("1").sees("No more deals of")

    assert refused == []
    assert muted(database, GROUP) == [KARAMBIT]
