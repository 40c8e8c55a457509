"""The buttons of the settings. A chat's value of now is marked."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.keyboards.common import back, menu_row, to_menu
from bot.messages.settings import KINDS, LOUDNESS, NAPS, apart, hour, zone_label
from bot.reply import Button, Keyboard, grid
from bot.speech import LANGUAGES, Speech, marked
from bot.zones import COMMON
from domain.kinds import Kind, Loudness
from domain.snoozing import Nap
from models.queries.manners import Manners
from models.queries.profiles import Profile

SETTINGS = "settings"
LANGUAGE, SET_LANGUAGE = "language", "set_language"
ZONE, SET_ZONE, TYPE_ZONE = "zone", "set_zone", "type_zone"
QUIET, QUIET_FROM, QUIET_UNTIL, SET_QUIET, TYPE_QUIET = "quiet", "quiet_from", "quiet_until", "set_quiet", "type_quiet"
NAP, SET_NAP = "nap", "set_nap"
SOUNDS, SOUND, SET_SOUND, SET_PAUSE = "sounds", "sound", "set_sound", "set_pause"
CAP, SET_CAP, TYPE_CAP = "cap", "set_cap", "type_cap"
DIGEST, MUTED, FILTERS = "digest", "muted", "filters"
OFF = "off"

PARTS = (
    (LANGUAGE, marked("🌐 Language")),
    (ZONE, marked("🕒 Time zone")),
    (QUIET, marked("🌙 Quiet hours")),
    (NAP, marked("💤 Snooze")),
    (SOUNDS, marked("🔔 Sounds")),
    (CAP, marked("🧮 Deals a day")),
    (DIGEST, marked("🗞 Digest")),
    (MUTED, marked("🔕 Muted items")),
    (FILTERS, marked("🎛 Filters")),
)
QUIET_PRESETS = ((22 * 60, 8 * 60), (23 * 60, 7 * 60), (0, 8 * 60))
PAUSES = (0, 60, 300, 900, 3600)  # seconds
CAPS = (5, 10, 20, 50, 100)


def settings(speech: Speech) -> Keyboard:
    return (*grid((Button(speech.text(label), route) for route, label in PARTS), 2), menu_row(speech))


def part(rows: Keyboard, speech: Speech, route: str = SETTINGS, *args: str) -> Keyboard:
    """A part of the settings with the ways out of it."""
    return (*rows, (back(speech, route, *args), to_menu(speech)))


def chosen(label: str, *, now: bool) -> str:
    """One of several, the value of now marked."""
    return f"• {label}" if now else label


def languages(speech: Speech) -> Keyboard:
    rows = grid(
        (Button(chosen(name, now=code == speech.language), SET_LANGUAGE, (code,)) for code, name in LANGUAGES.items()),
        2,
    )
    return part(rows, speech)


def zones(profile: Profile, speech: Speech, now: datetime) -> Keyboard:
    typed = (Button(speech.text("✏️ Type a city"), TYPE_ZONE),)
    return part((typed, *zone_rows(COMMON, profile, speech, now)), speech)


def zone_rows(names: Iterable[str], profile: Profile, speech: Speech, now: datetime) -> Keyboard:
    """A button for each IANA zone: `Berlin, UTC+1`."""
    return grid(
        (Button(chosen(zone_label(zone, speech, now), now=zone == profile.zone), SET_ZONE, (zone,)) for zone in names),
        2,
    )


def quiet(profile: Profile, speech: Speech) -> Keyboard:
    now = (profile.quiet_from, profile.quiet_until)
    presets = tuple(
        Button(chosen(f"{hour(begin)}–{hour(end)}", now=now == (begin, end)), SET_QUIET, (str(begin), str(end)))
        for begin, end in QUIET_PRESETS
    )
    rows = (
        presets,
        (Button(speech.text("Choose hours"), QUIET_FROM), Button(speech.text("✏️ Type hours"), TYPE_QUIET)),
        (Button(chosen(speech.text("🔔 No quiet hours"), now=now == (None, None)), SET_QUIET, (OFF,)),),
    )
    return part(rows, speech)


def from_hours(speech: Speech) -> Keyboard:
    """Two digits each, so six fit into a row."""
    hours = (Button(str(one), QUIET_UNTIL, (str(one * 60),)) for one in range(24))
    return part(grid(hours, 6), speech, QUIET)


def until_hours(begin: int, speech: Speech) -> Keyboard:
    hours = (Button(str(one), SET_QUIET, (str(begin), str(one * 60))) for one in range(24) if one * 60 != begin)
    return part(grid(hours, 6), speech, QUIET_FROM)


def naps(speech: Speech, *, asleep: bool) -> Keyboard:
    rows = grid((Button(speech.text(NAPS[one]), SET_NAP, (one.value,)) for one in Nap), 2)
    off = ((Button(speech.text("🔔 Wake up now"), SET_NAP, (OFF,)),),) if asleep else ()
    return part((*rows, *off), speech)


def sounds(shown: Iterable[Kind], speech: Speech) -> Keyboard:
    return part(tuple((Button(speech.text(KINDS[kind]), SOUND, (kind.value,)),) for kind in shown), speech)


def sound(kind: Kind, own: Manners, speech: Speech) -> Keyboard:
    loudness = tuple(
        Button(chosen(speech.text(LOUDNESS[one]), now=one is own.loudness), SET_SOUND, (kind.value, one.value))
        for one in Loudness
    )
    pauses = grid((_pause(kind, timedelta(seconds=one), own, speech) for one in PAUSES), 3)
    return part((loudness, *pauses), speech, SOUNDS)


def _pause(kind: Kind, span: timedelta, own: Manners, speech: Speech) -> Button:
    label = chosen(apart(span, speech), now=own.cooldown == span)
    return Button(label, SET_PAUSE, (kind.value, str(int(span.total_seconds()))))


def caps(profile: Profile, speech: Speech) -> Keyboard:
    numbers = grid((Button(chosen(str(one), now=profile.daily_cap == one), SET_CAP, (str(one),)) for one in CAPS), 3)
    free = chosen(speech.text("No limit"), now=profile.daily_cap is None)
    rows = (*numbers, (Button(free, SET_CAP, (OFF,)), Button(speech.text("✏️ Type a number"), TYPE_CAP)))
    return part(rows, speech)
