"""The buttons of the admins' screens. Who may press what is decided by the routes; here is only what is shown."""

from collections.abc import Iterable, Mapping

from bot.keyboards.common import back, menu_row, to_menu, turned
from bot.messages.wording import game_label
from bot.reply import Button, Keyboard, column, grid
from bot.speech import LANGUAGES, Speech, marked
from models.broadcasts import BroadcastState
from models.queries.broadcasts import Progress
from models.queries.panel import Person
from models.queries.roles import Role, may

PANEL, REPORT = "admin", "report"
GAMES, PAUSE, RESUME = "a_games", "a_pause", "a_resume"
FIND_PERSON, PERSON, LIFT, BAN, UNBAN = "a_find", "a_person", "a_lift", "a_ban", "a_unban"
ROLES, SET_ROLE, AUDIT = "a_roles", "a_role", "a_audit"
BROADCASTS, NEW_TEXT, OTHER_TEXT, CONFIRM = "b_all", "b_new", "b_word", "b_go"
SHOWN, CANCEL = "b_show", "b_stop"
MOST_PEOPLE = 50  # buttons
NOBODY = "none"  # the argument that takes a role

ROLE_LABELS: Mapping[Role, str] = {
    Role.VIEWER: marked("👁 Viewer"),
    Role.ADMIN: marked("🛠 Admin"),
    Role.OWNER: marked("👑 Owner"),
}
# The route, the label and the role of each button of the panel.
ENTRIES = (
    (REPORT, marked("📊 Report of today"), Role.VIEWER),
    (AUDIT, marked("📜 Audit log"), Role.VIEWER),
    (ROLES, marked("👥 Roles"), Role.VIEWER),
    (GAMES, marked("⏸ Pause a game"), Role.ADMIN),
    (FIND_PERSON, marked("🔎 A person"), Role.ADMIN),
    (BROADCASTS, marked("📣 Broadcast"), Role.ADMIN),
)


def panel(role: Role | None, speech: Speech) -> Keyboard:
    buttons = (Button(speech.text(label), route) for route, label, needed in ENTRIES if may(role, needed))
    refresh = Button(speech.text("🔄 Refresh"), PANEL)
    return (*grid(buttons, 2), (refresh, to_menu(speech)))


def below_panel(speech: Speech) -> Keyboard:
    return ((back(speech, PANEL), to_menu(speech)),)


def games(paused: Mapping[str, bool], speech: Speech) -> Keyboard:
    rows = (
        Button(speech.text("▶️ Resume {game}", game=game_label(key)), RESUME, (key,))
        if resting
        else Button(speech.text("⏸ Pause {game}", game=game_label(key)), PAUSE, (key,))
        for key, resting in paused.items()
    )
    return (*grid(rows, 2), *below_panel(speech))


def person(one: Person, viewer: Role | None, speech: Speech) -> Keyboard:
    """What may be done with somebody, by somebody of that role."""
    own = (str(one.user_id),)
    rows = [Button(speech.text("⏩ Lift the limits"), LIFT, own)]
    if one.banned:
        rows.append(Button(speech.text("✅ Lift the ban"), UNBAN, own))
    elif one.role is None:
        rows.append(Button(speech.text("🚫 Ban"), BAN, own))
    return (*column(*rows), *(_role_rows(one, speech) if viewer is Role.OWNER else ()), *below_panel(speech))


def _role_rows(one: Person, speech: Speech) -> Keyboard:
    if one.banned:
        return ()
    given = (
        Button(speech.text(label), SET_ROLE, (str(one.user_id), role.value))
        for role, label in ROLE_LABELS.items()
        if role is not one.role
    )
    take = Button(speech.text("✖️ Remove the role"), SET_ROLE, (str(one.user_id), NOBODY))
    return (*grid(given, 3), *(((take,),) if one.role else ()))


def roles(holders: Iterable[int], viewer: Role | None, speech: Speech) -> Keyboard:
    """A button for each of the first of them; Telegram takes 100 below a message."""
    shown = list(holders)[:MOST_PEOPLE] if may(viewer, Role.ADMIN) else []
    buttons = (Button(str(user_id), PERSON, (str(user_id),)) for user_id in shown)
    return (*grid(buttons, 2), *below_panel(speech))


def audit(page: int, of: int, speech: Speech) -> Keyboard:
    return (*turned(speech, page, of, AUDIT), *below_panel(speech))


def broadcasts(latest: int | None, speech: Speech) -> Keyboard:
    new = Button(speech.text("✏️ New broadcast"), NEW_TEXT)
    last = [Button(speech.text("📈 The last one"), SHOWN, (str(latest),))] if latest else []
    return (*column(new, *last), *below_panel(speech))


def preview(one: Progress, speech: Speech) -> Keyboard:
    """Below a draft: the button that sends exactly this version."""
    number = str(one.id)
    go = Button(
        speech.plural("✅ Send to {n} chat", "✅ Send to {n} chats", one.recipients),
        CONFIRM,
        (number, str(one.version)),
    )
    own = (Button(f"✏️ {name}", OTHER_TEXT, (number, key)) for key, name in LANGUAGES.items())
    drop = Button(speech.text("🗑 Discard"), CANCEL, (number,))
    return ((go,), *grid(own, 2), (drop,), (back(speech, BROADCASTS), to_menu(speech)))


def refused(number: int, language: str, speech: Speech) -> Keyboard:
    """Below a draft that Telegram does not take: the text for that language, or for all others, once more."""
    again = Button(f"✏️ {LANGUAGES[language]}", OTHER_TEXT, (str(number), language)) if language in LANGUAGES else None
    new = again or Button(speech.text("✏️ New broadcast"), NEW_TEXT)
    return ((new,), (back(speech, BROADCASTS), to_menu(speech)))


def progress(one: Progress, speech: Speech) -> Keyboard:
    refresh = Button(speech.text("🔄 Refresh"), SHOWN, (str(one.id),))
    stop = Button(speech.text("✖️ Take back the rest"), CANCEL, (str(one.id),))
    open_ = one.state is BroadcastState.SENDING and (one.waiting or not one.finished)
    return ((refresh,), *(((stop,),) if open_ else ()), (back(speech, BROADCASTS), to_menu(speech)))


def alone(speech: Speech) -> Keyboard:
    return (menu_row(speech),)
