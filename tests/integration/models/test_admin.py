"""Roles, bans, pauses and the audit log as rows; with the rights of the bot's database user too."""

import asyncio

import pytest
from sqlalchemy.engine import make_url

from migrations.roles import apply
from models.chats import ChatState
from models.database import Database
from models.queries import audit, bans, broadcasts, chats, export, panel, privacy, remarks, report, roles, switches
from models.queries.audit import Action
from models.queries.roles import Refusal, Role
from tests.factories import NOW
from tests.integration.bot.outbox_rows import claim
from tests.integration.bot.rows import owe, states, subscribed
from tests.rows import rows, single

BOSS, ADA, BOB, GROUP = 900, 501, 502, -77
NOBODY: frozenset[int] = frozenset()


def grant(
    database: Database, user_id: int, role: Role | None, *, by: int = BOSS, owners: frozenset[int] = NOBODY
) -> Refusal | None:
    with database.transaction() as session:
        return roles.grant(session, user_id, role, by=by, owners=owners, now=NOW)


def ban(database: Database, user_id: int, owners: frozenset[int] = NOBODY) -> int | None:
    with database.transaction() as session:
        return bans.ban(session, user_id, by=BOSS, owners=owners, now=NOW)


def actions(database: Database) -> list[tuple[str, str]]:
    return [(row.action, row.subject) for row in rows(database, "SELECT action, subject FROM audit ORDER BY id")]


def test_a_role_is_given_changed_and_taken(database: Database) -> None:
    """Each change has its row in the audit log with what there was before; what changes nothing has none."""
    done = [grant(database, ADA, role) for role in (Role.VIEWER, Role.ADMIN, Role.ADMIN, None, None)]

    assert done == [None, None, Refusal.SAME, None, Refusal.SAME]
    told = rows(database, "SELECT action, detail FROM audit ORDER BY id")
    assert [tuple(row) for row in told] == [
        ("grant_role", {"former": None, "role": "viewer"}),
        ("grant_role", {"former": "viewer", "role": "admin"}),
        ("revoke_role", {"former": "admin", "role": None}),
    ]


def test_the_last_owner_stays(database: Database) -> None:
    """Neither gone nor lowered, unless somebody else is owner, in the rows or in the settings."""
    grant(database, ADA, Role.OWNER)

    assert grant(database, ADA, None, by=ADA) is Refusal.LAST
    assert grant(database, ADA, Role.ADMIN, by=ADA) is Refusal.LAST
    assert grant(database, BOSS, None, owners=frozenset({BOSS})) is Refusal.SETTINGS
    grant(database, BOB, Role.OWNER)
    assert grant(database, ADA, None, by=ADA) is None
    assert grant(database, BOB, None, by=BOB, owners=frozenset({BOSS})) is None


def test_two_owners_cannot_take_each_others_role_at_once(database: Database) -> None:
    """Whoever comes second is the last one."""
    grant(database, ADA, Role.OWNER)
    grant(database, BOB, Role.OWNER)

    async def both() -> tuple[Refusal | None, Refusal | None]:
        return await asyncio.gather(
            asyncio.to_thread(grant, database, ADA, None, by=BOB), asyncio.to_thread(grant, database, BOB, None, by=ADA)
        )

    done = asyncio.run(both())
    assert sorted(done, key=str) == [None, Refusal.LAST]
    assert single(database, "SELECT count(*) FROM user_roles") == 1


def test_a_ban_stops_what_the_person_subscribed(database: Database) -> None:
    """Their own chat and their group; what waits there ends, others go on."""
    subscribed(database, ADA, BOB)
    subscribed(database, GROUP, kind="group")
    rows(database, "UPDATE chats SET owner_id = :ada WHERE id = :group RETURNING id", ada=ADA, group=GROUP)
    owe(database, [ADA, BOB, GROUP], at=NOW)

    assert ban(database, ADA) == 2
    assert ban(database, ADA) is None
    (told,) = claim(database).alerts
    assert told.chat_id == BOB
    assert sorted(reason or "" for _, reason in states(database)) == ["", "stopped", "stopped"]
    with database.transaction() as session:
        assert roles.standing(session, ADA, NOBODY).banned
        assert bans.unban(session, ADA, by=BOSS, now=NOW)
        assert not bans.unban(session, ADA, by=BOSS, now=NOW)
        assert not chats.is_active(session, ADA)
    assert actions(database) == [("ban", "501"), ("unban", "501")]


