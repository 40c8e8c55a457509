"""The main messages in every language: texts that a person has read, whatever a thing is called."""

from gettext import NullTranslations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markup import markup
from bot.messages.wording import TEXT_LIMIT, units
from bot.reply import Keyboard, Say
from bot.seal import Seal
from bot.speech import LANGUAGES, Speech, speech
from sandbox.telegram.html_text import parse_html
from tests.factories import TITLE
from tests.unit.bot import admin_scenes, own_scenes, scenes
from tests.unit.bot.approved import approved

SCENES = {**scenes.SCENES, **own_scenes.SCENES, **admin_scenes.SCENES}
CAPTION_LIMIT = 1_024  # of a picture (core.telegram.org/bots/api#sendphoto)
WIDEST = 30  # characters of a label that a phone shows in a row of one or two
NASTY = ["<b>", "</a>", "<", "&amp;", "&", '"', "_*[`|{}", "★™", "\u202e", "עברית", "😀", "{n}", "%s", "\\", "\x00"]


class Strict(NullTranslations):
    """Behind a catalogue: nothing is ever missing there."""

    def gettext(self, message: str) -> str:
        raise AssertionError(f"not in the catalogue: {message!r}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise AssertionError(f"not in the catalogue: {msgid1!r}, {msgid2!r}, {n}")


def strict(language: str) -> Speech:
    """A speech that does not fall back to English."""
    speaking = Speech(language)
    if language != "en":
        speaking._catalogue.add_fallback(Strict())
    return speaking


def shown(said: Say) -> str:
    rows = (" | ".join(f"[{one.label}]" for one in row) for row in said.keyboard)
    return "\n".join([said.text, *rows])


def labels(keyboard: Keyboard) -> list[str]:
    return [button.label for row in keyboard for button in row]


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_reads_as_approved(language: str, name: str) -> None:
    """Nothing of it falls back to English."""
    text = "\n\n".join(map(shown, SCENES[name](strict(language), TITLE)))

    assert text == approved(f"{language}/{name}", text)


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_a_phone(language: str, name: str) -> None:
    """Short enough to be read whole, and none is empty."""
    found = [label for said in SCENES[name](speech(language), TITLE) for label in labels(said.keyboard)]

    assert [label for label in found if not 0 < len(label) <= WIDEST] == []


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("language", LANGUAGES)
@given(title=st.lists(st.sampled_from(NASTY) | st.text(max_size=20), min_size=1, max_size=40).map("".join))
@settings(max_examples=15)
def test_any_name_is_delivered_in_any_language(language: str, name: str, title: str) -> None:
    """Telegram can read the text and the buttons, and nothing is too long, whatever a thing is called."""
    seal, limit = Seal("1:secret"), CAPTION_LIMIT if name == "history" else TEXT_LIMIT
    for said in SCENES[name](speech(language), title[:300]):
        parse_html(said.text)
        assert units(said.text) <= limit
        assert markup(said.keyboard, -(2**53), seal) is not None or not said.keyboard
