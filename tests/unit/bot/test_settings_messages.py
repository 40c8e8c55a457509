from datetime import timedelta

import pytest

from bot.commands import ROUTES
from bot.keyboards import digest as digest_keyboards
from bot.keyboards import settings as keyboards
from bot.messages import settings as messages
from bot.messages.settings import GROUPINGS, KINDS, LOUDNESS, NAPS, RHYTHMS, Own
from bot.reply import Keyboard
from bot.speech import LANGUAGES, speech
from domain.kinds import Kind, Loudness
from domain.snoozing import Nap
from domain.windows import Every, Grouping
from models.queries.manners import Manners
from models.queries.profiles import Profile
from tests.factories import NOW
from tests.unit.bot.approved import approved

EN = speech("en")
PLAIN = Profile(1)
MADE = Profile(
    1,
    language="de",
    zone="Asia/Kolkata",
    snoozed_until=NOW + timedelta(hours=8),
    quiet_from=23 * 60 + 30,
    quiet_until=8 * 60,
    daily_cap=20,
    digest="daily",
    digest_group="time",
    digest_least=1,
)
MANNERS = {kind: Manners() for kind in Kind} | {
    Kind.WATCH: Manners(Loudness.SILENT, timedelta(minutes=5)),
    Kind.DIGEST: Manners(Loudness.OFF),
}


def shown(keyboard: Keyboard) -> str:
    return "\n".join(" | ".join(f"[{one.label}]" for one in row) for row in keyboard)


def test_the_settings_read_as_approved() -> None:
    """Those of a newcomer, and those of somebody who has set everything."""
    fresh = messages.overview(PLAIN, Own({kind: Manners() for kind in Kind}, 0, None), EN, NOW)
    made = messages.overview(MADE, Own(MANNERS, 3, NOW + timedelta(days=1)), EN, NOW)
    text = "\n\n".join((fresh, made, shown(keyboards.settings(EN))))

    assert text == approved("settings", text)


def test_the_parts_of_the_settings_read_as_approved() -> None:
    """Each with its buttons, what stands now marked."""
    parts = (
        (messages.zone_screen(MADE, EN, NOW), keyboards.zones(MADE, EN, NOW)),
        (messages.quiet_screen(MADE, EN), keyboards.quiet(MADE, EN)),
        (messages.until_question(90, EN), keyboards.until_hours(60, EN)),
        (messages.nap_screen(MADE, EN, NOW), keyboards.naps(EN, asleep=True)),
        (messages.sounds_screen(MANNERS, list(Kind), EN), keyboards.sounds(Kind, EN)),
        (
            messages.sound_screen(Kind.WATCH, MANNERS[Kind.WATCH], EN),
            keyboards.sound(Kind.WATCH, MANNERS[Kind.WATCH], EN),
        ),
        (messages.cap_screen(MADE, EN), keyboards.caps(MADE, EN)),
        (messages.digest_screen(MADE, NOW + timedelta(days=1), EN), digest_keyboards.digest(MADE, EN)),
    )
    text = "\n\n".join(f"{said}\n{shown(keyboard)}" for said, keyboard in parts)

    assert text == approved("settings_parts", text)


def test_every_value_has_words() -> None:
    """Whatever a chat can have set can be shown."""
    assert set(KINDS) == set(Kind)
    assert set(LOUDNESS) == set(Loudness)
    assert set(RHYTHMS) == set(Every)
    assert set(GROUPINGS) == set(Grouping)
    assert set(NAPS) == set(Nap)


def test_a_snooze_that_is_over_is_off() -> None:
    """Also before anybody clears it."""
    assert messages.nap(Profile(1, snoozed_until=NOW), EN, NOW) == "off"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_of_the_settings_leads_somewhere(language: str) -> None:
    """In each language, with no label that a phone would cut."""
    speaking = speech(language)
    rows = [
        *keyboards.settings(speaking),
        *keyboards.languages(speaking),
        *keyboards.zones(PLAIN, speaking, NOW),
        *keyboards.quiet(PLAIN, speaking),
        *keyboards.naps(speaking, asleep=True),
        *keyboards.sound(Kind.INSTANT, Manners(), speaking),
        *keyboards.caps(PLAIN, speaking),
        *digest_keyboards.digest(PLAIN, speaking),
    ]

    assert {button.route for row in rows for button in row} <= set(ROUTES)
    assert [button.label for row in rows for button in row if len(button.label) > 26] == []
