"""From /start to the first fitting deal, as a newcomer sees it."""

from datetime import timedelta

import pytest

from models.database import Database
from tests.integration.bot.chats import profile, wishes
from tests.integration.bot.conftest import StartBot
from tests.integration.bot.rows import an_opportunity, clock
from tests.integration.bot.telegram import Person, Telegram, buttons

ADA, BOB = 501, 502
GROUP, FORUM, ADMIN = -77, -100_200, 11


@pytest.fixture
def ada(start_bot: StartBot, telegram: Telegram) -> Person:
    start_bot()
    telegram.chat(ADA)
    return Person(telegram, ADA)


def on(database: Database, chat_id: int = ADA) -> set[str]:
    return {game for game, one in wishes(database, chat_id).items() if one.on}


def test_three_taps_bring_a_newcomer_to_the_first_deal(ada: Person, database: Database) -> None:
    """Language, games, budget, each in the place of the one before; then what is watched and a real deal."""
    with database.transaction() as session:
        an_opportunity(session, title="Cheap one", game="rust", level="boost", buy=120)
        an_opportunity(session, title="Dear one", game="rust", level="pro", buy=40_000, cents_per_day=900)
    first = ada.says("/start").sees("Step 1 of 3")
    games = ada.presses("English").sees("Which games")
    ada.presses("CS2").sees("Which games")
    ada.presses("Dota 2").sees("Which games")
    ada.presses("TF2").sees("Which games")
    budget = ada.presses("Continue ›").sees("How much")
    done = ada.presses("Up to $10.00").sees("All set.")

    assert {line["message_id"] for line in (games, budget, done)} == {first["message_id"]}
    assert "Cheap one" in done["text"]
    assert "Dear one" not in done["text"]
    assert on(database) == {"rust"}
    assert {one.levels for one in wishes(database, ADA).values()} == {frozenset({"boost", "standard"})}
    assert profile(database, ADA).language == "en"
    assert {button["text"] for button in buttons(done)} >= {"💰 Top deals", "⚙️ Settings"}


def test_levels_are_chosen_one_by_one(ada: Person, database: Database) -> None:
    """Instead of a budget: not only the cheapest ones."""
    ada.says("/start").sees("1")
    ada.presses("English").sees("Which games")
    ada.presses("All games").sees("How much")
    ada.presses("Choose levels").sees("Each band has its own least return.")
    for level in ("🚀", "⚡", "💰", "🎯"):
        ada.presses(f"✅ {level}").sees("Each band")
    ada.presses("Continue ›").sees("All set.")

    assert {one.levels for one in wishes(database, ADA).values()} == {frozenset({"pro"})}


def test_a_newcomer_is_subscribed_before_the_first_tap(ada: Person, telegram: Telegram, database: Database) -> None:
    """In the language of the client, with everything; the taps only narrow."""
    telegram.chat(ADA, language_code="de-AT")
    step = ada.says("/start").sees("CS2, Dota 2, TF2, Rust")

    assert profile(database, ADA).language == "de"
    assert profile(database, ADA).owner_id == ADA
    assert on(database) == {"csgo", "dota2", "tf2", "rust"}
    assert "• Deutsch" in {button["text"] for button in buttons(step)}


def test_a_newcomer_who_wants_no_game_is_asked_again(ada: Person, database: Database) -> None:
    """A subscription to nothing would be silence for ever."""
    ada.says("/start").sees("1")
    ada.presses("English").sees("Which games")
    for game in ("CS2", "Dota 2", "TF2", "Rust"):
        ada.presses(game).sees("Which games")
    ada.presses("Continue ›").sees("Choose at least one game.")
    ada.presses("All games ›").sees("How much")

    assert on(database) == {"csgo", "dota2", "tf2", "rust"}


def test_nothing_open_is_said_as_it_is(ada: Person, database: Database) -> None:
    """Where nobody can tell what is open, nothing is invented."""
    with database.transaction() as session:
        an_opportunity(session, title="Stale one", at=clock() - timedelta(hours=1))
    ada.says("/start").sees("1")
    ada.presses("English").sees("Which games")
    ada.presses("All games").sees("How much")
    done = ada.presses("Any price").sees("All set.")

    assert "I cannot tell" in done["text"]
    assert "Stale one" not in done["text"]


def test_a_second_start_changes_nothing_and_shows_the_menu(ada: Person, database: Database) -> None:
    """What was chosen stands."""
    ada.says("/start").sees("1")
    ada.presses("English").sees("Which games")
    ada.presses("CS2").sees("Which games")
    known = ada.says("/start").sees("You are subscribed already.")

    assert on(database) == {"dota2", "tf2", "rust"}
    assert "🎛 Filters" in {button["text"] for button in buttons(known)}


def test_a_link_that_leads_nowhere_is_a_plain_start(ada: Person, database: Database) -> None:
    """It may be old or mistyped."""
    for payload in ("w_", "w_x", "nonsense", "w_1 w_2", "w_" + "9" * 60):
        ada.says(f"/start {payload}").sees("CS2")

    assert profile(database, ADA).known


def test_a_link_subscribes_and_opens_the_watch_of_its_item(ada: Person, database: Database) -> None:
    """A newcomer gets both; who is subscribed already gets the watch, too."""
    with database.transaction() as session:
        item_id = an_opportunity(session, title="AWP | Linked (Field-Tested)").item_id
    ada.says(f"/start w_{item_id}").sees("AWP | Linked")
    ada.says(f"/start w_{item_id}").sees("AWP | Linked")

    assert profile(database, ADA).known


def test_in_a_group_only_administrators_subscribe(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Neither the command nor a button of somebody else's."""
    start_bot()
    telegram.group(GROUP, ADMIN, BOB)
    admin, member = Person(telegram, GROUP, ADMIN), Person(telegram, GROUP, BOB)
    member.says("/start").sees("Only administrators of this group can do that.")
    refused = profile(database, GROUP).known
    admin.says("/start").sees("Step 1 of 3")
    member.presses("English").sees("Only administrators of this group can do that.")
    admin.presses("English").sees("Which games")

    assert not refused
    assert profile(database, GROUP).owner_id == ADMIN


def test_alerts_of_a_forum_go_to_the_topic_of_the_last_start(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """And the answer comes there, too."""
    start_bot()
    topics = [{"id": 5, "name": "Deals"}, {"id": 6, "name": "Rust"}]
    telegram.group(FORUM, ADMIN, kind="supergroup", topics=topics)
    admin = Person(telegram, FORUM, ADMIN)
    admin.says("/start", message_thread_id=5).sees("Subscribed.")
    before = profile(database, FORUM).thread_id
    moved = admin.says("/start", message_thread_id=6).sees("From now on alerts come to this topic.")

    assert (before, profile(database, FORUM).thread_id) == (5, 6)
    assert moved["message_thread_id"] == 6
