"""The market's commands over a real bot: found by a part of a name, one screen from another, never a dead end."""

import pytest

from bot.links import share_url, watch_url
from models.database import Database
from tests.integration.bot.conftest import StartBot
from tests.integration.bot.market_rows import OTHERS, REDLINE, a_market, a_title, some_deals
from tests.integration.bot.rows import subscribed
from tests.integration.bot.telegram import Person, Telegram, buttons
from tests.rows import rows

ADA = 501
HOSTILE = (
    "_*[<&★™|`",
    "\u202eאבג\u202c עברית",
    "🔥💎 <b>Karambit</b> &amp; 🇩🇪",
    "<a href='x'>" * 25,
    "★" * 300,
)


@pytest.fixture
def ada(start_bot: StartBot, telegram: Telegram, database: Database) -> Person:
    start_bot()
    telegram.chat(ADA, spoke=True)
    return Person(telegram, ADA)


def test_an_exact_name_shows_its_price_at_once(ada: Person, database: Database) -> None:
    """Whatever else resembles it, with the ways on below."""
    item_id = a_market(database)
    card = ada.says(f"/price {REDLINE.lower()}").sees(REDLINE)

    assert "Ask $10.00 × 2 · bid $9.00 × 1" in card["text"]
    assert "12 sales in 30 days" in card["text"]
    urls = [button["url"] for button in buttons(card) if "url" in button]
    assert urls == [
        "https://dmarket.com/ingame-items/item-list/csgo-skins?title=AK-47%20%7C%20Redline%20%28Field-Tested%29",
        share_url(watch_url("skinbeat_sandbox_bot", item_id), REDLINE),
    ]


def test_a_part_of_a_name_brings_a_choice(ada: Person, database: Database) -> None:
    """The numbers below lead to the titles."""
    a_market(database)
    choice = ada.says("/price ak redline ft").sees("Which one is “ak redline ft”?")
    number = next(line[0] for line in choice["text"].splitlines() if OTHERS[0] in line)
    card = ada.presses(number).sees(OTHERS[0])

    assert card["kind"] == "edit"


def test_a_name_that_fits_one_title_alone_needs_no_choice(ada: Person, database: Database) -> None:
    """Though it is not spelled out."""
    a_market(database)

    ada.says("/price awp asiimov").sees(f"{OTHERS[2]} · CS2\nAsk $10.00")


def test_an_unknown_name_asks_for_another(ada: Person, database: Database) -> None:
    """What is typed next is the answer."""
    a_market(database)
    ada.says("/price zzzzqqqq <i>").sees("I know no item called “zzzzqqqq <i>”.")
    ada.says("awp asiimov").sees("Ask $10.00")
    ada.says("/price").sees("Which item's price?")

    ada.says("awp asiimov").sees("Ask $10.00")


def test_the_chart_changes_in_place(ada: Person, database: Database) -> None:
    """A picture of a week, then of a day and of a month, with the numbers below it."""
    a_market(database)
    week = ada.says("/history awp asiimov").sees("Ask $10.00")
    other = ada.says(f"/history {REDLINE}").sees("9 sales, from $10.10 to $10.18, median $10.14")
    day = ada.presses("24 h").sees("1 sale")
    month = ada.presses("30 d").sees("12 sales")

    assert "• 7 d" in [button["text"] for button in buttons(week)]
    assert "Ask $10.00, between $10.00 and $12.50" in other["text"]
    assert (day["kind"], month["kind"]) == ("edit", "edit")
    assert day["message_id"] == month["message_id"] == other["message_id"]


def test_nothing_to_draw_is_said_in_words(ada: Person, database: Database) -> None:
    """A title whose price was never read."""
    a_title(database, "New Thing", bid=None, ask=None)

    ada.says("/history new thing").sees("Nothing is known for that time")


def test_the_depth_of_a_market(ada: Person, database: Database) -> None:
    """What stands on both sides, and what sells."""
    a_market(database)
    text = ada.says(f"/market_analysis {REDLINE}").sees("Spread")["text"]
    price = ada.presses("‹ Back").sees("Ask $10.00 × 2")

    assert "2 offers from $10.00" in text
    assert "12 sales in 30 days" in text
    assert price["kind"] == "edit"


def test_movers_lead_to_prices(ada: Person, database: Database) -> None:
    """Game by game; what moved most is first."""
    item_id = a_market(database)
    rows(database, "UPDATE prices SET ask_count = 5, bid_count = 5 WHERE item_id = :item RETURNING 1", item=item_id)
    rows(
        database,
        "UPDATE price_history SET ask_count = 5, observed_at = now() - interval '25 hours' "
        "WHERE item_id = :item AND ask = 1250 RETURNING 1",
        item=item_id,
    )
    ada.says("/market").sees("Which game?")
    moved = ada.presses("CS2").sees("-20.0%")
    card = ada.presses("1").sees("Ask $10.00")
    ada.says("/market").sees("Which game?")
    none = ada.presses("Rust").sees("None worth showing")

    assert REDLINE in moved["text"]
    assert card["kind"] == none["kind"] == "edit"


def test_deals_are_found_by_game_and_level(ada: Person, database: Database) -> None:
    """Page by page, with both ways out and a link."""
    some_deals(database, 6, level="boost")
    games = ada.says("/arbitrage").sees("6 open deals. Which game?")
    ada.presses("CS2 · 6").sees("Which level?")
    first = ada.presses("🚀 boost · 6").sees("1. 🚀 Deal 01")
    second = ada.presses("›").sees("5. 🚀 Deal 05")
    ada.presses("‹ Back").sees("Which level?")
    nothing = ada.presses("💎 pro").sees("I cannot tell")

    assert "⚖️ Arbitrage" in games["text"]
    assert "✅ Sell now $15.00 → net +$1.16 · 9.4%\n▫️ Sell patiently $16.10" in first["text"]
    assert "Deal 05" not in first["text"]
    assert "Deal 04" not in second["text"]
    assert "Deal" not in nothing["text"]


def test_top_shows_the_own_deals_or_all(ada: Person, database: Database) -> None:
    """Page by page; where the filters take none, it says that there are some."""
    subscribed(database, ADA)
    some_deals(database, 7)
    first = ada.says("/top").sees("1. 💰 Deal 01")
    ada.presses("›").sees("6. 💰 Deal 06")
    rows(database, "UPDATE filters SET min_net = 100000 WHERE chat_id = :chat RETURNING 1", chat=ADA)
    ada.says("/top").sees("7 opportunities are open, and none fits your filters.")
    ada.presses("🌍 Everything").sees("1. 💰 Deal 01")

    assert "• 🎛 My filters" in [button["text"] for button in buttons(first)]


def test_hostile_names_are_delivered_everywhere(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """As the name of an item and as what is typed: every screen about it arrives with the name as it is."""
    bot = start_bot()
    for number, title in enumerate(HOSTILE):
        chat_id = ADA + number
        telegram.chat(chat_id, spoke=True)
        subscribed(database, chat_id)
        a_title(database, title)
        person = Person(telegram, chat_id)
        for command in ("price", "history", "market_analysis", "why", "watch"):
            person.says(f"/{command} {title}").sees(title)
        person.says(f"/price {title} zzzzqqqq {title}").sees("")
        person.says(f"/alert {title} below 5").sees("Watching")
        person.says("/alerts").sees(title)

    assert "did not get through" not in bot.log
