"""Watches by one line, by buttons and by dialogue; listed, changed, put to sleep and removed; each chat its own."""

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.seal import Seal
from domain.watches import MOST_WATCHES, Measure, Rule, Turn
from models.database import Database
from models.queries import profiles, watches
from models.queries.watches import Listed
from sandbox.servers.ports import free_port
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.market_rows import OTHERS, REDLINE, a_market
from tests.integration.bot.rows import clock, states, subscribed
from tests.integration.bot.telegram import Line, Person, Telegram, buttons
from tests.integration.bot.test_process import get

ADA, BOB = 501, 502
GROUP, ADMIN = -77, 11
BELOW = Rule(Measure.ASK, Turn.BELOW, 950)


@pytest.fixture
def ada(start_bot: StartBot, telegram: Telegram, database: Database) -> Person:
    start_bot()
    a_market(database)
    telegram.chat(ADA, spoke=True)
    subscribed(database, ADA, BOB)
    return Person(telegram, ADA)


def own(database: Database, chat_id: int = ADA) -> list[Listed]:
    with database.transaction() as session:
        return watches.listed(session, chat_id)


def rules(database: Database, chat_id: int = ADA) -> list[tuple[str, Rule]]:
    return [(one.title, one.rule) for one in own(database, chat_id)]


def watch(database: Database, item_id: int, chat_id: int, rule: Rule = BELOW) -> int:
    with database.transaction() as session:
        return watches.add(session, chat_id, item_id, rule, clock()).id


def test_one_line_is_enough(ada: Person, database: Database) -> None:
    """The seed's form, and the others: a price, a share, a number of pieces."""
    ada.says(f"/alert {REDLINE} below 9.50").sees(f"Watching {REDLINE}: cheapest offer at or below $9.50.")
    ada.says(f"/watch {REDLINE} ±5%").sees("cheapest offer ±5.0%")
    ada.says("/watch awp asiimov bid > $10").sees(f"Watching {OTHERS[2]}: highest bid at or above $10.00.")
    ada.says(f"/watch {REDLINE} below 9.50").sees("You watch AK-47 | Redline (Field-Tested) already")

    assert rules(database) == [
        (REDLINE, BELOW),
        (REDLINE, Rule(Measure.ASK, Turn.MOVED, 500)),
        (OTHERS[2], Rule(Measure.BID, Turn.ABOVE, 1000)),
    ]


def test_a_choice_between_titles_keeps_the_condition(ada: Person, database: Database) -> None:
    """The number pressed is watched for what was typed."""
    choice = ada.says("/alert ak redline ft below 9.50").sees("Which one")
    number = next(line[0] for line in choice["text"].splitlines() if OTHERS[0] in line)
    ada.presses(number).sees("Watching")

    assert rules(database) == [(OTHERS[0], BELOW)]


def test_a_dialogue_leads_to_a_watch(ada: Person, database: Database) -> None:
    """Name, kind, a value by a button or typed; what cannot be read is asked again."""
    ada.says("/alert").sees("What shall I watch?")
    ada.says("awp asiimov").sees("What shall I watch?")
    offered = ada.presses("Offer at or below").sees("a price from $0.01 to $100,000.00")
    ada.presses("at or below $9.50").sees("Watching")
    ada.says("/watch awp asiimov").sees("What shall I watch?")
    ada.presses("Number of bids").sees("a factor")
    ada.presses("Type it").sees("Send a factor")
    ada.says("plenty").sees("I do not understand “plenty”.")
    ada.says("2.5").sees("bids up or down by a factor of 2.5")

    labels = [button["text"] for button in buttons(offered)]
    assert labels[:3] == ["at or below $9.50", "at or below $9.00", "at or below $8.00"]
    assert rules(database) == [(OTHERS[2], BELOW), (OTHERS[2], Rule(Measure.BIDS, Turn.TIMES, 25_000))]


def test_what_cannot_be_watched_is_said_with_what_can(ada: Person, database: Database) -> None:
    """Too dear, and a share of a number of pieces."""
    ada.says(f"/watch {REDLINE} below 999999").sees("a price from $0.01 to $100,000.00, such as 12.50.")
    ada.says(f"/watch {REDLINE} offers ±5%").sees("Prices move by a percentage")

    assert rules(database) == []


