"""What the screens about watches, alerts, deals and statistics say, and that their buttons fit."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.keyboards import alert as alert_buttons
from bot.keyboards import market as market_buttons
from bot.keyboards import watches as watch_buttons
from bot.markup import markup
from bot.messages import arbitrage, finding, history, watches
from bot.messages.details import MOST, details
from bot.messages.misfits import misfits
from bot.messages.stats import FEW, stats
from bot.messages.wording import TEXT_LIMIT
from bot.paging import paged
from bot.reply import Keyboard
from bot.seal import Seal
from bot.speech import LANGUAGES, speech
from bot.upstream import Outlook
from domain.filters import Filter
from domain.traits import Traits
from domain.watches import MOST_CENTS, Measure, Rule, Turn, turns
from models.feedback import Verdict
from models.queries.charts import Sold, Step
from models.queries.conditions import Standing
from models.queries.overview import GameOverview, Ranked
from models.queries.search import Found
from tests.factories import NOW, TITLE, a_history, some_sales
from tests.unit.bot.approved import approved
from tests.unit.bot.cards import ago, quote_at, some_movers
from tests.unit.bot.courses import a_course
from tests.unit.bot.plain import Plain
from tests.unit.bot.proofs import a_proof
from tests.unit.bot.scenes import BOT
from tests.unit.bot.screens import (
    BELOW,
    MOVED,
    NOTHING,
    a_behind,
    a_pressed,
    a_refused,
    a_watch,
    some_stats,
)

EN = speech("en")
BERLIN = "Europe/Berlin"
MINUTE = timedelta(minutes=1)
WELL = Outlook(Standing(1, NOW, ()))
BLIND = Outlook(Standing(0, ago(minutes=3), ()))
GAMES = {
    "csgo": (GameOverview(ago(seconds=20), titles=9, oldest=ago(seconds=50), newest=ago(seconds=2)), MINUTE),
    "rust": (GameOverview(), None),
}
DETAILS = {
    "details": a_behind(),
    "details_gone": a_behind(gone_at=ago(seconds=30), history=None),
    "details_moved": a_behind(buy=1200, proof=a_proof(instant=None, exit="patient")),
    "details_bid_only": a_behind(proof=a_proof(patient=None), history=a_history(())),
}
LISTS = {
    "watches": (
        a_watch(),
        a_watch(MOVED, base=1000, base_at=ago(hours=1), fired=2, fired_at=ago(hours=1), title="★ <Karambit> & Co"),
        a_watch(armed=False, base=930, base_at=ago(minutes=5), fired=1, fired_at=ago(minutes=5)),
        a_watch(Rule(Measure.BIDS, Turn.TIMES, 15_000), snoozed_until=NOW + timedelta(hours=8)),
    ),
    "watches_none": (),
}
STATS = {
    "stats": (some_stats(settled=FEW - 1, gone=0, right=4, rested=0, late=1), some_stats()),
    "stats_nothing": (NOTHING, NOTHING),
    "stats_unsaid": (NOTHING, some_stats(said=NOTHING.said)),
}
STRICT = Filter(
    levels=frozenset({"pro"}),
    exits=frozenset({"patient"}),
    price_to=500,
    min_net=200,
    min_return_bps=2500,
    min_sales_tenths=10,
    max_age=10,
    exclude=frozenset({"redline"}),
    exteriors=frozenset({"factory-new"}),
    float_below=70_000,
    stattrak=True,
)
KNOWN = Traits(exterior="field-tested", stattrak=False, float_millionths=153_000)


@pytest.mark.parametrize("name", DETAILS)
def test_the_evidence_of_an_alert_reads_as_approved(name: str) -> None:
    """Standing, gone, at another price, with one way out alone."""
    (text,) = details(DETAILS[name], BERLIN, EN, NOW)

    assert text == approved(name, text)


def test_a_long_list_of_sales_is_cut() -> None:
    """The newest are shown, the others counted; those of another variant and older ones are not there."""
    sales = some_sales([1000] * (MOST + 7), apart=timedelta(hours=3))
    (text,) = details(a_behind(history=a_history(sales)), BERLIN, EN, NOW)
    (ruby,) = details(a_behind(proof=a_proof(variant_label="Ruby"), history=a_history(sales)), BERLIN, EN, NOW)

    assert text.count("an offer was bought") == MOST
    assert text.endswith("and 7 earlier ones")
    assert "0 sales in 30 days" in ruby


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_watches_reads_as_approved(name: str) -> None:
    """In every state a watch can have, and an empty one."""
    shown = LISTS[name]
    text = watches.listed(shown, 7, len(shown), BERLIN, speech=EN, now=NOW)

    assert text == approved(name, text)


@pytest.mark.parametrize("name", STATS)
def test_statistics_read_as_approved(name: str) -> None:
    """With few and many deals, without any, and with none that was judged."""
    text = stats(*STATS[name], EN)

    assert text == approved(name, text)


def test_what_a_filter_refuses_reads_as_approved() -> None:
    """A line for each condition, with what the deal had where that is known."""
    refused = a_refused(STRICT, traits=KNOWN, muted=True, muted_until=NOW + timedelta(hours=1), off=True)
    text = "\n".join(misfits(refused, EN, BERLIN))

    assert text == approved("misfits", text)


def test_a_game_that_is_off_is_the_only_reason() -> None:
    """What else its filter asks for does not matter."""
    assert list(misfits(a_refused(replace(STRICT, on=False)), EN, BERLIN)) == ["🎛 CS2 is switched off in your filters."]
    assert list(misfits(a_refused(Filter()), EN, BERLIN)) == []


def test_deals_read_as_approved() -> None:
    """A page of them, numbered on, with both ways out."""
    ranked = [Ranked(a_proof(title=f"★ <{number}>", offer_id=str(number)), ago(seconds=9)) for number in range(5)]
    (text,) = arbitrage.deals(paged(ranked, "2", 4), "csgo", "medium", GAMES, WELL, speech=EN, now=NOW)

    assert text == approved("arbitrage", text)


def test_no_deal_is_said_only_where_it_is_known() -> None:
    """Not while nothing is read, and of a game that is off it is said that it is."""
    empty = paged(list[Ranked](), "1", 4)
    said = [
        "\n".join(arbitrage.deals(empty, game, None, GAMES, outlook, speech=EN, now=NOW))
        for game, outlook in (("csgo", WELL), ("csgo", BLIND), ("rust", WELL))
    ]
    overviews = [arbitrage.overview(counts, GAMES, one, EN, NOW) for counts, one in (({}, BLIND), ({"csgo": 2}, WELL))]

    assert "No open opportunity right now." in said[0]
    assert "I cannot tell whether there is an opportunity right now." in said[1]
    assert "This game is switched off" in said[2]
    assert "I cannot tell" in overviews[0]
    assert "2 open deals. Which game?" in overviews[1]


def test_a_caption_has_the_numbers_of_the_picture() -> None:
    """Both sides with their bounds, the sales with their median; an empty side is said."""
    steps = (Step(ago(hours=20), 900, 1000), Step(ago(hours=2), 950, 1200), Step(ago(hours=1), None, 1100))
    sales = tuple(Sold(ago(hours=hour), 1000 + hour, listed=True) for hour in (3, 2, 1))
    text = history.caption(a_course(steps=steps, sales=sales), EN)
    bare = history.caption(a_course(steps=(), seen_at=None), EN)

    assert "Ask <b>$11.00</b>, between $10.00 and $12.00" in text
    assert "Bid none now, between $9.00 and $9.50" in text
    assert "3 sales, from $10.01 to $10.03, median $10.02" in text
    assert "Prices read 2 min ago" in text
    assert "Ask" not in bare


@pytest.mark.parametrize("language", LANGUAGES)
@given(title=st.text(min_size=1, max_size=300))
def test_any_name_keeps_its_tags_closed(language: str, title: str) -> None:
    """In every language, within what one message or caption holds."""
    speaking, found = speech(language), Found(7, "csgo", title, 10_000)
    long = a_proof(title=title, variant_label=title[:40])
    said = [
        *details(a_behind(proof=long), BERLIN, speaking, NOW),
        watches.listed([a_watch(title=title)] * 6, 1, 6, BERLIN, speech=speaking, now=NOW),
        watches.one(a_watch(title=title), quote_at(), BERLIN, speaking, NOW),
        watches.which_kind("csgo", title, quote_at(), speaking, BELOW),
        watches.made(title, MOVED, True, None, speaking),
        watches.removed(title, BELOW, speaking),
        finding.which([found] * 8, title, speaking),
        finding.nothing(title, speaking),
        history.nothing(a_course(title=title), speaking),
        *arbitrage.deals(paged([Ranked(long, NOW)] * 4, "1", 4), "csgo", None, GAMES, BLIND, speech=speaking, now=NOW),
    ]
    caption = history.caption(a_course(title=title), speaking)

    assert [Plain(text).open for text in (*said, caption)] == [[]] * (len(said) + 1)
    assert all(len(Plain(text).text) <= TEXT_LIMIT for text in said)
    assert len(Plain(caption).text) <= 1024


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_fits(language: str) -> None:
    """With the largest numbers there are, and in no row more than a phone shows."""
    speaking, item, target = speech(language), 2**31 - 1, watch_buttons.target_of("w", 2**63 - 1)
    found = [Found(item, "csgo", TITLE, 1)] * 8
    resting = a_watch(id=2**63 - 1)
    keyboards: list[Keyboard] = [
        market_buttons.suggestions(found, watch_buttons.SET_ITEM, ("asks", "times", "1000000"), speaking),
        market_buttons.card(item, "csgo", TITLE, BOT, speaking),
        market_buttons.spans(item, "30d", speaking),
        market_buttons.movers(paged(some_movers(20), "2", 8), "dota2", speaking),
        market_buttons.arbitrage({"csgo": 3}, speaking),
        market_buttons.levels("dota2", {"standard": 3}, speaking),
        market_buttons.deals("dota2", "standard", 10, 25, speaking),
        market_buttons.top("mine", 10, 10, speaking),
        watch_buttons.kinds(target, speaking, watch_buttons.to_item(item, speaking)),
        watch_buttons.listed([resting] * 6, 43, 8, 9, speaking),
        watch_buttons.one(resting, "9", BOT, speaking, asleep=True),
        watch_buttons.removed(item, Rule(Measure.ASK, Turn.BELOW, MOST_CENTS), "9", speaking),
        watch_buttons.made(2**63 - 1, item, speaking),
        *(
            watch_buttons.values(target, measure, turn, 9_000_000, speaking)
            for measure in Measure
            for turn in turns(measure)
        ),
        alert_buttons.standing(a_pressed(said=Verdict.WRONG, muted=True), speaking),
        alert_buttons.naps(2**63 - 1, speaking, asleep=True),
        alert_buttons.details(item, speaking),
    ]
    seal = Seal("1:secret")

    for keyboard in keyboards:
        assert markup(keyboard, -(2**53), seal)
        assert all(len(row) <= 4 for row in keyboard)
        assert all(button.label and len(button.label) <= 40 for row in keyboard for button in row)


def test_the_buttons_of_an_alert_follow_its_message() -> None:
    """What the reader said is marked in each state; of a deal that is gone nothing can be bought or muted."""
    said = {"said": Verdict.GONE}
    standing = alert_buttons.standing(a_pressed(**said), EN)
    moved = alert_buttons.standing(a_pressed(struck=True, **said), EN)
    gone = alert_buttons.standing(a_pressed(struck=True, gone=True, **said), EN)

    labels = [[button.label for row in keyboard for button in row] for keyboard in (standing, moved, gone)]
    assert [("• 💨 Gone" in one, "🛒 Open on DMarket" in one, "🔕 Mute item" in one) for one in labels] == [
        (True, True, True),
        (True, True, False),
        (True, False, False),
    ]


@given(count=st.integers(0, 60), size=st.integers(1, 9), wanted=st.integers(-5, 99))
def test_pages_show_everything_once(count: int, size: int, wanted: int) -> None:
    """Whichever page is asked for, one is shown; all of them together are the list."""
    entries = list(range(count))
    page = paged(entries, str(wanted), size)
    pages = [paged(entries, str(number), size) for number in range(1, page.of + 1)]

    assert [one for each in pages for one in each.shown] == entries
    assert 1 <= page.number <= page.of
    assert page.first == (page.number - 1) * size + 1
    assert paged(entries, "", size) == pages[0]


def test_a_float_is_shown_as_the_exchange_does() -> None:
    """With a point, four places."""
    history_of = a_history(some_sales([1000]))
    sale = replace(history_of.sales[0], float_value=Decimal("0.15321"))
    (text,) = details(a_behind(history=a_history([sale])), BERLIN, speech("de"), NOW)

    assert "0.1532" in text
