"""The settings as a subscriber changes them: by buttons, typed, and never somebody else's."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.kinds import Kind, Loudness
from models.database import Database
from tests.integration.bot.chats import manner, profile
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.outbox_rows import owe_other
from tests.integration.bot.rows import chat_row, clock, states, subscribed
from tests.integration.bot.telegram import Person, Telegram, buttons

ADA, BOB = 501, 502
GROUP, ADMIN = -77, 11


@pytest.fixture
def ada(start_bot: StartBot, telegram: Telegram, database: Database) -> Person:
    """Subscribed, and so is Bob, who does nothing."""
    start_bot()
    telegram.chat(ADA, spoke=True)
    subscribed(database, ADA, BOB)
    return Person(telegram, ADA)


def test_a_language_is_spoken_from_the_tap_on(ada: Person, database: Database) -> None:
    """By this chat alone."""
    ada.says("/language").sees("Which language")
    shown = ada.presses("Deutsch").sees("Deutsch")

    assert shown["kind"] == "edit"
    assert (profile(database, ADA).language, profile(database, BOB).language) == ("de", "en")


def test_a_time_zone_is_found_by_its_city(ada: Person, database: Database) -> None:
    """One that nobody knows gets a sentence and another try, and the digest moves with the clock."""
    ada.says("/digest").sees("How often: off")
    ada.presses("every day").sees("How often: every day")
    before = chat_row(database, ADA)
    ada.says("/settings").sees("Time zone: UTC")
    ada.presses("Time zone").sees("Choose one")
    ada.presses("Type a city").sees("Send a city")
    ada.says("Atlantis").sees("I know no place called “Atlantis”")
    ada.says("tokyo").sees("Tokyo, UTC+9")
    after = chat_row(database, ADA)

    assert (profile(database, ADA).zone, profile(database, BOB).zone) == ("Asia/Tokyo", "UTC")
    assert before is not None
    assert after is not None
    assert before.digest_due_at != after.digest_due_at


def test_an_offset_shows_the_places_that_have_it(ada: Person, database: Database) -> None:
    """To choose one whose summer time fits, or none."""
    ada.says("/settings").sees("Settings")
    ada.presses("Time zone").sees("Choose one")
    ada.presses("Type a city").sees("Send a city")
    ada.says("UTC+3").sees("Which one do you mean?")
    ada.presses("Moscow").sees("Moscow, UTC+3")

    assert profile(database, ADA).zone == "Europe/Moscow"


def test_quiet_hours_are_set_by_taps_or_typed_and_ended(ada: Person, database: Database) -> None:
    """To the minute where they are typed; what cannot be read changes nothing."""
    ada.says("/settings").sees("Quiet hours: off")
    ada.presses("Quiet hours").sees("Now: off")
    ada.presses("22:00–8:00").sees("Now: 22:00–8:00")
    ada.presses("Choose hours").sees("From which hour")
    ada.presses("21").sees("Quiet from 21:00")
    ada.presses("6").sees("Now: 21:00–6:00")
    ada.presses("Type hours").sees("Send the hours")
    ada.says("at night").sees("I do not understand “at night”. Send the hours as from–until")
    ada.says("23:30-8").sees("Now: 23:30–8:00")
    typed = profile(database, ADA)
    ada.presses("No quiet hours").sees("Now: off")
    ended = profile(database, ADA)

    assert (typed.quiet_from, typed.quiet_until) == (23 * 60 + 30, 8 * 60)
    assert (ended.quiet_from, ended.quiet_until) == (None, None)


def test_a_snooze_ends_by_itself_or_at_once(ada: Person, database: Database) -> None:
    """By /unsnooze too."""
    ada.says("/snooze").sees("Now: off")
    ada.presses("8 hours").sees("Now: until")
    until = profile(database, ADA).snoozed_until
    ada.presses("Wake up now").sees("Now: off")
    woken = profile(database, ADA).snoozed_until
    ada.presses("Until tomorrow").sees("Now: until")
    morning = profile(database, ADA).snoozed_until
    ada.says("/unsnooze").sees("Now: off")

    assert until is not None
    assert timedelta(hours=7, minutes=59) < until - clock() < timedelta(hours=8)
    assert woken is None
    assert morning is not None
    assert (morning.astimezone(UTC).hour, morning.date()) == (8, (datetime.now(UTC) + timedelta(days=1)).date())
    assert profile(database, ADA).snoozed_until is None


def test_who_wakes_up_gets_at_once_what_was_held_back(ada: Person, database: Database) -> None:
    """Not when the snooze would have ended."""
    ada.says("/snooze").sees("Now: off")
    ada.presses("8 hours").sees("Now: until")
    now = clock()
    owe_other(database, ADA, Kind.NOTICE, payload={"text": "Held back"}, now=now, expires_at=now + timedelta(days=1))
    eventually(lambda: states(database) == [("held", None)], "the notice waits for the end of the snooze")
    ada.presses("Wake up now").sees("Held back")


def test_each_kind_has_its_own_loudness_and_pause(ada: Person, database: Database) -> None:
    """What the deals do says nothing of the watches; /alertsettings leads there."""
    ada.says("/alertsettings").sees("How loud")
    ada.presses("Deals that sell at once").sees("Now: 🔔 loud")
    ada.presses("silent").sees("Now: 🔈 silent")
    ada.presses("5 min apart").sees("Now: 🔈 silent, 5 min apart")
    ada.presses("‹ Back").sees("Price watches: 🔔 loud")
    ada.presses("Digests").sees("Now")
    ada.presses("off").sees("Now: 🔕 off")

    instant = manner(database, ADA, Kind.INSTANT)
    assert (instant.loudness, instant.cooldown) == (Loudness.SILENT, timedelta(minutes=5))
    assert manner(database, ADA, Kind.DIGEST).loudness is Loudness.OFF
    assert manner(database, ADA, Kind.WATCH).loudness is Loudness.LOUD
    assert manner(database, BOB, Kind.INSTANT).loudness is Loudness.LOUD


def test_deals_of_a_day_are_capped(ada: Person, database: Database) -> None:
    """By a button or a number of one's own; no number is no answer."""
    ada.says("/settings").sees("Deals a day: as many as there are")
    ada.presses("Deals a day").sees("Now")
    ada.presses("20").sees("at most 20")
    ada.presses("Type a number").sees("from 1 to 1,000")
    ada.says("many").sees("I do not understand “many”.")
    ada.says("25").sees("at most 25")
    capped = profile(database, ADA).daily_cap
    ada.presses("No limit").sees("as many as there are")

    assert capped == 25
    assert profile(database, ADA).daily_cap is None


