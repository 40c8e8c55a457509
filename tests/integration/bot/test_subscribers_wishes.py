"""What a chat asked for, kept by whole bots against the sandbox Telegram, two of them at once."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kinds import Kind, Loudness
from models.database import Database
from models.opportunities import OpportunityRow
from models.queries import alerts, strikes
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.outbox_rows import ends, manner, only, owe_other, wishes
from tests.integration.bot.rows import chat_row, clock, outbox, owe, subscribed
from tests.integration.bot.telegram import Person, Telegram

ADA, BOB = 501, 502
GROUP, SUPERGROUP = -77, -100_77
HOUR = timedelta(hours=1)
WATCH = {
    "watch_id": 1,
    "game": "csgo",
    "title": "AWP | Asiimov",
    "measure": "ask",
    "turn": "below",
    "mark": 1000,
    "value": 990,
    "former": None,
    "former_at": None,
}


@pytest.fixture(autouse=True)
def people(telegram: Telegram, database: Database) -> None:
    """Two private chats that have said something and are subscribed."""
    for chat_id in (ADA, BOB):
        telegram.chat(chat_id, spoke=True)
    subscribed(database, ADA, BOB)


def come_to(database: Database, *expected: tuple[str, str | None]) -> None:
    eventually(lambda: ends(database) == list(expected), f"{expected}; now {ends(database)}")


def a_watch(database: Database, chat_id: int, key: str = "one") -> bool:
    now = clock()
    payload = WATCH | {"seen_at": now.isoformat()}
    return owe_other(database, chat_id, Kind.WATCH, key, payload=payload, now=now, expires_at=now + HOUR)


def change(database: Database, row: OpportunityRow, **columns: Any) -> None:
    """As a worker does it, with its NOTIFY."""
    with database.transaction() as session:
        fresh = session.get_one(OpportunityRow, row.id)
        for name, value in columns.items():
            setattr(fresh, name, value)
        strikes.owe(session, [fresh], clock())
        alerts.notify(session)


def gone(database: Database, row: OpportunityRow) -> None:
    change(database, row, state="gone", gone_at=clock() + timedelta(seconds=40), gone_reason="no_offer")


def labels(line: dict[str, Any]) -> list[str]:
    return [button["text"] for row in line["reply_markup"]["inline_keyboard"] for button in row]


def test_a_deal_comes_with_its_buttons(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """To the shop, behind the deal, for less noise, for what became of it."""
    start_bot()
    owe(database, [ADA], title="with buttons")
    (line,) = telegram.wait_for("with buttons", ADA)

    assert labels(line) == [
        "🛒 Open on DMarket",
        "📈 Chart",
        "🔍 Details",
        "🔕 Mute item",
        "💤 Snooze",
        "✅ Bought",
        "💨 Gone",
        "❌ Wrong",
    ]


def test_quiet_hours_end_with_one_summary(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Deals are dropped, a watch waits, and two bots tell of both once when the night is over."""
    minute = clock().hour * 60 + clock().minute
    wishes(database, ADA, quiet_from=(minute - 60) % 1440, quiet_until=(minute + 60) % 1440)
    bots = [start_bot(), start_bot()]
    owe(database, [ADA, BOB], title="in the night")
    a_watch(database, ADA)
    telegram.wait_for("in the night", BOB)
    eventually(lambda: only(database, Kind.WATCH).state == "held", "the watch waits")
    kept = [row.reason for row in outbox(database) if row.chat_id == ADA and row.kind == Kind.INSTANT]
    wishes(database, ADA, quiet_from=None, quiet_until=None)
    with database.engine.begin() as connection:  # the night is over
        connection.exec_driver_sql("UPDATE alerts SET next_attempt_at = now() WHERE state = 'held'")
    (summary,) = telegram.wait_for("Your quiet hours are over", ADA)
    telegram.wait_for("AWP | Asiimov", ADA)

    assert kept == ["quiet"]
    assert "1 deal came meanwhile." in summary["text"]
    eventually(lambda: {row.state for row in outbox(database)} == {"sent", "suppressed"}, "all have ended")
    assert [bot.stop() for bot in bots] == [0, 0]
    assert sum("quiet hours are over" in line["text"] for line in telegram.messages()) == 1


