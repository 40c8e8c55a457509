from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.alert import alert, short_id
from bot.speech import LANGUAGES, speech
from tests.factories import NOW
from tests.unit.bot.approved import approved
from tests.unit.bot.plain import Plain
from tests.unit.bot.proofs import a_proof, an_exit

ENGLISH = speech("en")

CASES: dict[str, dict[str, Any]] = {
    "alert_instant": {},
    "alert_patient": {
        "exit": "patient",
        "instant": an_exit(1200, 120, -154, return_bps=-1248),
        "days_to_sell": Decimal("2.5"),
    },
    "alert_no_bid": {"exit": "patient", "instant": None, "days_to_sell": Decimal("1.0"), "capacity": 1},
    "alert_no_patient": {"patient": None, "days_to_sell": None, "sales_independent": 14},
    "alert_variant": {"title": "★ Karambit | Doppler (Factory New)", "variant_label": "Ruby", "level": "pro"},
    "alert_fees": {
        "instant": an_exit(fee_source="assumed"),
        "patient": an_exit(1610, 33, 343, fee_bps=200, fee_source="reduced", return_bps=2779),
        "fees_at": NOW - timedelta(days=3),
    },
    "alert_locked": {"unlock_at": NOW + timedelta(days=5)},
    "alert_other_game": {"game": "tf2", "title": "Mann Co. Supply Crate Key", "level": "boost", "buy": 181},
}


@pytest.mark.parametrize("name", CASES)
def test_an_alert_reads_as_approved(name: str) -> None:
    """Each kind of alert has the text that a person has approved."""
    text = alert(a_proof(**CASES[name]), 46655, ENGLISH, NOW)

    assert text == approved(name, text)


LOOKS_LIKE_HTML = st.lists(
    st.sampled_from(["<b>", "</a>", "<", "&amp;", "&", '"', "'", "_*[`|", "★™", "x"]), min_size=1
)


@given(title=LOOKS_LIKE_HTML.map("".join), label=LOOKS_LIKE_HTML.map("".join))
def test_any_title_is_shown_exactly_and_breaks_nothing(title: str, label: str) -> None:
    """Whatever the exchange calls an item, the tags stay balanced and the title stays what it is."""
    plain = Plain(alert(a_proof(title=title, variant_label=label), 1, ENGLISH, NOW))

    assert plain.text.splitlines()[1] == f"{title} · {label}"
    assert plain.open == []
    assert len(plain.links) == 1


def test_the_price_stands_in_the_plain_text() -> None:
    """Scripts look for the buy price as $12.34."""
    assert "$12.34" in Plain(alert(a_proof(), 1, ENGLISH, NOW)).text


def test_the_link_leads_to_the_offer() -> None:
    """Title and offer id are part of the address, quoted."""
    (link,) = Plain(alert(a_proof(title="A & B", offer_id="x/1"), 1, ENGLISH, NOW)).links

    assert unescape(link) == "https://dmarket.com/ingame-items/item-list/csgo-skins?title=A%20%26%20B&userOfferId=x%2F1"


def test_a_lock_that_has_ended_is_not_mentioned() -> None:
    """What is free needs no warning."""
    assert "locked" not in alert(a_proof(unlock_at=NOW - timedelta(seconds=1)), 1, ENGLISH, NOW)


def test_ages_are_those_of_the_moment_of_sending() -> None:
    """The same proof is older when it is sent later."""
    later = alert(a_proof(), 1, ENGLISH, NOW + timedelta(minutes=5))

    assert "Prices 5 min old · sales list 17 min old" in later


@pytest.mark.parametrize(("number", "name"), [(1, "#A1"), (35, "#AZ"), (36, "#A10"), (46655, "#AZZZ")])
def test_a_short_id_is_stable_and_distinct(number: int, name: str) -> None:
    """A message that came twice is recognised by it."""
    assert short_id(number) == name


def test_an_alert_says_how_many_hear_of_it() -> None:
    """Where that is known; the number of the alert stays the last line."""
    lines = alert(a_proof(), 46655, ENGLISH, NOW, told=1250).splitlines()

    assert lines[-3] == "Up to 3 pieces · breaks even at $13.72 · told to 1,250 subscribers"
    assert lines[-1] == "#AZZZ"
    assert "told" not in alert(a_proof(), 46655, ENGLISH, NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_alert_speaks_every_language(language: str) -> None:
    """Title, link and number are the same in all, amounts are written as people do."""
    text = alert(a_proof(), 46655, speech(language), NOW, told=3)

    assert "AK-47 | Redline (Field-Tested)" in Plain(text).text
    assert text.endswith("#AZZZ")
    assert speech(language).usd(1234) in text