def test_who_has_a_role_is_not_banned_and_who_is_banned_gets_none(database: Database) -> None:
    """The role has to be taken first, the ban lifted first; an owner of the settings is never banned."""
    grant(database, ADA, Role.VIEWER)

    assert ban(database, ADA) is None
    assert ban(database, BOSS, frozenset({BOSS})) is None
    assert ban(database, BOB) == 0
    assert grant(database, BOB, Role.VIEWER) is Refusal.BANNED


def test_a_pause_is_set_and_lifted_once(database: Database) -> None:
    """Pressed twice it is one pause, with one row in the log."""
    with database.transaction() as session:
        done = [switches.pause(session, "rust", BOSS, NOW) for _ in range(2)]
        paused = switches.paused(session, "rust"), switches.paused(session, "csgo"), switches.all_paused(session)
        lifted = [switches.resume(session, "rust", BOSS, NOW) for _ in range(2)]

    assert done == lifted == [True, False]
    assert paused == (True, False, frozenset({"rust"}))
    assert actions(database) == [("pause_game", "rust"), ("resume_game", "rust")]


def test_what_fails_leaves_no_row_in_the_log(database: Database) -> None:
    """The act and its row are one transaction."""

    def break_off() -> None:
        with database.transaction() as session:
            switches.pause(session, "rust", BOSS, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()

    assert actions(database) == []
    assert rows(database, "SELECT 1 FROM game_pauses") == []


def test_a_person_is_looked_up(database: Database) -> None:
    """Also one that the bot has never seen."""
    subscribed(database, ADA)
    grant(database, ADA, Role.VIEWER)
    with database.transaction() as session:
        ada, stranger = panel.person(session, ADA, NOBODY), panel.person(session, 1, NOBODY)

    assert (ada.role, ada.state, ada.banned) == (Role.VIEWER, ChatState.ACTIVE, False)
    assert (stranger.role, stranger.state, stranger.groups) == (None, None, 0)


def test_the_bots_user_may_do_what_admins_and_people_ask(database_url: str, database: Database) -> None:
    """Everything of the operators' side with the least rights; the audit log cannot be changed with them."""
    subscribed(database, ADA, BOSS)
    apply(database_url, {"BOT_DB_PASSWORD": "bot-canary-22"})
    url = make_url(database_url).set(
        drivername="postgresql+psycopg2", username="skinbeat_bot", password="bot-canary-22"
    )
    own = Database(url.render_as_string(hide_password=False))
    with own.transaction() as session:
        switches.pause(session, "rust", BOSS, NOW)
        switches.resume(session, "rust", BOSS, NOW)
        roles.grant(session, BOSS, Role.OWNER, by=BOSS, owners=NOBODY, now=NOW)
        bans.ban(session, BOB, by=BOSS, owners=NOBODY, now=NOW)
        bans.unban(session, BOB, by=BOSS, now=NOW)
        remarks.add(session, "hello", chat_id=ADA, user_id=ADA, admins=[BOSS], now=NOW)
        number = broadcasts.draft(session, BOSS, "news", NOW)
        broadcasts.word(session, number, BOSS, ("ru", "новости"), NOW)
        broadcasts.confirm(session, number, BOSS, 2, NOW)
        broadcasts.work(session, NOW)
        broadcasts.cancel(session, number, BOSS, NOW)
        broadcasts.work(session, NOW)
        report.collect(session, NOW, NOW, "UTC")
        panel.numbers(session, NOW)
        audit.write(session, BOSS, Action.LIFT, ADA, NOW)
        export.everything(session, ADA, NOW)
        assert privacy.erase(session, ADA, NOW) == 1  # the remark on its way to the admin
        left = [row.action for row in audit.read(session, 0, 100)]
    own.dispose()

    assert len(left) == audit_count(database) == 8
    assert single(database, "SELECT count(*) FROM chats") == 1


def audit_count(database: Database) -> int:
    with database.transaction() as session:
        return audit.count(session)
