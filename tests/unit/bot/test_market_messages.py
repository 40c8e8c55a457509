"""What the market commands say."""

import inspect
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.decided import ACCEPTED, DOUBTS, GATES, UNREADABLE, nearest, price_needed, verdict
from bot.messages.market import analysis
from bot.messages.movers import PAGE, movers, page, pages_of
from bot.messages.price import price
from bot.messages.why import ENDS, why
from bot.speech import speech
from domain import patience
from domain.fees import FeeRate, FeeSource
from domain.opportunities import Gate, Numbers
from models.queries.alerts import Reason
from models.queries.market import Former
from models.queries.overview import Ranked
from tests.factories import NOW
from tests.unit.bot.approved import approved
from tests.unit.bot.cards import (
    BELOW,
    a_card,
    a_depth,
    a_past,
    a_told,
    a_turnover,
    a_why,
    ago,
    quote_at,
    rejected,
    some_movers,
)
from tests.unit.bot.plain import Plain
from tests.unit.bot.proofs import a_proof

EN = speech("en")
CARDS = {
    "price_rejected": a_card(),
    "price_deal": a_card(deals=(Ranked(a_proof(), ago(seconds=5)), Ranked(a_proof(variant_label="Ruby"), NOW))),
    "price_new": a_card(quote=None, day_ago=None, week_ago=None, fee=None, judged=None, sold=(), sales_at=None),
    "price_bare": a_card(
        quote=quote_at(None, 1000),
        day_ago=Former(None),
        week_ago=None,
        fee=FeeRate(1000, 1, FeeSource.ASSUMED),
        judged=rejected("few_sales", {"sales": 2, "least": 3, "ask": 1000}),
        sold=(),
    ),
    "price_variants": a_card(
        sold=tuple(a_turnover(variant=name) for name in ("Ruby", "Sapphire", "Phase 1", "Phase 2", "Phase 3"))
    ),
}
DEPTHS = {
    "analysis": (a_depth(), (a_turnover(),)),
    "analysis_no_bids": (a_depth(None), ()),
    "analysis_no_offers": (
        a_depth(900, None),
        (a_turnover(careful=None, middle=None, upper=None, independent=0, per_day=Decimal(0)),),
    ),
}
ANSWERS = {
    "why_rejected": a_why(),
    "why_told": a_why(last=a_past(), told=(a_told(), a_told("suppressed", "gone")), others=3),
    "why_not_told": a_why(judged=rejected(ACCEPTED, {}), last=a_past(gone_at=None, gone_reason=None), others=1),
    "why_unknown": a_why(quote=None, judged=None, waits_since=ago(seconds=4)),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_price_reads_as_approved(name: str) -> None:
    """Each kind of card has the text that a person has approved."""
    text = price(CARDS[name], EN, NOW)

    assert text == approved(name, text)


@pytest.mark.parametrize("name", DEPTHS)
def test_an_analysis_reads_as_approved(name: str) -> None:
    """A full book, and one with an empty side."""
    depth, sold = DEPTHS[name]

    text = analysis(depth, sold, ago(minutes=12), EN, NOW)

    assert text == approved(name, text)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_explanation_reads_as_approved(name: str) -> None:
    """Rejected, told, not told and never looked at."""
    text = why(ANSWERS[name], EN, "Europe/Berlin", NOW, misfits=["· costs more than your $5.00"])

    assert text == approved(name, text)


@pytest.mark.parametrize(("name", "count"), [("movers", 11), ("movers_none", 0)])
def test_movers_read_as_approved(name: str, count: int) -> None:
    """The last page of several, and no mover at all."""
    text = movers(some_movers(count), "csgo", 24, 2, EN)

    assert text == approved(name, text)


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (PAGE, 1), (PAGE + 1, 2)])
def test_every_mover_is_on_one_page(count: int, pages: int) -> None:
    """Pages cover all, and a page that is no more shows the last one."""
    found = some_movers(count)

    shown = [one for number in range(1, pages_of(found) + 1) for one in page(found, number)]

    assert pages_of(found) == pages
    assert shown == found
    assert page(found, 99) == page(found, pages)
    assert page(found, -1) == page(found, 1)


def test_every_gate_and_every_end_has_words() -> None:
    """A new gate or reason without a sentence would be explained by nothing."""
    doubts = re.findall(r'return "(.+)"|None, None, "(.+)"|None, "(.+)"', inspect.getsource(patience))

    assert set(GATES) == {*Gate, ACCEPTED, UNREADABLE}
    assert set(ENDS) == set(Reason)
    assert set(DOUBTS) == {said for groups in doubts for said in groups if said}


def test_a_verdict_of_another_version_is_still_told() -> None:
    """Stored numbers may lack what this version knows, and a gate may be gone."""
    assert verdict("former_gate", {"ask": 1}, EN) == "it does not qualify"
    assert verdict(Gate.FEW_SALES, {}, EN) == "0 comparable sales in 30 days, at least 0 are needed"
    assert nearest(Gate.BELOW_LEVEL, {}, EN) == "no way out is proven: there is neither a bid nor a believable sale"


@given(
    ask=st.integers(50, 100_000),
    brings=st.integers(-9_999, 1_999),
    least=st.integers(2_000, 3_000),
)
def test_the_price_needed_would_have_been_enough(ask: int, brings: int, least: int) -> None:
    """With the same proceeds a purchase at that price earns the level's return."""
    numbers: Numbers = {"ask": ask, "instant_return_bps": brings, "least_return_bps": least}

    price_enough = price_needed(numbers)

    proceeds = ask * (10_000 + brings) // 10_000
    assert price_enough is None or proceeds - price_enough >= price_enough * least // 10_000


def test_an_exit_that_is_not_believed_is_not_the_nearest() -> None:
    """A patient price that sells too slowly promises nothing."""
    believed, doubted = price_needed(BELOW), price_needed(BELOW | {"patient_doubt": "sells too slowly"})

    assert (believed, doubted) == (956, 797)


NASTY = st.lists(st.sampled_from(["<b>", "</a>", "<", "&amp;", "&", '"', "_*[`|{}", "★™", "\u202e", "😀"]), min_size=1)


@given(title=NASTY.map("".join))
def test_any_title_is_shown_exactly_and_breaks_nothing(title: str) -> None:
    """Whatever the exchange calls a thing, tags stay closed and the name is readable."""
    card, depth, one = a_card(title=title), a_depth(), some_movers(1)[0]
    told = a_why(title=title, last=a_past())

    texts = [
        price(card, EN, NOW),
        analysis(replace(depth, title=title), (), None, EN, NOW),
        why(told, EN, "UTC", NOW),
        movers([replace(one, title=title)], "csgo", 24, 1, EN),
    ]

    for text in texts:
        plain = Plain(text)
        assert title in plain.text
        assert not plain.open


def test_every_language_has_the_sentences_filled_in() -> None:
    """No sentence of the four commands names a value that it is not given."""
    for language in ("en", "ru", "es", "de"):
        said = speech(language)
        for card in CARDS.values():
            assert price(card, said, NOW)
        for depth, sold in DEPTHS.values():
            assert analysis(depth, sold, NOW, said, NOW)
        for answer in ANSWERS.values():
            assert why(answer, said, "UTC", NOW)
