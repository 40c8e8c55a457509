"""The buttons below an alert, from the message that really arrived; another chat's alert is out of reach."""

import pytest
from sqlalchemy import text

from bot.seal import Seal
from models.database import Database
from models.queries import manners
from tests.integration.bot.chats import profile
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.market_rows import sold
from tests.integration.bot.rows import clock, outbox, owe, states, subscribed
from tests.integration.bot.telegram import Line, Person, Telegram, buttons
from tests.rows import a_quote, make_partitions, price, rows

ADA, BOB = 501, 502
GROUP, ADMIN = -77, 11
TITLE = "AWP | <Asiimov> & Co (Field-Tested)"


@pytest.fixture
def ada(start_bot: StartBot, telegram: Telegram, database: Database) -> Person:
    """Somebody who was just told of a deal on TITLE, as BOB was."""
    start_bot()
    for chat_id in (ADA, BOB):
        telegram.chat(chat_id, spoke=True)
    subscribed(database, ADA, BOB)
    row = owe(database, [ADA, BOB], title=TITLE)
    at = clock()
    make_partitions(database, at)
    price(database, {row.item_id: a_quote(1500, 1234)}, at)
    sold(database, row.item_id)
    telegram.wait_for(TITLE, ADA)
    eventually(lambda: states(database) == [("sent", "delivered")] * 2, "both are told")
    return Person(telegram, ADA)


def labels(line: Line) -> list[str]:
    return [button["text"] for button in buttons(line)]


def muted(database: Database, chat_id: int = ADA) -> list[str]:
    with database.transaction() as session:
        return [one.title for one in manners.muted(session, chat_id, clock())]


def relabelled(ada: Person, label: str) -> Line:
    """The alert once one of its buttons is called that."""
    found: list[Line] = []

    def there() -> bool:
        found[:] = [line for line in ada.lines() if line["kind"] == "edit" and label in labels(line)]
        return bool(found)

    eventually(there, f"a button {label!r}")
    return found[-1]


def test_the_chart_comes_as_a_message_of_its_own(ada: Person) -> None:
    """The alert stays as it is."""
    picture = ada.presses("📈 Chart").sees("Ask $12.34")

    assert picture["kind"] == "send"
    assert "• 7 d" in labels(picture)


def test_the_details_name_every_sale(ada: Person) -> None:
    """Both ways out with their fees, and sale by sale the price, the date and the side."""
    text = ada.presses("🔍 Details").sees("Sell now: the highest bid")["text"]

    assert TITLE in text
    assert "✅ $15.00 − fee $1.50 (10.0%, usual) − $12.34 = +$1.16 · 9.4%" in text
    assert "12 sales in 30 days, list read" in text
    assert text.count(" · an offer was bought") == 8
    assert text.count(" · a bid was filled") == 4


def test_an_item_is_muted_and_heard_again(ada: Person, database: Database) -> None:
    """The same button takes it back."""
    ada.presses("🔕 Mute item").sees("Muted: no more deals on this item.")
    relabelled(ada, "🔔 Unmute item")
    before = muted(database), muted(database, BOB)
    ada.presses("🔔 Unmute item").sees("You hear about deals on this item again.")

    assert before == ([TITLE], [])
    assert muted(database) == []


def test_the_chat_is_left_alone_for_a_while(ada: Person, database: Database) -> None:
    """Chosen in the place of the buttons, which come back; and ended there too."""
    ada.presses("💤 Snooze")
    relabelled(ada, "💤 8 hours")
    ada.presses("💤 8 hours").sees("I am quiet until")
    eventually(lambda: "💤 Snooze" in labels(ada.lines()[-1]), "the buttons of the alert again")
    asleep = profile(database, ADA).snoozed_until
    ada.presses("💤 Snooze")
    relabelled(ada, "🔔 Wake up now")
    ada.presses("🔔 Wake up now").sees("I am awake again.")

    assert asleep is not None
    assert asleep > clock()
    assert profile(database, ADA).snoozed_until is None
    assert profile(database, BOB).snoozed_until is None


def test_what_became_of_a_deal_is_noted(ada: Person, database: Database) -> None:
    """The last word counts, is marked, and two of the three bring peace about the item."""
    ada.presses("💨 Gone").sees("you were told too late")
    relabelled(ada, "• 💨 Gone")
    quiet = muted(database)
    ada.presses("❌ Wrong").sees("Nothing about this item for 24 hours")
    marked = relabelled(ada, "• ❌ Wrong")

    assert quiet == []
    assert muted(database) == [TITLE]
    assert "💨 Gone" in labels(marked)
    assert rows(database, "SELECT verdict FROM feedback") == [("wrong",)]


