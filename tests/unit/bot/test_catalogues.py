"""The catalogues say everything that the code says, in every language, and nothing bypasses them."""

import ast
import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.app import menu
from bot.catalogues import SOURCES, TRANSLATED, extracted, missing, named, read, renewed, sentences
from bot.speech import FOLDER, LANGUAGES
from models.queries.roles import Role
from tests.unit.bot.unspoken import unspoken

TEMPLATE = extracted()
TAG = re.compile(r"</?[a-z]+[^>]*>")
VALUE = re.compile(r"\{\w*\}")
COMMAND = re.compile(r"(?<![<\w])/[a-z_]+")
Said = str | tuple[str, ...] | list[str] | None
LONGEST_DESCRIPTION = 256  # characters (core.telegram.org/bots/api#botcommand)
SPOKEN = [
    *(path for name in ("handlers", "keyboards", "messages", "pictures") for path in (SOURCES / name).glob("*.py")),
    *(SOURCES / f"{name}.py" for name in ("asking", "dispatch", "finding", "known", "membership")),
]
# Words of the program that nobody reads in a chat: reasons in the database, names of fields and files, plotting.
SILENT = {
    "skinbeat-{}.json",
    "{}_sell",
    "{}_return_bps",
    "lower left",
    "the bot is no member any more",
    "the bot was put out",
}


def forms(said: Said) -> tuple[str, ...]:
    return (said or "",) if said is None or isinstance(said, str) else tuple(said)


def marks(text: str) -> tuple[Counter[str], ...]:
    """The values, tags and commands of a sentence, each as often as it is there, and the blanks at its ends."""
    ends = Counter({"first": text[:1].isspace(), "last": text[-1:].isspace()})
    return Counter(VALUE.findall(text)), Counter(TAG.findall(text)), Counter(COMMAND.findall(TAG.sub("", text))), ends


def differing(message: Message) -> list[str]:
    """Translated forms that have other marks than the English one; a plural may follow either of its two."""
    allowed = [marks(one) for one in forms(message.id)]
    return [said for said in forms(message.string) if marks(said) not in allowed]


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_has_exactly_the_sentences_of_the_code(language: str) -> None:
    """`make messages` would change nothing: no sentence is absent, none is there that nobody says, none is fuzzy."""
    written = (FOLDER / f"{language}.po").read_bytes()

    assert written == renewed(language, TEMPLATE)
    assert b"fuzzy" not in written
    assert b"#~" not in written


def test_renewing_keeps_what_is_said_still() -> None:
    """A new sentence comes in empty, a gone one goes, and one that has become a plural loses its translation."""
    template = Catalog()
    for said in ("☰ Menu", "A new sentence", ("‹ Back", "‹ Back")):
        template.add(said, None, [("bot/new.py", 0)])

    written = read_po(BytesIO(renewed("de", template)), locale="de")

    assert {one.id: one.string for one in sentences(written)} == {
        "☰ Menu": "☰ Menü",
        "A new sentence": "",
        ("‹ Back", "‹ Back"): ("", ""),
    }
    assert {one.id for one in missing(written)} == {("‹ Back", "‹ Back"), "A new sentence"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    """In every plural form that the language has."""
    catalogue = read(language)
    plurals = [one for one in sentences(catalogue) if one.pluralizable]

    assert [one.id for one in missing(catalogue)] == []
    assert {len(forms(one.string)) for one in plurals} == {catalogue.num_plurals}
    assert catalogue.num_plurals == (3 if language == "ru" else 2)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_values_tags_and_commands(language: str) -> None:
    """A value that is lost is a number that nobody sees, an invented one an error, a lost tag an unsent message."""
    assert {one.id: found for one in sentences(read(language)) if (found := differing(one))} == {}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Buy <b>{price}</b>: /top", []),
        ("/top: <b>{price}</b>", []),
        ("Buy <b>{cost}</b>: /top", ["Buy <b>{cost}</b>: /top"]),
        ("Buy <i>{price}</i>: /top", ["Buy <i>{price}</i>: /top"]),
        ("Buy <b>{price}</b>: /stop", ["Buy <b>{price}</b>: /stop"]),
        ("Buy <b>{price}</b>: /top ", ["Buy <b>{price}</b>: /top "]),
    ],
)
def test_what_a_translation_loses_is_noticed(said: str, wrong: list[str]) -> None:
    """A value, a tag, a command, a blank at an end."""
    assert differing(Message("Buy <b>{price}</b>: /top", said)) == wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_menu_fits(language: str) -> None:
    """Every command has a description within Telegram's limit."""
    assert all(0 < len(one.description) <= LONGEST_DESCRIPTION for one in menu(language, Role.OWNER))


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: str(path.relative_to(SOURCES)))
def test_nothing_is_said_in_english_to_everybody(path: Path) -> None:
    """Whatever a user reads goes through Speech."""
    assert [text for text in unspoken(path.read_text(encoding="utf-8")) if text not in SILENT] == []


@pytest.mark.parametrize(
    "code",
    [
        'Button("Back", route)',
        'Button(f"{sign} Back", route)',
        'Say("<b>Settings</b>")',
        'Reply(toast="Done")',
        'lines = ["Nothing is open"]',
        'f"{age} ago"',
        'speech.text("Open" if still else "Gone")',
    ],
)
def test_what_bypasses_speech_is_noticed(code: str) -> None:
    """As a label, as a message, as a toast, in a list, in a pattern, and where only one of two would be translated."""
    assert list(unspoken(code)) != []


@pytest.mark.parametrize(
    "code",
    [
        'Button(speech.text("Back"), "settings")',
        "f\"{speech.text('Back to work')} {sign}\"",
        'log.warning("a chat is gone")',
        'raise ValueError(f"no such {kind}")',
        'def screen():\n    """A screen in words."""',
        'HEADS = (marked("Digest of the day"), counted("{n} big deal", "{n} big deals"))',
    ],
)
def test_what_is_spoken_or_for_nobody_is_let_pass(code: str) -> None:
    """Sentences of the catalogues, logs, errors and docstrings."""
    assert list(unspoken(code)) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('speech.text("Open since {opened}", opened=at)', ("Open since {opened}",)),
        ('asked.speech.plural("{n} deal", "{n} deals", 3)', ("{n} deal", "{n} deals")),
        ('marked("now" " or never")', ("now or never",)),
        ('counted("{n} deal", "{n} deals")', ("{n} deal", "{n} deals")),
        ("speech.text(NAMES[kind])", ()),
        ('speech.plural("{n} deal", several, 3)', ()),
        ('print("no sentence")', ()),
    ],
)
def test_sentences_are_found_in_the_code(code: str, said: tuple[str, ...]) -> None:
    """Those that stand there; what comes from a table was marked in it."""
    assert named(ast.parse(code, mode="eval").body) == said


def test_sentences_within_patterns_are_found() -> None:
    """Babel's own reader would miss them before Python 3.12."""
    call = next(node for node in ast.walk(ast.parse("f\"<b>{speech.text('Open')}</b>\"")) if named(node))

    assert named(call) == ("Open",)
