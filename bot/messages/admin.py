"""What admins read: the panel, games, people, roles and the audit log."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape

from bot.keyboards.admin import ROLE_LABELS
from bot.limits import Usage
from bot.messages.status import Games, degraded, scans
from bot.messages.wording import game_label, pages
from bot.messages.words import ASKED, detail, done, word
from bot.speech import Speech, marked
from models.audit import AuditRow
from models.chats import ChatState
from models.queries.panel import Numbers, Person
from models.queries.roles import Refusal, Role

REFUSALS: Mapping[Refusal, str] = {
    Refusal.SETTINGS: marked("This owner is named in the settings (ADMIN_USERS): change it there."),
    Refusal.LAST: marked("This is the last owner: make somebody else an owner first."),
    Refusal.SAME: marked("That is already the case."),
    Refusal.BANNED: marked("This person is banned: lift the ban first."),
}
STATES: Mapping[ChatState, str] = {
    ChatState.ACTIVE: marked("subscribed"),
    ChatState.STOPPED: marked("stopped"),
    ChatState.BLOCKED: marked("has blocked the bot"),
}


def panel(numbers: Numbers, games: Games, speech: Speech, now: datetime) -> str:
    chats = {state: speech.number(number) for state, number in numbers.chats.items()}
    lines = [
        speech.text("<b>Administration</b>"),
        "",
        speech.text(
            "Chats: {active} subscribed, {stopped} stopped, {blocked} blocked",
            active=chats[ChatState.ACTIVE],
            stopped=chats[ChatState.STOPPED],
            blocked=chats[ChatState.BLOCKED],
        ),
        speech.text(
            "Messages today: {sent} sent, {expired} expired; urgent and waiting: {waiting}",
            sent=speech.number(numbers.sent),
            expired=speech.number(numbers.expired),
            waiting=speech.number(numbers.waiting),
        ),
        "",
        scans(games, speech, now),
        *degraded(games, speech, now),
    ]
    return "\n".join(lines)


def games(paused: Mapping[str, bool], speech: Speech) -> str:
    head = speech.text("<b>Games</b>\nA paused game begins no new scan; one that is running finishes.")
    fates = {True: speech.text("⏸ paused by the operators"), False: speech.text("▶️ scanned as planned")}
    return "\n".join([head, "", *(f"{game_label(key)}: {fates[resting]}" for key, resting in paused.items())])


def find_person(speech: Speech) -> str:
    return speech.text("Who? Send the number of a Telegram user, such as 123456789.")


def person(one: Person, usages: Sequence[Usage], speech: Speech) -> str:
    role = speech.text(ROLE_LABELS[one.role]) if one.role else speech.text("no role")
    chat = speech.text(STATES[one.state]) if one.state else speech.text("unknown to the bot")
    lines = [
        speech.text("<b>Person {number}</b>", number=one.user_id),
        speech.text("Role: {role}", role=role),
        speech.text("Private chat: {state}", state=chat),
        speech.plural("{n} group subscribed by them", "{n} groups subscribed by them", one.groups),
    ]
    if one.banned:
        lines.append(speech.text("🚫 Banned: neither answered nor told about anything."))
    return "\n".join([*lines, "", *(_usage(usage, speech) for usage in usages)])


def _usage(usage: Usage, speech: Speech) -> str:
    if usage.wait:
        return speech.text(
            "{action}: {number} within a minute, must wait {wait}",
            action=word(ASKED, usage.action, speech),
            number=speech.number(usage.count),
            wait=speech.age(usage.wait),
        )
    number = speech.number(usage.count)
    return speech.text("{action}: {number} within a minute", action=word(ASKED, usage.action, speech), number=number)


def roles(holders: Mapping[int, Role], fixed: Iterable[int], speech: Speech) -> list[str]:
    """Everybody with a role; those of the settings are marked."""
    own = set(fixed)
    note = speech.text("named in the settings")
    lines = [
        f"{speech.text(ROLE_LABELS[role])}: <code>{user_id}</code>{f' ({note})' if user_id in own else ''}"
        for user_id, role in sorted(holders.items(), key=lambda one: (one[1], one[0]))
    ]
    head = speech.text("<b>Roles</b>\nAn owner gives and removes them under “A person”.")
    return pages([head, "", *lines])


def refused(why: Refusal, speech: Speech) -> str:
    return speech.text(REFUSALS[why])


def audit(rows: Sequence[AuditRow], zone: str, speech: Speech) -> str:
    head = speech.text("<b>Audit log</b>, newest first")
    lines = [_entry(row, zone, speech) for row in rows] or [speech.text("Nothing has been done yet.")]
    return "\n".join([head, "", *lines])


def _entry(row: AuditRow, zone: str, speech: Speech) -> str:
    """`23 Nov, 14:05 · 501 paused CS2`, with what else is known of it."""
    told = ", ".join(detail(name, value, speech) for name, value in row.detail.items() if value is not None)
    who, what = escape(row.actor or str(row.user_id)), done(row.action, row.subject, speech)
    return f"{speech.moment(row.at, zone)} · <code>{who}</code> {what}{f' ({told})' if told else ''}"