def test_a_digest_is_arranged_at_once(ada: Person, database: Database) -> None:
    """How often, sorted by what, from how many on; the screen says when the next one comes."""
    ada.says("/digest").sees("How often: off")
    ada.presses("every 6 hours").sees("every 6 hours, next")
    ada.presses("time").sees("Grouped by: time")
    ada.presses("from 10").sees("At least: 10 deals")

    row = chat_row(database, ADA)
    assert row is not None
    assert (row.digest, row.digest_group, row.digest_least) == ("6h", "time", 10)
    assert row.digest_due_at is not None
    assert row.digest_due_at > clock()


def test_cancel_ends_an_open_question(ada: Person, database: Database) -> None:
    """The next text is no answer any more; without a question there is nothing to cancel."""
    ada.says("/settings").sees("Settings")
    ada.presses("Deals a day").sees("Now")
    ada.presses("Type a number").sees("/cancel ends this question.")
    ada.says("/cancel").sees("Cancelled: nothing was changed.")
    ada.says("25").sees("/status")
    ada.says("/cancel").sees("There is nothing to cancel.")

    assert profile(database, ADA).daily_cap is None


def test_a_button_leaves_an_open_question_behind(ada: Person, database: Database) -> None:
    """Who goes back and types something later does not change a setting by it."""
    ada.says("/settings").sees("Settings")
    ada.presses("Deals a day").sees("How many deals")
    ada.presses("Type a number").sees("Send a whole number")
    ada.presses("‹ Back").sees("How many deals")
    ada.says("25").sees("/status")

    assert profile(database, ADA).daily_cap is None


def test_what_was_never_subscribed_has_no_settings(ada: Person, telegram: Telegram) -> None:
    """It is told how to begin."""
    telegram.chat(503)
    stranger = Person(telegram, 503)

    for said in ("/settings", "/filters", "/digest", "/mute", "/snooze", "/language"):
        stranger.says(said).sees("/start does that")


def test_in_a_group_members_look_and_administrators_change(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """A typed answer counts where it replies to the question, as groups let a bot hear it."""
    start_bot()
    subscribed(database, GROUP, kind="group")
    telegram.group(GROUP, ADMIN, BOB)
    admin, member = Person(telegram, GROUP, ADMIN), Person(telegram, GROUP, BOB)
    member.says("/settings").sees("Settings")
    member.presses("Deals a day").sees("How many deals")
    member.presses("20").sees("Only administrators of this group can do that.")
    refused = profile(database, GROUP).daily_cap
    admin.presses("20").sees("at most 20")
    question = admin.presses("Type a number").sees("Send a whole number")
    admin.says("25", reply_to=question["message_id"]).sees("at most 25")

    assert refused is None
    assert not buttons(question)
    assert profile(database, GROUP).daily_cap == 25
