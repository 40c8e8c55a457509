"""The operators' side over whole processes: who sees it, what it does, what is written down of it."""

from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy.orm import Session

from bot.commands import ROUTES
from models.database import Database
from models.queries import broadcasts, roles, switches
from models.queries.roles import Role
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.graph import Found, Walk
from tests.integration.bot.rows import chat_row, clock, outbox, owe, subscribed
from tests.integration.bot.telegram import Person, Telegram
from tests.rows import rows

BOSS, ADA, EVE = 900, 501, 666
GROUP = -77


@pytest.fixture
def boss(start_bot: StartBot, telegram: Telegram) -> Person:
    """The owner of a running bot, subscribed."""
    start_bot(ADMIN_USERS=str(BOSS))
    return arrives(telegram, BOSS)


def arrives(telegram: Telegram, user_id: int) -> Person:
    telegram.chat(user_id)
    person = Person(telegram, user_id)
    person.says("/start").sees("Subscribed.")
    return person


def audited(database: Database) -> list[tuple[int, str, str]]:
    found = rows(database, "SELECT user_id, action, subject FROM audit ORDER BY id")
    return [(row.user_id, row.action, row.subject) for row in found]


def commands(telegram: Telegram, user_id: int) -> set[str]:
    return {one["command"] for one in telegram.commands(user_id)}


def test_a_stranger_learns_nothing_of_the_admins_commands(boss: Person, telegram: Telegram) -> None:
    """They are answered like any unknown word, stand in no menu and no help, and are not heard in a group."""
    eve = Person(telegram, EVE)
    telegram.chat(EVE)
    unknown = eve.says("/nonsense").sees("/status")["text"]

    for command in ("/admin", "/dailyreport", "/admin 501"):
        assert eve.says(command).sees("/status")["text"] == unknown
    assert "admin" not in unknown
    assert not commands(telegram, EVE) & {"admin", "dailyreport"}
    telegram.group(GROUP, EVE)
    in_group = Person(telegram, GROUP, EVE)
    in_group.says("/admin").says("/dailyreport").says("/help").sees("/status")
    assert len(in_group.lines()) == 1


def test_the_panel_tells_how_everything_stands(boss: Person, telegram: Telegram, database: Database) -> None:
    """Chats by state, the messages of the day; and it is read again by a button."""
    ada = arrives(telegram, ADA)
    ada.says("/stop").sees("Stopped.")
    owe(database, [BOSS], title="told")
    eventually(lambda: [row.state for row in outbox(database)] == ["sent"], "the alert is sent")
    panel = boss.says("/admin").sees("Administration")["text"]

    assert "Chats: 1 subscribed, 1 stopped, 0 blocked" in panel
    assert "Messages today: 1 sent, 0 expired" in panel
    ada.says("/start").sees("Subscribed.")
    boss.presses("Refresh").sees("Chats: 2 subscribed, 0 stopped, 0 blocked")


def test_a_paused_game_is_said_to_be(boss: Person, telegram: Telegram, database: Database) -> None:
    """In the panel, /status and /help of everybody, until it is resumed; each step in the audit log."""
    boss.says("/admin").sees("Administration")
    boss.presses("Pause a game").sees("Games")
    boss.presses("Pause Rust").sees("Rust: ⏸ paused by the operators")
    ada = arrives(telegram, ADA)

    assert "Rust: ⚠️ paused by the operators" in ada.says("/status").sees("CS2")["text"]
    assert "Paused by the operators: Rust." in ada.says("/help").sees("/status")["text"]
    boss.presses("Resume Rust").sees("Rust: ▶️ scanned as planned")
    assert "paused" not in ada.says("/help").sees("/status")["text"]
    assert audited(database) == [(BOSS, "pause_game", "rust"), (BOSS, "resume_game", "rust")]


def test_a_banned_person_is_not_answered_and_not_told(boss: Person, telegram: Telegram, database: Database) -> None:
    """Nor in a group, nor the group that they subscribed; let in again they begin with /start."""
    ada = arrives(telegram, ADA)
    telegram.group(GROUP, ADA)
    in_group = Person(telegram, GROUP, ADA)
    in_group.says("/start").sees("Subscribed.")
    boss.says("/admin").sees("Administration")
    boss.presses("A person").sees("Who?")
    boss.says("Ada").sees("I do not understand “Ada”.")
    boss.says(str(ADA)).sees("Private chat: subscribed")
    boss.presses("Ban").sees("🚫 Banned")
    heard = len(ada.lines()) + len(in_group.lines())
    ada.says("/start").says("hello")
    in_group.says("/status")
    owe(database, [BOSS, ADA, GROUP], title="after the ban")
    boss.sees("after the ban")

    eventually(lambda: {row.state for row in outbox(database)} == {"sent", "suppressed"}, "nobody else is told")
    assert len(ada.lines()) + len(in_group.lines()) == heard
    boss.presses("Lift the ban").sees("Private chat: stopped")
    ada.says("/start").sees("Subscribed.")
    assert audited(database) == [(BOSS, "ban", str(ADA)), (BOSS, "unban", str(ADA))]