def test_the_list_opens_each_watch(ada: Person, database: Database) -> None:
    """To be changed, to rest, and to be removed with a way back."""
    ada.says(f"/watch {REDLINE} below 9.50").sees("Watching")
    ada.says("/alerts").sees(f"1. {REDLINE} · CS2\ncheapest offer at or below $9.50")
    ada.presses("1").sees("Your watch: cheapest offer at or below $9.50")
    ada.presses("💤 1 hour").sees("💤 until")
    resting = own(database)[0].snoozed_until
    ada.presses("Wake up now").sees("Your watch: cheapest offer at or below $9.50")
    ada.presses("✏️ Change").sees("Your watch: cheapest offer at or below $9.50")
    ada.presses("Offer moves").sees("a percentage from 1.0%")
    ada.presses("±10.0%").sees("cheapest offer ±10.0%")
    changed = rules(database)
    ada.presses("My watches").sees("1 watch.")
    ada.presses("1").sees("Your watch: cheapest offer ±10.0%")
    ada.presses("🗑 Remove").sees("Removed: AK-47")
    removed = rules(database)
    ada.presses("↩️ Undo").sees("Watching")

    assert resting is not None
    assert changed == rules(database) == [(REDLINE, Rule(Measure.ASK, Turn.MOVED, 1000))]
    assert removed == []


def quiet_hours(database: Database) -> None:
    """Ada's, of now."""
    now = clock()
    minute = now.hour * 60 + now.minute
    quiet = {"quiet_from": (minute - 60) % 1440, "quiet_until": (minute + 120) % 1440}
    with database.transaction() as session:
        profiles.change(session, ADA, now, zone="UTC", **quiet)


def test_a_removed_watch_takes_back_what_quiet_hours_keep(ada: Person, database: Database) -> None:
    """Nobody hears in the morning of a watch that was removed at night."""
    quiet_hours(database)
    ada.says(f"/watch {REDLINE} below 9999").sees("Watching")
    eventually(lambda: states(database) == [("held", None)], "the firing is held")
    ada.says("/removealert 1").sees("Removed: AK-47")

    assert states(database) == [("suppressed", "cancelled")]


