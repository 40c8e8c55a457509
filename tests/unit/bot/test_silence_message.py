"""What a chat reads when nothing came."""

from datetime import timedelta
from typing import Any

import pytest

from bot.messages.silence import silence
from bot.speech import speech
from domain.filters import Condition
from domain.silence import Cause
from models.payloads import NearMiss, SilenceNews
from tests.factories import NOW, TITLE
from tests.unit.bot.approved import approved
from tests.unit.bot.plain import Plain


def said(cause: Cause, number: int = 0, **values: Any) -> str:
    news = SilenceNews(cause=cause, hours=26, number=number, zone="Europe/Berlin", **values)
    return silence(news.model_dump(mode="json"), speech("en"), NOW).text


def miss(condition: str, had: int | None = None, asked: int | None = None, title: str = TITLE) -> str:
    near = NearMiss(title=title, game="csgo", condition=condition, had=had, asked=asked)
    return said(Cause.NEAREST, 12, miss=near)


def test_every_cause_has_its_sentence() -> None:
    """One and many; the texts are those that a person has read."""
    since = NOW - timedelta(hours=5)
    times: dict[Cause, dict[str, Any]] = {Cause.DOWN: {"since": since}, Cause.SNOOZED: {"since": since}}
    causes = [cause for cause in Cause if cause is not Cause.NEAREST]
    texts = [said(cause, number, **times.get(cause, {})) for cause in causes for number in (1, 12)]
    whole = "\n\n".join(dict.fromkeys([*texts, said(Cause.DOWN)]))

    assert whole == approved("silence", whole)


@pytest.mark.parametrize(
    ("condition", "had", "asked", "sentence"),
    [
        ("net", 165, 200, "It missed your minimum of $2.00 by $0.35."),
        ("return", 940, 1500, "It missed your minimum of 15.0% by 5.6%."),
        ("price", 1234, 1000, "It exceeded your maximum of $10.00 by $2.34."),
        ("price", 1234, 2000, "It missed your minimum of $20.00 by $7.66."),
        ("sales", 4, 50, "It missed your minimum of 5 sales a day by 4.6 sales a day."),
        ("age", 300, 60, "It exceeded your maximum of 1 min by 4 min."),
        ("age", None, 60, "It does not have what you ask for: age of the offer."),
        ("exterior", None, None, "It does not have what you ask for: exterior."),
    ],
)
def test_the_nearest_miss_says_by_how_much(condition: str, had: int | None, asked: int | None, sentence: str) -> None:
    """In the unit of the condition; what is no number is named."""
    assert sentence in miss(condition, had, asked)


def test_the_nearest_miss_reads_well() -> None:
    """The whole message."""
    text = miss("net", 165, 200)

    assert text == approved("silence_nearest", text)


@pytest.mark.parametrize("condition", list(Condition))
def test_every_condition_can_be_said(condition: Condition) -> None:
    """Without the word that only the program knows."""
    assert str(condition) == "game" or "It " in miss(condition, 1, 2)


def test_a_title_of_any_characters_stays_a_title() -> None:
    """Nothing in it is a tag."""
    plain = Plain(miss("net", 165, 200, "<b>★ {title} & _*[`"))

    assert "<b>★ {title} & _*[`" in plain.text
    assert plain.open == []
