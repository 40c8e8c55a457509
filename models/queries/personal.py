"""Every column that names a chat or a person, and what becomes of its rows when they ask for them or leave.

A test walks all tables: a column that is not named here fails it.
"""

from collections.abc import Mapping
from enum import StrEnum


class Fate(StrEnum):
    """What /export and /delete_me do with the rows in which a column names who asks."""

    GIVEN = "given"  # exported, and deleted
    CLEARED = "cleared"  # exported, and emptied: the row is another chat's
    KEPT = "kept"  # exported, and kept: the operators' own record


PERSONAL: Mapping[tuple[str, str], Fate] = {
    ("alerts", "chat_id"): Fate.GIVEN,
    ("audit", "user_id"): Fate.KEPT,
    ("bans", "banned_by"): Fate.KEPT,
    ("bans", "user_id"): Fate.KEPT,
    ("broadcasts", "author_id"): Fate.KEPT,
    ("chats", "id"): Fate.GIVEN,
    ("chats", "owner_id"): Fate.CLEARED,
    ("filters", "chat_id"): Fate.GIVEN,
    ("game_pauses", "paused_by"): Fate.KEPT,
    ("manners", "chat_id"): Fate.GIVEN,
    ("mutes", "chat_id"): Fate.GIVEN,
    ("questions", "chat_id"): Fate.GIVEN,
    ("questions", "user_id"): Fate.GIVEN,
    ("remarks", "chat_id"): Fate.GIVEN,
    ("remarks", "user_id"): Fate.GIVEN,
    ("user_roles", "granted_by"): Fate.KEPT,
    ("user_roles", "user_id"): Fate.KEPT,
    ("watches", "chat_id"): Fate.GIVEN,
}
THROUGH = {("feedback", "alert_id"): ("alerts", "chat_id")}  # rows that name somebody by way of another table
EXPORTED_DAYS = 90  # of alerts and what was said of them
MOST_ALERTS = 50_000  # in one export, the newest: Telegram takes files of up to 50 MB