def test_a_changed_watch_takes_back_what_its_former_rule_kept(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Nobody hears in the morning of a limit that was another by then; it is counted as for a removed watch."""
    port = free_port()
    start_bot(HTTP_PORT=str(port))
    a_market(database)
    telegram.chat(ADA, spoke=True)
    subscribed(database, ADA)
    quiet_hours(database)
    ada = Person(telegram, ADA)
    ada.says(f"/watch {REDLINE} below 9999").sees("Watching")
    eventually(lambda: states(database) == [("held", None)], "the firing is held")
    ada.presses("✏️ Change").sees("What shall I watch?")
    ada.presses("Offer at or below").sees("a price from")
    ada.presses("at or below $9.50").sees("Watching")

    assert states(database) == [("suppressed", "cancelled")]
    assert rules(database) == [(REDLINE, BELOW)]
    assert 'skinbeat_alerts_total{reason="cancelled",state="suppressed"} 1.0' in get(port, "/metrics")[1]


def test_a_watch_that_takes_the_place_of_another_tells_for_both_once(ada: Person, database: Database) -> None:
    """What each of them kept is taken back; the one that is left looks anew."""
    quiet_hours(database)
    for limit in (8888, 9999):
        ada.says(f"/watch {REDLINE} below {limit}").sees("Watching")
    eventually(lambda: states(database) == [("held", None)] * 2, "both firings are held")
    ada.presses("✏️ Change").sees("What shall I watch?")
    ada.presses("Offer at or below").sees("a price from")
    ada.presses("Type it").sees("Send a price")
    ada.says("8888").sees("Watching")

    eventually(lambda: ("held", None) in states(database), "the changed watch has fired")
    assert states(database) == [("suppressed", "cancelled")] * 2 + [("held", None)]
    assert rules(database) == [(REDLINE, Rule(Measure.ASK, Turn.BELOW, 888_800))]


def test_a_watch_is_removed_by_its_number(ada: Person, database: Database) -> None:
    """The one that /alerts shows; another number changes nothing."""
    ada.says("/removealert 1").sees("There is no watch to remove.")
    ada.says("/alerts").sees("You watch nothing yet.")
    for limit in ("9.50", "9"):
        ada.says(f"/watch {REDLINE} below {limit}").sees("Watching")
    for wrong in ("", " 3", " 0", " -1", " one"):
        ada.says(f"/removealert{wrong}").sees("Which one?")
    ada.says("/removealert 2").sees("cheapest offer at or below $9.00")

    assert rules(database) == [(REDLINE, BELOW)]


def test_there_is_a_limit(ada: Person, database: Database) -> None:
    """Said with what to do."""
    item_id = a_market(database)
    for number in range(MOST_WATCHES):
        watch(database, item_id, ADA, Rule(Measure.ASK, Turn.BELOW, 100 + number))

    ada.says(f"/watch {REDLINE} below 9.50").sees("You have 50 watches already, which is the most there can be.")
    pages = ada.says("/alerts").sees("50 watches")
    assert "page 1/9" in [button["text"] for button in buttons(pages)]


def test_nobody_reaches_the_watch_of_another(ada: Person, telegram: Telegram, database: Database) -> None:
    """Neither in the list nor by a number in a button of the own chat."""
    theirs = watch(database, a_market(database), BOB)
    seal = Seal(telegram.sandbox.token)
    ada.says("/alerts").sees("You watch nothing yet.")
    message = ada.says("/help").sees("/watch")["message_id"]
    for route, args in (("w_one", ("1",)), ("w_remove", ("1",)), ("w_snooze", ("1", "1h"))):
        data = seal.pack(ADA, route, (str(theirs), *args))
        telegram.press(ADA, message, data, forged=True)
        telegram.wait_for("This watch is gone.", ADA)
    telegram.press(ADA, message, seal.pack(ADA, "w_set", (f"w{theirs}", "ask", "below", "100")), forged=True)
    telegram.wait_for("I do not know this item any more.", ADA)

    (untouched,) = own(database, BOB)
    assert (untouched.rule, untouched.snoozed_until) == (BELOW, None)


def test_a_link_opens_the_watch_of_an_item(ada: Person, telegram: Telegram, database: Database) -> None:
    """Also for a newcomer; a number that no item has is told politely."""
    item_id = a_market(database)
    carl = Person(telegram, 503)
    telegram.chat(503, spoke=True)

    carl.says(f"/start w_{item_id}").sees("What shall I watch?")
    ada.says("/start w_999999").sees("I do not know this item any more.")
    ada.says("/start w_99999999999999999").sees("I do not know this item any more.")


def test_a_shared_link_opens_the_watch_of_its_item(ada: Person, telegram: Telegram, database: Database) -> None:
    """From a price and from a watch, in a chat with this very bot, by somebody new."""
    item_id = a_market(database)
    ada.says(f"/watch {REDLINE} below 9.50").sees("Watching")
    below = [ada.says(f"/price {REDLINE}").sees("Ask $10.00")]
    ada.says("/alerts").sees("1 watch.")
    below.append(ada.presses("1").sees("Your watch:"))
    shared = [urlsplit(url) for line in below for url in urls(line, "📤 Share")]
    asked = [parse_qs(url.query) for url in shared]

    assert [(url.netloc, url.path) for url in shared] == [("t.me", "/share/url")] * 2
    assert asked == [{"url": [f"https://t.me/skinbeat_sandbox_bot?start=w_{item_id}"], "text": [REDLINE]}] * 2
    telegram.chat(503, spoke=True)
    opened = Person(telegram, 503).says(f"/start {parse_qs(urlsplit(asked[0]['url'][0]).query)['start'][0]}")
    assert REDLINE in opened.sees("What shall I watch?")["text"]


def urls(line: Line, label: str) -> list[str]:
    return [button["url"] for button in buttons(line) if button["text"] == label]


def test_in_a_group_only_administrators_watch(ada: Person, telegram: Telegram, database: Database) -> None:
    """Everybody may read the list."""
    telegram.group(GROUP, ADMIN, BOB)
    subscribed(database, GROUP, kind="group")
    member, admin = Person(telegram, GROUP, BOB), Person(telegram, GROUP, ADMIN)
    member.says(f"/watch {REDLINE} below 9.50").sees("Only administrators")
    admin.says(f"/watch {REDLINE} below 9.50").sees("Watching")
    member.says("/alerts").sees("1 watch.")
    member.presses("1").sees("Your watch:")
    member.presses("🗑 Remove").sees("Only administrators")

    assert rules(database, GROUP) == [(REDLINE, BELOW)]


def test_a_chat_that_never_subscribed_is_told_to(ada: Person, telegram: Telegram, database: Database) -> None:
    """There is nobody to tell yet."""
    telegram.chat(504, spoke=True)

    Person(telegram, 504).says(f"/watch {REDLINE} below 9.50").sees("/start does that")
    assert rules(database, 504) == []
