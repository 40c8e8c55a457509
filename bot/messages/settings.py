"""The settings in words: the overview, and each of its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from bot.speech import LANGUAGES, Speech, marked
from bot.zones import city, offset
from domain.kinds import Kind, Loudness
from domain.snoozing import Nap
from domain.windows import Every, Grouping
from models.queries.manners import Manners
from models.queries.profiles import Profile

KINDS: Mapping[str, str] = {
    Kind.INSTANT: marked("Deals that sell at once"),
    Kind.PATIENT: marked("Deals that sell in time"),
    Kind.WATCH: marked("Price watches"),
    Kind.DIGEST: marked("Digests"),
    Kind.SUMMARY: marked("Summary after quiet hours"),
    Kind.SILENCE: marked("Why nothing came"),
    Kind.NOTICE: marked("News from the operators"),
    Kind.REPORT: marked("Daily report"),
}
LOUDNESS: Mapping[Loudness, str] = {
    Loudness.LOUD: marked("🔔 loud"),
    Loudness.SILENT: marked("🔈 silent"),
    Loudness.OFF: marked("🔕 off"),
}
RHYTHMS: Mapping[Every, str] = {
    Every.OFF: marked("off"),
    Every.HOURLY: marked("every hour"),
    Every.THREE_HOURS: marked("every 3 hours"),
    Every.SIX_HOURS: marked("every 6 hours"),
    Every.DAILY: marked("every day"),
    Every.WEEKLY: marked("every week"),
}
GROUPINGS: Mapping[Grouping, str] = {
    Grouping.TYPE: marked("type of deal"),
    Grouping.GAME: marked("game"),
    Grouping.PRIORITY: marked("level"),
    Grouping.TIME: marked("time"),
}
NAPS: Mapping[Nap, str] = {
    Nap.HOUR: marked("1 hour"),
    Nap.NIGHT: marked("8 hours"),
    Nap.TOMORROW: marked("Until tomorrow, 8:00"),
}


@dataclass(frozen=True, slots=True)
class Own:
    """What the overview shows of a chat beside its profile; `digest_at` is when the next digest is due."""

    manners: Mapping[Kind, Manners]
    muted: int
    digest_at: datetime | None


def overview(profile: Profile, own: Own, speech: Speech, now: datetime) -> str:
    hushed = [
        kind for kind, one in own.manners.items() if one.loudness is not Loudness.LOUD and kind is not Kind.REPORT
    ]
    lines = (
        (speech.text("Language"), LANGUAGES[speech.language]),
        (speech.text("Time zone"), zone_name(profile.zone, speech, now)),
        (speech.text("Quiet hours"), quiet_span(profile, speech)),
        (speech.text("Snooze"), nap(profile, speech, now)),
        (speech.text("Not loud"), ", ".join(speech.text(KINDS[kind]) for kind in hushed) or speech.text("nothing")),
        (speech.text("Deals a day"), cap(profile, speech)),
        (speech.text("Digest"), rhythm(profile, own.digest_at, speech)),
        (speech.text("Muted items"), speech.number(own.muted)),
    )
    return "\n".join([speech.text("⚙️ <b>Settings</b>"), "", *(line(name, value, speech) for name, value in lines)])


def line(name: str, value: str, speech: Speech) -> str:
    return speech.text("{name}: <b>{value}</b>", name=name, value=value)


def zone_label(zone: str, speech: Speech, now: datetime) -> str:
    """`Berlin, UTC+1`; what is named by its offset is that alone."""
    place, clock = city(zone, speech), offset(zone, now)
    return place if place in {clock, "UTC"} else f"{place}, {clock}"


def zone_name(zone: str, speech: Speech, now: datetime) -> str:
    """`Berlin, UTC+1 (23 Nov, 14:05)`."""
    return f"{zone_label(zone, speech, now)} ({speech.moment(now, zone)})"


def hour(minute: int) -> str:
    """Minutes of the day on a clock: `23:30`."""
    return f"{minute // 60}:{minute % 60:02d}"


def quiet_span(profile: Profile, speech: Speech) -> str:
    if profile.quiet_from is None or profile.quiet_until is None:
        return speech.text("off")
    return f"{hour(profile.quiet_from)}–{hour(profile.quiet_until)}"


def nap(profile: Profile, speech: Speech, now: datetime) -> str:
    if profile.snoozed_until is None or profile.snoozed_until <= now:
        return speech.text("off")
    return speech.text("until {moment}", moment=speech.moment(profile.snoozed_until, profile.zone))


def cap(profile: Profile, speech: Speech) -> str:
    if profile.daily_cap is None:
        return speech.text("as many as there are")
    return speech.text("at most {number}", number=speech.number(profile.daily_cap))


def rhythm(profile: Profile, due: datetime | None, speech: Speech) -> str:
    often = speech.text(RHYTHMS[Every(profile.digest)])
    if due is None:
        return often
    return speech.text("{rhythm}, next {moment}", rhythm=often, moment=speech.moment(due, profile.zone))


def language_screen(speech: Speech) -> str:
    return speech.text("🌐 Which language shall I speak?")


def zone_screen(profile: Profile, speech: Speech, now: datetime) -> str:
    head = speech.text("🕒 Quiet hours, digests and all times here go by the clock of a place.")
    ask = speech.text("Choose one, or type a city (Berlin), a zone (Europe/Berlin) or an offset (UTC+3).")
    return f"{head}\n{line(speech.text('Now'), zone_name(profile.zone, speech, now), speech)}\n\n{ask}"


def zone_question(speech: Speech) -> str:
    return speech.text(
        "Send a city such as <b>Berlin</b>, a zone such as <b>Europe/Berlin</b> or an offset: <b>UTC+3</b>."
    )


def zone_unknown(typed: str, speech: Speech) -> str:
    return speech.text(
        "I know no place called “{name}”: send a larger city of the same zone, such as Berlin, or an offset: UTC+3.",
        name=escape(typed),
    )


def zone_which(speech: Speech) -> str:
    return speech.text("Which one do you mean?")


def quiet_screen(profile: Profile, speech: Speech) -> str:
    head = speech.text(
        "🌙 In quiet hours nothing rings. Deals that end meanwhile are dropped, the rest comes as one summary."
    )
    return "\n".join([head, "", *quiet_now(profile, speech)])


def quiet_now(profile: Profile, speech: Speech) -> list[str]:
    zone = speech.text("the clock is {city}", city=city(profile.zone, speech))
    return [f"{line(speech.text('Now'), quiet_span(profile, speech), speech)} ({zone})"]


def quiet_question(speech: Speech) -> str:
    return speech.text("Send the hours as from–until, such as <b>23:30-8</b>.")


def from_question(speech: Speech) -> str:
    return speech.text("From which hour shall it be quiet?")


def until_question(begin: int, speech: Speech) -> str:
    return speech.text("Quiet from {hour}. Until which hour?", hour=hour(begin))


def nap_screen(profile: Profile, speech: Speech, now: datetime) -> str:
    head = speech.text("💤 A snooze keeps everything back for a while; deals that end meanwhile are dropped.")
    return f"{head}\n\n{line(speech.text('Now'), nap(profile, speech, now), speech)}"


def cap_screen(profile: Profile, speech: Speech) -> str:
    head = speech.text("🧮 How many deals a day may come at most? Watches and digests do not count.")
    return f"{head}\n\n{line(speech.text('Now'), cap(profile, speech), speech)}"


def cap_question(most: int, speech: Speech) -> str:
    return speech.text("Send a whole number from 1 to {most}, such as <b>25</b>.", most=speech.number(most))


def digest_screen(profile: Profile, due: datetime | None, speech: Speech) -> str:
    least = speech.plural("{n} deal", "{n} deals", profile.digest_least)
    lines = (
        (speech.text("How often"), rhythm(profile, due, speech)),
        (speech.text("Grouped by"), speech.text(GROUPINGS[Grouping(profile.digest_group)])),
        (speech.text("At least"), least),
    )
    head = speech.text("🗞 A digest lists the deals that fitted your filters, with what became of them.")
    return "\n".join([head, "", *(line(name, value, speech) for name, value in lines)])


def sounds_screen(manners: Mapping[Kind, Manners], shown: list[Kind], speech: Speech) -> str:
    head = speech.text("🔔 How loud each kind of message is, and how far apart.")
    lines = (line(speech.text(KINDS[kind]), manner(manners[kind], speech), speech) for kind in shown)
    return "\n".join([head, "", *lines])


def sound_screen(kind: Kind, own: Manners, speech: Speech) -> str:
    return f"<b>{speech.text(KINDS[kind])}</b>\n\n{line(speech.text('Now'), manner(own, speech), speech)}"


def manner(own: Manners, speech: Speech) -> str:
    loud = speech.text(LOUDNESS[own.loudness])
    return f"{loud}, {apart(own.cooldown, speech)}" if own.cooldown else loud


def apart(cooldown: timedelta, speech: Speech) -> str:
    if not cooldown:
        return speech.text("no pause")
    return speech.text("{span} apart", span=speech.age(cooldown))
