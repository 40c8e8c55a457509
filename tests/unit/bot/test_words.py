"""Words for stored keys: every key that is written has one, in every language, and no key is shown in its place."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from bot.commands import COMMANDS, QUESTIONS, ROUTES
from bot.limits import DEFAULT, RATES
from bot.messages import words
from bot.messages.details import FEES, SIDES
from bot.messages.report import VERDICTS
from bot.messages.settings import KINDS
from bot.messages.why import ENDS
from bot.speech import LANGUAGES, speech
from domain.fees import FeeSource
from domain.kinds import Kind
from domain.opportunities import Gate
from domain.quotes import SaleSide
from models.alerts import AlertState
from models.feedback import Verdict
from models.queries.alerts import Reason
from models.queries.audit import Action
from tasks import verify
from tests.unit.documents import ROOT

EN = speech("en")
TABLES: Mapping[str, tuple[Mapping[Any, str], Iterable[str]]] = {
    "kinds": (KINDS, Kind),
    "states": (words.STATES, AlertState),
    "reasons": (words.REASONS, Reason),
    "ends": (ENDS, Reason),
    "gates": (words.GATES, (*Gate, verify.ACCEPTED, verify.UNREADABLE)),
    "actions": (words.ACTIONS, Action),
    "limits": (words.ASKED, RATES),
    "verdicts": (VERDICTS, Verdict),
    "fees": (FEES, FeeSource),
    "sides": (SIDES, SaleSide),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_key_has_its_words(name: str) -> None:
    """Neither one too few nor one that nobody writes any more."""
    table, keys = TABLES[name]

    assert set(table) == set(keys)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize("name", TABLES)
def test_words_are_those_of_the_language(name: str, language: str) -> None:
    """A key in English, or in none, would say less than nothing to its reader."""
    speaking = speech(language)

    assert [said for said in TABLES[name][0].values() if speaking.text(said, **BLANKS) == EN.text(said, **BLANKS)] == []


BLANKS = {"subject": "", "number": ""}


def noted(tree: ast.AST) -> Iterator[str]:
    """The names of values that calls of audit.write and of a shell's note keep beside an action."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        of_audit = call.func.attr == "write" and getattr(call.func.value, "id", "") == "audit"
        if of_audit or call.func.attr == "note":
            yield from (one.arg for one in call.keywords if one.arg)


def test_everything_that_the_audit_log_keeps_has_its_words() -> None:
    """Whatever part of the program writes it."""
    sources = [path for name in ("bot", "models", "tasks", "worker") for path in (ROOT / name).rglob("*.py")]
    found = {name for path in sources for name in noted(ast.parse(path.read_text(encoding="utf-8")))}

    assert found == set(words.DETAILS)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("chats", 2, "Chats: 2"),
        ("role", "viewer", "jetzt: 👁 Beobachter"),
        ("former", "<new>", "vorher: &lt;new&gt;"),
        ("level", "boost", "Stufe: 🚀 boost"),
        ("game", "csgo", "Spiel: CS2"),
        ("run", 12_345, "Scan 12345"),
        ("recipients", 12_345, "Chats: 12.345"),
        ("<later>", "<x>", "&lt;later&gt; &lt;x&gt;"),
    ],
)
def test_a_detail_is_told_in_words(name: str, value: object, said: str) -> None:
    """Roles, levels and games as everywhere else; what a later version wrote shows as it is, and is no HTML."""
    assert words.detail(name, value, speech("de")) == said


def test_what_was_done_names_games_as_people_do() -> None:
    """Other subjects stay as they are; a key of a later version stays a key."""
    assert words.done("pause_game", "csgo", EN) == "paused CS2"
    assert words.done("ban", "501", EN) == "banned 501"
    assert words.word(words.REASONS, "<later>", EN) == "&lt;later&gt;"


def test_every_action_that_is_limited_has_a_rate_and_every_rate_an_action() -> None:
    """What is counted under a name that no table has would count as all else, and a rate without a name as nothing."""
    routes = (*COMMANDS.values(), *ROUTES.values(), *QUESTIONS.values())

    assert {one.action for one in routes} | {DEFAULT} == set(RATES)
    assert {one.name for one in routes if one.action == "feedback"} == {"fb", "feedback", "feedback_text"}


def test_the_document_has_the_rates_that_hold() -> None:
    """Row by row of docs/operations.md."""
    names = {
        "most of what there is": ("default",),
        "settings": ("settings",),
        "searches, pictures": ("search", "picture"),
        "feedback": ("feedback",),
        "export": ("export",),
    }
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    table = text.partition("| action | a minute for long | at most in one minute |")[2].partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[1:]]

    assert [(names[name], int(long), int(burst)) for name, long, burst in cells] == [
        (keys, RATES[keys[0]].a_minute, RATES[keys[0]].burst) for keys in names.values()
    ]
    assert {key for keys in names.values() for key in keys} == set(RATES)
    assert RATES["search"] == RATES["picture"]