def test_two_bots_keep_a_daily_cap(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Two deals of six are told."""
    wishes(database, ADA, daily_cap=2)
    bots = [start_bot(), start_bot()]
    for _ in range(6):
        owe(database, [ADA])

    eventually(lambda: all(row.finished_at for row in outbox(database)), "all have ended")
    assert sorted(reason or "" for _, reason in ends(database)) == ["capped"] * 4 + ["delivered"] * 2
    assert [bot.stop() for bot in bots] == [0, 0]
    assert sum("Open on DMarket" in str(line["reply_markup"]) for line in telegram.messages()) == 2


def test_a_silent_kind_makes_no_sound(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Telegram is told so."""
    manner(database, ADA, Kind.INSTANT, loudness=Loudness.SILENT)
    start_bot()
    owe(database, [ADA, BOB], title="hush")
    lines = {line["chat_id"]: line for line in telegram.wait_for("hush", times=2)}

    assert {chat_id: line["disable_notification"] for chat_id, line in lines.items()} == {ADA: True, BOB: False}


def test_a_deal_that_is_gone_is_struck_out(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Once by two bots, with the buttons that are still of use."""
    bots = [start_bot(), start_bot()]
    row = owe(database, [ADA], title="here and gone")
    telegram.wait_for("here and gone", ADA)
    come_to(database, ("instant", "delivered"))
    gone(database, row)
    (edit,) = telegram.wait_for("gone after", ADA)
    eventually(lambda: outbox(database)[0].struck_at is not None, "the edit is recorded")

    assert edit["kind"] == "edit"
    assert "<s>here and gone</s>" in edit["html"]
    assert labels(edit) == ["📈 Chart", "🔍 Details", "✅ Bought", "💨 Gone", "❌ Wrong"]
    assert [bot.stop() for bot in bots] == [0, 0]
    assert [line["kind"] for line in telegram.messages()].count("edit") == 1


def test_what_was_said_of_a_deal_stays_marked_at_its_end(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """When it became dearer, and when it is gone."""
    start_bot()
    row = owe(database, [ADA], title="said and gone")
    telegram.wait_for("said and gone", ADA)
    come_to(database, ("instant", "delivered"))
    Person(telegram, ADA).presses("✅ Bought").sees("congratulations")
    change(database, row, buy=1280, evidence=row.evidence | {"buy": 1280})
    (dearer,) = telegram.wait_for("Now $12.80", ADA)
    gone(database, row)
    (edit,) = telegram.wait_for("gone after", ADA)

    assert "• ✅ Bought" in labels(dearer)
    assert labels(edit) == ["📈 Chart", "🔍 Details", "• ✅ Bought", "💨 Gone", "❌ Wrong"]


def test_a_deal_that_became_dearer_says_so(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """And is struck out when it is gone in the end."""
    start_bot()
    row = owe(database, [ADA], title="moving")
    telegram.wait_for("moving", ADA)
    come_to(database, ("instant", "delivered"))
    change(database, row, buy=1280, evidence=row.evidence | {"buy": 1280})
    (dearer,) = telegram.wait_for("Now $12.80", ADA)
    gone(database, row)
    telegram.wait_for("gone after", ADA)

    assert "<s>Buy $12.34</s>" in dearer["html"]
    assert "🛒 Open on DMarket" in labels(dearer)


@pytest.mark.parametrize("reason", ["message can't be edited", "message to edit not found"])
def test_a_message_that_cannot_be_edited_is_let_be(
    start_bot: StartBot, telegram: Telegram, database: Database, reason: str
) -> None:
    """Its reader deleted it, or it is too old: once is enough."""
    start_bot()
    row = owe(database, [ADA], title="deleted")
    telegram.wait_for("deleted", ADA)
    come_to(database, ("instant", "delivered"))
    telegram.fault("400", chat_id=ADA, method="editmessagetext", description=f"Bad Request: {reason}")
    gone(database, row)

    eventually(lambda: outbox(database)[0].strike_due_at is None, "nobody tries again")
    assert outbox(database)[0].struck_at is None
    assert outbox(database)[0].state == "sent"


def test_an_edit_waits_as_long_as_telegram_says(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """And is made then."""
    start_bot()
    row = owe(database, [ADA], title="patience")
    telegram.wait_for("patience", ADA)
    come_to(database, ("instant", "delivered"))
    telegram.fault("429", chat_id=ADA, method="editmessagetext", retry_after=1, times=1)
    gone(database, row)

    telegram.wait_for("gone after", ADA)
    eventually(lambda: outbox(database)[0].struck_at is not None, "the edit is recorded")


def test_a_strong_deal_is_told_before_weak_ones(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """The bot was away; the strongest of what waits comes first, whoever was first."""
    for gain in (8, 80, 800):
        owe(database, [ADA], title=f"gain {gain}", cents_per_day=gain)
    start_bot()
    telegram.wait_for("gain ", ADA, times=3)
    told = [line["text"].splitlines()[1] for line in telegram.messages() if "gain " in line["text"]]

    assert told == ["gain 800", "gain 80", "gain 8"]


def test_a_blocked_chat_ends_every_kind(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Whatever finds out first; others get theirs."""
    telegram.fault("403", chat_id=ADA)
    a_watch(database, ADA)
    a_watch(database, ADA, "two")
    a_watch(database, BOB)
    start_bot()
    telegram.wait_for("AWP | Asiimov", BOB)

    blocked = ("watch", "blocked: Forbidden: bot was blocked by the user")
    come_to(database, blocked, blocked, ("watch", "delivered"))
    eventually(lambda: getattr(chat_row(database, ADA), "state", "") == "blocked", "the chat is marked")


def test_a_blocked_chat_is_found_out_by_an_edit(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """It is not written to any more."""
    start_bot()
    row = owe(database, [ADA], title="last words")
    telegram.wait_for("last words", ADA)
    come_to(database, ("instant", "delivered"))
    telegram.fault("403", chat_id=ADA)
    gone(database, row)

    eventually(lambda: getattr(chat_row(database, ADA), "state", "") == "blocked", "the chat is marked")


def test_every_kind_follows_a_group(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """To the supergroup that it became."""
    telegram.chat(GROUP, "group")
    subscribed(database, GROUP, kind="group")
    telegram.fault("migrate", chat_id=GROUP, to=SUPERGROUP)
    a_watch(database, GROUP)
    start_bot()

    telegram.wait_for("AWP | Asiimov", SUPERGROUP)
    come_to(database, ("watch", "delivered"))


def test_what_cannot_be_read_ends_and_holds_up_nothing(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Values that another version wrote."""
    now = clock()
    owe_other(database, ADA, Kind.WATCH, payload={"other": "version"}, now=now, expires_at=now + HOUR)
    start_bot()
    owe(database, [ADA], title="still alive")

    telegram.wait_for("still alive", ADA)
    come_to(database, ("watch", "unreadable: ValidationError"), ("instant", "delivered"))