def test_the_buttons_fit_a_message_that_says_gone(ada: Person, database: Database) -> None:
    """Of a deal that is over nothing can be bought or muted."""
    with database.transaction() as session:
        session.execute(text("UPDATE opportunities SET state = 'gone', gone_at = now(), gone_reason = 'no_offer'"))
        session.execute(text("UPDATE alerts SET struck_at = now()"))
    ada.presses("💨 Gone").sees("you were told too late")

    assert labels(relabelled(ada, "• 💨 Gone")) == ["📈 Chart", "🔍 Details", "✅ Bought", "• 💨 Gone", "❌ Wrong"]


def test_an_alert_of_another_chat_cannot_be_touched(ada: Person, telegram: Telegram, database: Database) -> None:
    """Though the button is signed for the own chat."""
    (theirs,) = (one.id for one in outbox(database) if one.chat_id == BOB)
    message = ada.says("/help").sees("/status")["message_id"]
    seal = Seal(telegram.sandbox.token)
    for times, (route, args) in enumerate(
        (("chart", ()), ("details", ()), ("deal", ()), ("mute", ()), ("snooze", ("8h",)), ("fb", ("bought",))), 1
    ):
        telegram.press(ADA, message, seal.pack(ADA, route, (str(theirs), *args)), forged=True)
        telegram.wait_for("I do not know this alert any more.", ADA, times=times)

    assert muted(database) == muted(database, BOB) == []
    assert rows(database, "SELECT verdict FROM feedback") == []
    assert profile(database, ADA).snoozed_until is None


def test_in_a_group_members_look_and_administrators_act(ada: Person, telegram: Telegram, database: Database) -> None:
    """A member may not mute for all."""
    telegram.group(GROUP, ADMIN, BOB)
    subscribed(database, GROUP, kind="group")
    owe(database, [GROUP], title="In a group")
    member, admin = Person(telegram, GROUP, BOB), Person(telegram, GROUP, ADMIN)
    telegram.wait_for("In a group", GROUP)
    member.presses("🔍 Details").sees("Sell now")
    member.presses("🔕 Mute item").sees("Only administrators")
    member.presses("✅ Bought").sees("Only administrators")
    admin.presses("🔕 Mute item").sees("Muted")

    assert muted(database, GROUP) == ["In a group"]


def test_why_says_that_this_chat_was_told(ada: Person) -> None:
    """With the moment and the price."""
    text = ada.says(f"/why {TITLE}").sees("This chat,")["text"]

    assert "Deal: buy $12.34" in text
    assert "at $12.34: delivered" in text
    assert "1 other chat was told about it" in text


def test_why_names_what_keeps_a_deal_from_a_chat(ada: Person, telegram: Telegram, database: Database) -> None:
    """Each condition that it misses, and that the item is muted."""
    telegram.chat(503, spoke=True)
    subscribed(database, 503)
    rows(database, "UPDATE filters SET min_net = 200, levels = '{pro}' WHERE chat_id = 503 RETURNING 1")
    carl = Person(telegram, 503)
    carl.says(f"/mute {TITLE}").sees("No more deals")
    text = carl.says(f"/why {TITLE}").sees("This chat was not told")["text"]

    assert "🔕 You have muted this item: /mute" in text
    assert "🎛 Net gain: your filter says “at least $2.00”, the deal had “$1.16”." in text
    assert "🎛 Levels: your filter says “💎 pro”, the deal had “💰 medium”." in text


def test_statistics_are_the_own_ones(ada: Person, telegram: Telegram, database: Database) -> None:
    """Of a day and a week, with what was said about the deals."""
    ada.presses("✅ Bought").sees("congratulations")
    own = ada.says("/stats").sees("What you were told")["text"]
    telegram.chat(503, spoke=True)
    subscribed(database, 503)
    nothing = Person(telegram, 503).says("/stats").sees("What you were told")["text"]

    assert "Last 24 hours\n1 deal\nYou said: 1 × bought, 0 × gone, 0 × wrong" in own
    assert "Last 7 days\nNo deal" in nothing
    assert "You said" not in nothing
