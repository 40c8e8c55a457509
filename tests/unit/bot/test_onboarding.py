from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import ROUTES
from bot.handlers.menu import ENTRIES, main_menu
from bot.keyboards.onboarding import budgets, games, languages
from bot.messages.onboarding import budget_step, done, games_step, language_step
from bot.reply import Keyboard
from bot.speech import LANGUAGES, speech
from bot.upstream import Outlook
from domain.conditions import Part, Trouble
from domain.filters import Filter
from domain.games import GAMES
from models.queries.conditions import Standing
from models.queries.overview import GameOverview, Ranked
from tests.factories import NOW
from tests.unit.bot.approved import approved
from tests.unit.bot.proofs import a_proof

EN = speech("en")
MINUTE = timedelta(minutes=1)
GAMES_NOW = dict.fromkeys(GAMES, (GameOverview(scanned_at=NOW - timedelta(seconds=20)), MINUTE))
WELL = Outlook(Standing(workers=1, seen_at=NOW))
WISHES = {game: Filter(on=game in {"csgo", "rust"}, levels=frozenset({"boost", "standard"})) for game in GAMES}


def shown(keyboard: Keyboard) -> str:
    return "\n".join(" | ".join(f"[{one.label}]" for one in row) for row in keyboard)


def test_the_steps_read_as_approved() -> None:
    """Three questions with their buttons, and the menu at the end."""
    told = done(WISHES, Ranked(a_proof(), NOW), games=GAMES_NOW, outlook=WELL, speech=EN, now=NOW)
    steps = (
        (language_step(EN), languages("en")),
        (games_step(EN), games({key: one.on for key, one in WISHES.items()}, EN)),
        (budget_step(EN), budgets(EN)),
        ("\n".join(told), main_menu(EN)),
    )
    text = "\n\n".join(f"{said}\n{shown(keyboard)}" for said, keyboard in steps)

    assert text == approved("onboarding", text)


def test_without_a_fitting_deal_nothing_is_invented() -> None:
    """The last scans prove that somebody looked."""
    (text,) = done(WISHES, None, games=GAMES_NOW, outlook=WELL, speech=EN, now=NOW)

    assert "Nothing that fits is open right now" in text
    assert "Last scans: CS2 20 s ago" in text


def test_nothing_open_while_the_exchange_is_away_is_not_no_deals() -> None:
    """A newcomer is not told that the market is empty when nobody can read it."""
    blind = replace(WELL, workers=Standing(1, NOW, (Trouble(Part.OFFERS, NOW - MINUTE),)))
    (text,) = done(WISHES, None, games=GAMES_NOW, outlook=blind, speech=EN, now=NOW)

    assert "I cannot tell" in text
    assert "Nothing that fits" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_leads_somewhere(language: str) -> None:
    """In each language the same routes."""
    speaking = speech(language)
    keyboards = (
        languages(language),
        games(dict.fromkeys(GAMES, True), speaking),
        budgets(speaking),
        main_menu(speaking),
    )
    routes = {button.route for keyboard in keyboards for row in keyboard for button in row}

    assert routes <= set(ROUTES)
    assert {route for route, _ in ENTRIES} <= set(ROUTES)
