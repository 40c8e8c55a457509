"""What the outbox says besides deals: alerts that ended, and what quiet hours kept back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.keyboards.alert import alert_keyboard, gone_keyboard, moved_keyboard
from bot.markup import markup
from bot.messages.struck import struck
from bot.messages.summary import summary
from bot.messages.wording import TEXT_LIMIT
from bot.seal import Seal
from bot.speech import LANGUAGES, speech
from models.queries.strikes import Strike
from tests.factories import NOW
from tests.unit.bot.approved import approved
from tests.unit.bot.plain import Plain
from tests.unit.bot.proofs import a_proof, an_exit

ENGLISH = speech("en")
SECONDS = timedelta(seconds=1)
GONE = Strike(
    id=46655,
    chat_id=1,
    message_id=2,
    language="en",
    buy=1234,
    told_at=NOW,
    proof=a_proof(),
    gone_at=NOW + 40 * SECONDS,
    gone_reason="no_offer",
    due_at=NOW,
    lease_until=NOW,
)
STRUCK: dict[str, Strike] = {
    "struck_gone": GONE,
    "struck_below_level": replace(GONE, gone_reason="below_level"),
    "struck_unconfirmed": replace(GONE, gone_reason="unconfirmed", gone_at=NOW + 660 * SECONDS),
    "struck_dearer": replace(
        GONE, gone_at=None, gone_reason=None, proof=a_proof(buy=1280, instant=an_exit(1500, 150, 70, return_bps=546))
    ),
}
DEAL = {"game": "csgo", "title": "AWP | Asiimov (Field-Tested)", "level": "pro", "offer_id": "o-1"}
NEWS: dict[str, Any] = {
    "begin": (NOW - timedelta(hours=8)).isoformat(),
    "end": NOW.isoformat(),
    "zone": "Europe/Berlin",
    "matched": 12,
    "still": 2,
    "best": [DEAL | {"buy": 10_050, "net": 2_100, "return_bps": 2089}, DEAL | {"buy": 999, "net": 1, "return_bps": 10}],
    "waiting": 1,
}


@pytest.mark.parametrize("name", STRUCK)
def test_an_alert_that_ended_reads_as_approved(name: str) -> None:
    """Gone, no longer worth it, unconfirmed, dearer."""
    text = struck(STRUCK[name], ENGLISH)

    assert text == approved(name, text)


@pytest.mark.parametrize(("name", "change"), [("summary", {}), ("summary_nothing", {"still": 0, "best": []})])
def test_a_summary_reads_as_approved(name: str, change: dict[str, Any]) -> None:
    """With deals that are still open, and without."""
    text = summary(NEWS | change, ENGLISH, NOW).text

    assert text == approved(name, text)


def test_a_reason_that_is_new_reads_as_gone() -> None:
    """A verdict may learn words that this renderer does not know."""
    assert "gone after 40 s" in struck(replace(GONE, gone_reason="other_variant"), ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
@given(title=st.text(min_size=1, max_size=300))
def test_any_title_keeps_its_tags_closed(language: str, title: str) -> None:
    """In every language, within what one message holds."""
    speaking = speech(language)
    said = [struck(replace(one, proof=a_proof(title=title)), speaking) for one in STRUCK.values()]
    said.append(summary(NEWS | {"best": [NEWS["best"][0] | {"title": title}] * 5}, speaking, NOW).text)

    assert [Plain(text).open for text in said] == [[]] * len(said)
    assert all(len(Plain(text).text) <= TEXT_LIMIT for text in said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_fits_and_is_sealed(language: str) -> None:
    """With the largest numbers that there are, in each state of an alert."""
    speaking, largest, seal = speech(language), 2**63 - 1, Seal("1:secret")
    keyboards = (
        alert_keyboard(a_proof(), largest, speaking),
        moved_keyboard(a_proof(), largest, speaking),
        gone_keyboard(largest, speaking),
    )
    for keyboard in keyboards:
        made = markup(keyboard, -(2**53), seal)

        assert made
        data = [str(button.callback_data) for row in made.inline_keyboard for button in row if not button.url]
        assert all(seal.unpack(-(2**53), one) for one in data)
        assert len({*data}) == len(data)
