"""Words for what is stored as a key: what the operators read in reports and in the audit log."""

from collections.abc import Mapping
from html import escape

from bot.keyboards.admin import ROLE_LABELS
from bot.limits import DEFAULT
from bot.messages.decided import ACCEPTED, UNREADABLE
from bot.messages.wording import game_label, level_emoji
from bot.speech import Speech, marked
from domain.levels import LEVELS
from domain.opportunities import Gate
from models.alerts import AlertState
from models.queries.alerts import Reason
from models.queries.audit import Action

STATES: Mapping[str, str] = {
    AlertState.PENDING: marked("waiting"),
    AlertState.HELD: marked("held back"),
    AlertState.SENDING: marked("on its way"),
    AlertState.SENT: marked("sent"),
    AlertState.SUPPRESSED: marked("left out"),
    AlertState.EXPIRED: marked("expired"),
    AlertState.FAILED: marked("failed"),
}
REASONS: Mapping[str, str] = {
    Reason.DELIVERED: marked("delivered"),
    Reason.RESENT: marked("delivered on the second try"),
    Reason.GONE: marked("the deal was gone before its turn"),
    Reason.MOVED: marked("the deal had another price by then"),
    Reason.STOPPED: marked("the chat had said /stop"),
    Reason.MERGED: marked("the chat had the same message already"),
    Reason.TOO_LATE: marked("too late"),
    Reason.BLOCKED: marked("the chat could not be reached"),
    Reason.REFUSED: marked("Telegram did not take it"),
    Reason.UNKNOWN: marked("sent without an answer"),
    Reason.CANCELLED: marked("withdrawn"),
    Reason.UNREADABLE: marked("stored in another form"),
    Reason.OFF: marked("switched off in the chat"),
    Reason.MUTED: marked("the item was muted"),
    Reason.QUIET: marked("quiet hours"),
    Reason.SNOOZED: marked("snoozed"),
    Reason.CAPPED: marked("the chat had reached its daily limit"),
    Reason.COOLDOWN: marked("too soon after the one before"),
}
GATES: Mapping[str, str] = {
    Gate.STALE_INPUT: marked("read too long ago"),
    Gate.NO_OFFER: marked("nothing on offer"),
    Gate.OUTSIDE_BANDS: marked("outside of all price bands"),
    Gate.FEW_SALES: marked("too few sales"),
    Gate.BELOW_LEVEL: marked("brings too little"),
    ACCEPTED: marked("worth buying"),
    UNREADABLE: marked("not told by DMarket"),
}
ASKED: Mapping[str, str] = {
    DEFAULT: marked("All else"),
    "settings": marked("Settings"),
    "search": marked("Searches"),
    "picture": marked("Pictures"),
    "feedback": marked("Feedback"),
    "export": marked("Exports"),
}
ACTIONS: Mapping[str, str] = {
    Action.PAUSE: marked("paused {subject}"),
    Action.RESUME: marked("resumed {subject}"),
    Action.GRANT: marked("gave {subject} a role"),
    Action.REVOKE: marked("removed the role of {subject}"),
    Action.BAN: marked("banned {subject}"),
    Action.UNBAN: marked("lifted the ban on {subject}"),
    Action.LIFT: marked("lifted the limits of {subject}"),
    Action.BROADCAST: marked("sent broadcast {subject}"),
    Action.CANCEL: marked("took back broadcast {subject}"),
    Action.ADD_KEYS: marked("added the keys {subject}"),
    Action.REMOVE_KEYS: marked("removed the keys {subject}"),
    Action.REST_KEYS: marked("let the keys {subject} rest"),
    Action.USE_KEYS: marked("put the keys {subject} into use"),
    Action.CHECK_KEYS: marked("checked the keys"),
    Action.ROTATE_KEYS: marked("sealed the keys anew with {subject}"),
    Action.SCAN: marked("asked for a scan of {subject}"),
    Action.CATALOGUE: marked("had the titles of {subject} read"),
    Action.VERIFY: marked("had {subject} verified"),
    Action.REPLAY: marked("put unsent alerts back"),
}
OF_GAMES = frozenset({Action.PAUSE, Action.RESUME, Action.SCAN, Action.CATALOGUE})  # whose subject is a game
DETAILS: Mapping[str, str] = {
    "chats": marked("chats: {value}"),
    "alerts": marked("alerts: {value}"),
    "recipients": marked("chats: {value}"),
    "former": marked("before: {value}"),
    "role": marked("now: {value}"),
    "public_key": marked("public key: {value}"),
    "number": marked("number: {value}"),
    "resealed": marked("sealed anew: {value}"),
    "checked": marked("checked: {value}"),
    "unusable": marked("unusable: {value}"),
    "game": marked("game: {value}"),
    "level": marked("level: {value}"),
    "run": marked("scan {value}"),
}


def word(table: Mapping[str, str], key: str, speech: Speech) -> str:
    """The word for a key; one that another version wrote stays as it is."""
    return speech.text(table[key]) if key in table else escape(key)


def done(action: str, subject: str, speech: Speech) -> str:
    """What somebody did, as the end of a sentence: `paused CS2`."""
    about = game_label(subject) if action in OF_GAMES else escape(subject)
    return speech.text(ACTIONS[action], subject=about) if action in ACTIONS else f"{escape(action)} {about}"


def detail(name: str, value: object, speech: Speech) -> str:
    """One value that the audit log keeps beside what was done: `chats: 2`."""
    told = _value(name, value, speech)
    return speech.text(DETAILS[name], value=told) if name in DETAILS else f"{escape(name)} {told}"


def _value(name: str, value: object, speech: Speech) -> str:
    key = str(value)
    roles = {role.value: label for role, label in ROLE_LABELS.items()}
    if name in {"former", "role"} and key in roles:
        return speech.text(roles[key])
    if name == "level" and key in LEVELS:
        return f"{level_emoji(key)} {key}"
    if name == "game":
        return game_label(key)
    return speech.number(value) if isinstance(value, int) and name != "run" else escape(key)
