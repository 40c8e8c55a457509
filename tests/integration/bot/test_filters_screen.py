"""/filters as a subscriber changes them, and what a change would have meant."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.filters import Filter
from models.database import Database
from tests.integration.bot.chats import wishes
from tests.integration.bot.conftest import StartBot
from tests.integration.bot.rows import an_opportunity, clock, subscribed
from tests.integration.bot.telegram import Person, Telegram

ADA, BOB = 501, 502
GROUP, ADMIN = -77, 11
# A field, what cannot be read, what can, how it is shown, and what it sets.
TYPED: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("Price", "25-3", "3,50-25", "$3.50 to $25.00", {"price_from": 350, "price_to": 2_500}),
    ("Net gain", "much", "$0,75", "at least $0.75", {"min_net": 75}),
    ("Net return", "7.55%", "7.5%", "at least 7.5%", {"min_return_bps": 750}),
    ("Liquidity", "-1", "1.5", "at least 1.5 a day", {"min_sales_tenths": 15}),
    ("Age of the offer", "90", "90 min", "at most 1 h 30 min", {"max_age": 5_400}),
    ("Float", "0.15-0.07", "0.07-0.15", "0.07 to 0.15", {"float_from": 70_000, "float_below": 150_000}),
    ("Only with", "|", "Night OPS, Lore", "lore, night ops", {"include": frozenset({"lore", "night ops"})}),
    ("Without", "…", "Souvenir", "souvenir", {"exclude": frozenset({"souvenir"})}),
)


@pytest.fixture
def ada(start_bot: StartBot, telegram: Telegram, database: Database) -> Person:
    """Subscribed like Bob; of CS2 three deals were found today, one yesterday morning."""
    start_bot()
    telegram.chat(ADA, spoke=True)
    subscribed(database, ADA, BOB)
    with database.transaction() as session:
        an_opportunity(session, buy=250, level="boost")
        an_opportunity(session, buy=1_200, level="medium")
        an_opportunity(session, buy=1_300, level="medium", state="gone")
        an_opportunity(session, buy=200, level="boost", at=clock() - timedelta(hours=25))
    return Person(telegram, ADA)


def open_game(ada: Person, game: str = "CS2") -> None:
    ada.says("/filters").sees("Filters")
    ada.presses(game).sees(f"🎛 {game}")


def test_a_change_shows_at_once_what_it_means(ada: Person, database: Database) -> None:
    """How many deals of the last 24 hours it would have let through; of this chat and game alone."""
    ada.says("/filters").sees("Of 3 deals in the last 24 h 3 fit.")
    ada.presses("CS2").sees("No condition of your own")
    ada.presses("Price").sees("Now: any")
    ada.presses("up to $3.00").sees("Of 3 deals in the last 24 h 1 fit.")
    ada.presses("‹ Back").sees("Price: up to $3.00")

    assert wishes(database, ADA)["csgo"] == Filter(price_to=300)
    assert wishes(database, ADA)["rust"] == Filter()
    assert wishes(database, BOB)["csgo"] == Filter()


def test_a_value_is_typed(ada: Person, database: Database) -> None:
    """What cannot be read gets a sentence with an example and another try, and changes nothing."""
    for field, wrong, answer, shown, wanted in TYPED:
        former = wishes(database, ADA)["csgo"]
        open_game(ada)
        ada.presses(field).sees("Now: any")
        ada.presses("Type it").sees("Send")
        ada.says(wrong).sees(f"I do not understand “{wrong}”. Send")
        assert wishes(database, ADA)["csgo"] == former
        ada.says(answer).sees(f"Now: {shown}")
        assert wishes(database, ADA)["csgo"] == replace(former, **wanted)


def test_values_are_ticked_and_taken_back(ada: Person, database: Database) -> None:
    """Of levels and types the last one stays: none would be silence."""
    open_game(ada)
    ada.presses("Exterior").sees("Now: any")
    ada.presses("Factory New").sees("Now: Factory New")
    ada.presses("Field-Tested").sees("Now: Factory New, Field-Tested")
    ticked = wishes(database, ADA)["csgo"]
    ada.presses("♻️ Any").sees("Now: any")
    ada.presses("‹ Back").sees("🎛 CS2")
    ada.presses("Types of deal").sees("Sells at once, Sells in time")
    ada.presses("Sells at once").sees("Now: Sells in time")
    ada.presses("Sells in time").sees("One must stay")
    ada.presses("‹ Back").sees("🎛 CS2")
    ada.presses("StatTrak").sees("Now: any")
    ada.presses("none").sees("Now: none")

    assert ticked == Filter(exteriors=frozenset({"factory-new", "field-tested"}))
    assert wishes(database, ADA)["csgo"] == Filter(exits=frozenset({"patient"}), stattrak=False)


def test_entries_of_a_list_are_removed_one_by_one(ada: Person, database: Database) -> None:
    """Also those that are too long for a button."""
    long = "the very long name of a hero that fits no button at all"
    open_game(ada, "Dota 2")
    ada.presses("Hero").sees("Now: any")
    ada.presses("Type it").sees("Send one or more")
    ada.says(f"Phantom Assassin; {long}").sees("Phantom Assassin")
    both = wishes(database, ADA)["dota2"].heroes
    ada.presses("❌ the Very Long").sees("Now: Phantom Assassin")

    assert both == {"phantom-assassin", long.replace(" ", "-")}
    assert wishes(database, ADA)["dota2"].heroes == {"phantom-assassin"}


def test_common_conditions_are_copied_and_all_are_reset(ada: Person, database: Database) -> None:
    """After a question; whether a game is on, and what only it has, stays."""
    open_game(ada, "Rust")
    ada.presses("Tell me about Rust").sees("🎛 Rust: off")
    open_game(ada)
    ada.presses("Net gain").sees("Now: any")
    ada.presses("at least $1.00").sees("Now: at least $1.00")
    ada.presses("‹ Back").sees("🎛 CS2")
    ada.presses("Souvenir").sees("Now: any")
    ada.presses("only").sees("Now: only")
    ada.presses("‹ Back").sees("🎛 CS2")
    ada.presses("Copy to all games").sees("What they have there is replaced.")
    ada.presses("Yes").sees("Copied to all games.")
    ada.sees("🎛 CS2: on")
    copied = wishes(database, ADA)
    ada.presses("Reset").sees("Remove all conditions of CS2?")
    ada.presses("Yes").sees("All conditions are gone.")

    assert copied["csgo"] == Filter(min_net=100, souvenir=True)
    assert copied["tf2"] == copied["dota2"] == Filter(min_net=100)
    assert copied["rust"] == Filter(min_net=100, on=False)
    assert wishes(database, ADA)["csgo"] == Filter()
    assert wishes(database, ADA)["tf2"] == Filter(min_net=100)


def test_liquidity_has_a_way_of_its_own(ada: Person, database: Database) -> None:
    """/liquidity_settings leads to it, game by game."""
    ada.says("/liquidity_settings").sees("CS2: any")
    ada.presses("TF2").sees("TF2 · Liquidity")
    ada.presses("at least 3 a day").sees("Now: at least 3 a day")

    assert wishes(database, ADA)["tf2"] == Filter(min_sales_tenths=30)


def test_in_a_group_only_administrators_change_filters(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Everybody may look."""
    start_bot()
    subscribed(database, GROUP, kind="group")
    telegram.group(GROUP, ADMIN, BOB)
    member, admin = Person(telegram, GROUP, BOB), Person(telegram, GROUP, ADMIN)
    member.says("/filters").sees("Filters")
    member.presses("CS2").sees("No condition of your own")
    member.presses("Tell me about CS2").sees("Only administrators of this group can do that.")
    refused = wishes(database, GROUP)["csgo"]
    admin.presses("Tell me about CS2").sees("🎛 CS2: off")

    assert refused == Filter()
    assert wishes(database, GROUP)["csgo"] == Filter(on=False)
