from dataclasses import replace
from html import unescape

import pytest

from bot.fields import AMOUNTS, added, bounded, conditions
from bot.keyboards import filters as keyboards
from bot.messages import filters as messages
from bot.messages.filters import NAMES, amount, lines, question
from bot.messages.wording import TEXT_LIMIT, units
from bot.reply import Keyboard
from bot.seal import Seal
from bot.speech import LANGUAGES, speech
from domain.exits import ExitKind
from domain.filters import Condition, Filter
from domain.games import GAMES
from models.queries.tallies import Tally
from tests.unit.bot.approved import approved

EN = speech("en")
NARROW = Filter(
    levels=frozenset({"boost", "pro"}),
    exits=frozenset({ExitKind.INSTANT.value}),
    price_from=350,
    price_to=2_500,
    min_net=75,
    min_return_bps=750,
    min_sales_tenths=15,
    max_age=5_400,
    include=frozenset({"karambit", "night ops"}),
    exclude=frozenset({"souvenir"}),
    exteriors=frozenset({"field-tested", "factory-new"}),
    float_below=70_000,
    stattrak=False,
    souvenir=True,
)
TALLIES = {"csgo": Tally(12, 40), "rust": Tally(1, 1)}


def shown(keyboard: Keyboard) -> str:
    return "\n".join(" | ".join(f"[{one.label}]" for one in row) for row in keyboard)


def test_filters_read_as_approved() -> None:
    """All games, one with every condition, one of its fields."""
    wishes = {game: Filter() for game in GAMES} | {"csgo": NARROW, "tf2": Filter(on=False)}
    screens = (
        (messages.overview(wishes, TALLIES, EN), keyboards.overview(wishes, EN)),
        (messages.of_game("csgo", NARROW, TALLIES["csgo"], EN), keyboards.of_game("csgo", NARROW, EN)),
        (messages.of_game("dota2", Filter(), None, EN), keyboards.of_game("dota2", Filter(), EN)),
        *(
            (
                messages.of_field("csgo", NARROW, condition, TALLIES["csgo"], EN),
                keyboards.of_field("csgo", NARROW, condition, 1, EN),
            )
            for condition in (Condition.EXTERIOR, Condition.PRICE, Condition.INCLUDE, Condition.STATTRAK)
        ),
        (messages.liquidity(wishes, EN), keyboards.liquidity(wishes, EN)),
    )
    text = "\n\n".join(f"{said}\n{shown(keyboard)}" for said, keyboard in screens)

    assert text == approved("filters", text)


def test_every_condition_has_a_name_and_a_question() -> None:
    """But the one that a game is on, which is a switch."""
    assert set(NAMES) == set(Condition) - {Condition.GAME}
    assert all(question(condition, EN).startswith("Send") for condition in NAMES)


@pytest.mark.parametrize(
    ("condition", "text", "said"),
    [
        (Condition.PRICE, "3.50-25", "$3.50 to $25.00"),
        (Condition.PRICE, "-25", "up to $25.00"),
        (Condition.PRICE, "3-", "at least $3.00"),
        (Condition.RETURN, "7.5", "at least 7.5%"),
        (Condition.AGE, "100 s", "at most 1 min 40 s"),
        (Condition.FLOAT, "0.000001-", "at least 0.000001"),
        (Condition.FLOAT, "-0.07", "below 0.07"),
    ],
)
def test_an_amount_is_shown_as_it_was_typed(condition: Condition, text: str, said: str) -> None:
    """Nothing is rounded away."""
    bounds = AMOUNTS[condition].read(text)

    assert bounds is not None
    assert amount(condition, bounds, EN) == said


def test_typed_words_are_shown_as_text() -> None:
    """Whatever is in them, and however many there are: a message holds it."""
    entries = frozenset(f"<b>&★{number:02d}" + "x" * 52 for number in range(40))
    wanted = replace(Filter(), include=entries, exclude=entries)
    text = messages.of_game("csgo", wanted, None, EN)
    field = messages.of_field("csgo", added(Filter(), Condition.INCLUDE, entries), Condition.INCLUDE, None, EN)

    assert "<b>&★" not in text
    assert "<b>&★00" in unescape(text)
    assert "32 more" in text
    assert units(text) <= TEXT_LIMIT
    assert units(field) <= TEXT_LIMIT


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_fits_what_telegram_lets_it_carry(language: str) -> None:
    """Of every value of every field of every game, in the chat with the longest number."""
    seal, speaking = Seal("token"), speech(language)
    rows = [
        row
        for game in GAMES
        for condition in conditions(game)
        for page in range(1, keyboards.pages(game, condition) + 1)
        for row in keyboards.of_field(game, Filter(), condition, page, speaking)
    ]

    for row in rows:
        for button in row:
            seal.pack(-(2**62), button.route, button.args)
        assert len(row) <= 3


def test_a_preset_that_stands_is_marked() -> None:
    """The others are not."""
    wanted = bounded(Filter(), Condition.NET, (100, None))
    labels = [button.label for row in keyboards.of_field("csgo", wanted, Condition.NET, 1, EN) for button in row]

    assert [label for label in labels if label.startswith("• ")] == ["• at least $1.00"]
    assert list(lines("csgo", wanted, EN)) == ["Net gain: <b>at least $1.00</b>"]