def test_roles_open_and_close_what_they_are_for(boss: Person, telegram: Telegram, database: Database) -> None:
    """A viewer reads, an admin acts, an owner gives roles; menus follow; a role that was taken ends at once."""
    ada = arrives(telegram, ADA)

    def person() -> None:
        boss.says("/admin").sees("Administration")
        boss.presses("A person").sees("Who?")
        boss.says(str(ADA)).sees("Person 501")

    person()
    boss.presses("👁 Viewer").sees("Role: 👁 Viewer")
    eventually(lambda: "admin" in commands(telegram, ADA), "the menu of a viewer")
    panel = ada.says("/admin").sees("Administration")
    assert "Pause" not in str(panel["reply_markup"])
    ada.presses("Audit log").sees("gave 501 a role")
    ada.says("/dailyreport").sees("Daily report")
    person()
    boss.presses("🛠 Admin").sees("Role: 🛠 Admin")
    ada.says("/admin").sees("Administration")
    ada.presses("Pause a game").sees("Games")
    person()
    boss.presses("Remove the role").sees("no role")
    ada.presses("Pause Rust").sees("/status")
    eventually(lambda: "admin" not in commands(telegram, ADA), "the menu is everybody's again")

    assert rows(database, "SELECT 1 FROM game_pauses") == []
    assert [action for _, action, _ in audited(database)] == ["grant_role", "grant_role", "revoke_role"]


def test_a_role_that_was_taken_while_no_bot_ran_leaves_no_menu(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """The next bot resets it: of an admin whose role was revoked, and of an owner whom the settings no longer name."""
    first = start_bot(ADMIN_USERS=f"{BOSS},{EVE}")
    arrives(telegram, ADA)
    arrives(telegram, EVE).says("/admin").sees("Administration")
    Person(telegram, EVE).presses("Pause a game").sees("Games")
    Person(telegram, EVE).presses("Pause Rust").sees("Rust: ⏸")
    with database.transaction() as session:
        assert roles.grant(session, ADA, Role.ADMIN, by=BOSS, owners=frozenset({BOSS}), now=clock()) is None
    eventually(lambda: all("admin" in commands(telegram, one) for one in (ADA, EVE)), "the menus of admins")
    first.stop()
    with database.transaction() as session:
        roles.grant(session, ADA, None, by=BOSS, owners=frozenset({BOSS}), now=clock())
    before = [user for user in (ADA, EVE) if "admin" in commands(telegram, user)]
    start_bot(ADMIN_USERS=str(BOSS))

    assert before == [ADA, EVE]
    eventually(lambda: not any("admin" in commands(telegram, user) for user in (ADA, EVE)), "everybody's menu again")


def test_limits_are_seen_and_lifted(boss: Person, telegram: Telegram, database: Database) -> None:
    """Somebody who asked too much may go on at once."""
    ada = arrives(telegram, ADA)
    ada.says("/export").sees("Everything")
    ada.says("/export").sees("Everything")
    ada.says("/export").sees("Too fast")
    boss.says("/admin").sees("Administration")
    boss.presses("A person").sees("Who?")
    assert "Exports: 2 within a minute, must wait" in boss.says(str(ADA)).sees("Person 501")["text"]
    boss.presses("Lift the limits").sees("Lifted.")

    ada.says("/export").sees("Everything")
    assert audited(database) == [(BOSS, "lift_limits", str(ADA))]


def test_the_report_of_yesterday_comes_once_at_nine(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """On the clock of the admin's chat, by two bots; nobody else gets it."""
    telegram.chat(BOSS, spoke=True)
    telegram.chat(ADA, spoke=True)
    now = clock()
    zone = nine_o_clock(now.hour)
    subscribed(database, BOSS, ADA)
    rows(
        database,
        "UPDATE chats SET zone = :zone, created_at = :before RETURNING id",
        zone=zone,
        before=now - timedelta(days=3),
    )
    for _ in range(2):
        start_bot(ADMIN_USERS=str(BOSS))

    (line,) = telegram.wait_for("Daily report", BOSS)
    assert "Chats: 2 subscribed now" in line["text"]
    eventually(lambda: [(row.chat_id, row.state) for row in outbox(database)] == [(BOSS, "sent")], "it is recorded")


def nine_o_clock(hour: int) -> str:
    """A zone in which it is past nine by less than an hour, whose offset has no daylight saving."""
    ahead = (9 - hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


TYPED = {"b_go", "b_word", "b_stop", "a_ban", "a_unban"}  # behind something typed: pressed by tests of their own


class Panel(Walk):
    """Walks the screens of admins alone."""

    def _meet(self, found: Found) -> None:
        if ROUTES[found.press.route].role is not None:
            super()._meet(found)


def test_every_button_of_the_panel_is_answered(
    start_bot: StartBot, telegram: Telegram, database: Database, redis_client: Redis
) -> None:
    """Nothing of the admins' screens is dead; each press comes from another owner."""
    bot = start_bot()

    def prepare(session: Session, chat_id: int) -> None:
        number = broadcasts.draft(session, chat_id, "news", clock())
        broadcasts.confirm(session, number, chat_id, 1, clock())
        switches.pause(session, "rust", chat_id, clock())
        roles.grant(session, chat_id, Role.OWNER, by=BOSS, owners=frozenset(), now=clock())

    walk = Panel(telegram, database, redis_client, prepare)
    walk.ask(["/admin", "/dailyreport"])
    walk.press_all()

    pressed = {found.press.route for found in walk.seen.values()}
    assert {name for name, route in ROUTES.items() if route.role is not None} - pressed <= TYPED
    assert not [word for word in ("was not handled", "did not get through", "not be answered") if word in bot.log]


def test_the_word_that_the_person_blocked_the_bot_is_enough(
    boss: Person, telegram: Telegram, database: Database
) -> None:
    """No alert has to fail first; and who lets the bot in again hears nothing before /start."""
    ada = arrives(telegram, ADA)
    telegram.bot_is(ADA, "kicked")
    eventually(lambda: getattr(chat_row(database, ADA), "state", "") == "blocked", "the chat is noted as blocked")
    telegram.bot_is(ADA, "member")
    owe(database, [ADA], title="too early")
    eventually(lambda: [row.state for row in outbox(database)] == ["failed"], "nothing is sent")
    ada.says("/start").sees("Subscribed.")

    assert not [line for line in ada.lines() if "too early" in line["text"]]
