"""What a watch says when it fires."""

from datetime import timedelta
from typing import Any

import pytest

from bot.messages.watch import condition, watch
from bot.speech import speech
from domain.watches import Measure, Turn
from models.payloads import WatchNews
from tests.factories import NOW, TITLE
from tests.unit.bot.approved import approved
from tests.unit.bot.plain import Plain

ENGLISH = speech("en")


def news(**values: Any) -> dict[str, Any]:
    """A watch for $10.00 or less that saw $9.90 four seconds ago, $12.00 three hours before."""
    defaults: dict[str, Any] = {
        "watch_id": 7,
        "game": "csgo",
        "title": TITLE,
        "measure": "ask",
        "turn": "below",
        "mark": 1000,
        "value": 990,
        "seen_at": NOW - timedelta(seconds=4),
        "former": 1200,
        "former_at": NOW - timedelta(hours=3),
    }
    return WatchNews(**(defaults | values)).model_dump(mode="json")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("below", {}),
        ("first", {"former": None, "former_at": None}),
        ("moved", {"measure": "bid", "turn": "moved", "mark": 550, "value": 1270}),
        ("times", {"measure": "asks", "turn": "times", "mark": 25_000, "value": 12_500, "former": 4_999}),
        ("above", {"measure": "bids", "turn": "above", "mark": 40, "value": 41, "former": 0, "game": "rust"}),
    ],
)
def test_a_watch_names_title_both_prices_rule_and_age(name: str, values: dict[str, Any]) -> None:
    """The texts are those that a person has read."""
    text = watch(news(**values), ENGLISH, NOW).text

    assert text == approved(f"watch_{name}", text)


def test_the_button_leads_to_the_title_in_the_shop() -> None:
    """The offers of the title; which of them is the cheapest the aggregate does not say."""
    ((button,),) = watch(news(), ENGLISH, NOW).keyboard

    assert button.url == (
        "https://dmarket.com/ingame-items/item-list/csgo-skins?title=AK-47%20%7C%20Redline%20%28Field-Tested%29"
    )


def test_a_title_of_any_characters_stays_a_title() -> None:
    """Nothing in it is a tag or a place for a value."""
    wild = "<b>★ {value} & _*[`</b> \u202e"

    said = Plain(watch(news(title=wild), ENGLISH, NOW).text)

    assert wild in said.text
    assert said.open == []


@pytest.mark.parametrize(
    ("measure", "turn", "mark", "said"),
    [
        (Measure.ASK, Turn.BELOW, 1000, "at or below $10.00"),
        (Measure.BIDS, Turn.ABOVE, 1500, "at or above 1,500"),
        (Measure.BID, Turn.MOVED, 500, "±5.0%"),
        (Measure.ASKS, Turn.TIMES, 20_000, "up or down by a factor of 2"),
        (Measure.ASKS, Turn.TIMES, 12_500, "up or down by a factor of 1.25"),
    ],
)
def test_a_rule_is_said_in_a_few_words(measure: Measure, turn: Turn, mark: int, said: str) -> None:
    """As lists of watches show it too."""
    assert condition(measure, turn, mark, ENGLISH) == said
