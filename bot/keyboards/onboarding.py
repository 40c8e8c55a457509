"""The three taps of a newcomer: language, games, budget."""

from collections.abc import Collection, Mapping

from bot.keyboards.common import back, ticked, to_menu
from bot.reply import Button, Keyboard, column, grid
from bot.speech import LANGUAGES, Speech
from domain.games import GAMES
from domain.levels import LEVELS, Level

LANGUAGES_STEP = "ob_start"
LANGUAGE, GAMES_STEP, GAME, ALL_GAMES, BUDGET_STEP, BUDGET = (
    "ob_lang",
    "ob_games",
    "ob_game",
    "ob_all",
    "ob_upto",
    "ob_end",
)
LEVELS_STEP, LEVEL = "ob_levels", "ob_level"
ANY_PRICE, OWN_LEVELS = "any", "own"


def languages(chosen: str) -> Keyboard:
    """Each language in its own words, the one in use marked."""
    return grid(
        (Button(f"{'• ' if code == chosen else ''}{name}", LANGUAGE, (code,)) for code, name in LANGUAGES.items()), 2
    )


def games(watched: Mapping[str, bool], speech: Speech) -> Keyboard:
    """`watched` says of each game whether it is."""
    toggles = grid(
        (Button(ticked(GAMES[key].label, on=on), GAME, (key,)) for key, on in watched.items() if key in GAMES), 2
    )
    return (
        (Button(speech.text("All games ›"), ALL_GAMES),),
        *toggles,
        (back(speech, LANGUAGES_STEP), Button(speech.text("Continue ›"), BUDGET_STEP)),
    )


def budgets(speech: Speech) -> Keyboard:
    """A level's upper price each, and none."""
    dearest = list(LEVELS)[-1]
    priced = (
        Button(f"{level.emoji} {speech.text('Up to {price}', price=speech.usd(level.high))}", BUDGET, (key,))
        for key, level in LEVELS.items()
        if key != dearest
    )
    anything = Button(f"{LEVELS[dearest].emoji} {speech.text('Any price')}", BUDGET, (ANY_PRICE,))
    own = Button(speech.text("Choose levels ›"), LEVELS_STEP)
    return (*column(*priced), (anything,), (own,), (back(speech, GAMES_STEP), to_menu(speech)))


def levels(chosen: Collection[str], speech: Speech) -> Keyboard:
    """A level's band each: any of them, not only the cheapest."""
    toggles = column(
        *(Button(ticked(band(level, speech), on=key in chosen), LEVEL, (key,)) for key, level in LEVELS.items())
    )
    return (*toggles, (back(speech, BUDGET_STEP), Button(speech.text("Continue ›"), BUDGET, (OWN_LEVELS,))))


def band(level: Level, speech: Speech) -> str:
    """`🚀 $0.50 – $3.00`."""
    return f"{level.emoji} {speech.usd(level.low)} – {speech.usd(level.high)}"
