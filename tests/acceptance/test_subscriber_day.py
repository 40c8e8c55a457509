"""What subscribers live through, over whole processes: worker, beat and two bots on simulated services.

All tests share one running system; each has people and deals of its own, and takes both away at its end.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.handlers.menu import ENTRIES
from bot.seal import Seal
from bot.speech import speech
from models.queries.personal import PERSONAL
from sandbox.runner.environment import Ports
from sandbox.servers.children import ProcessFamily
from tests.acceptance.conftest import a_market
from tests.acceptance.market import Market, eventually, nothing_left
from tests.acceptance.subscribers import ALERT, Deal, Town, alerts, driving, numbers, sent, told
from tests.integration.bot.telegram import Person, Telegram, buttons

pytestmark = pytest.mark.timeout(180)

ONE_GAME = ("--titles", "csgo=0,dota2=0,tf2=0,rust=900", "--planted-per-game", "6", "--latency-ms", "5")
SCANS = {"SCAN_INTERVAL_RUST": "2", **{f"SCAN_INTERVAL_{game}": "0" for game in ("CSGO", "DOTA2", "TF2")}}
BOTS = ("bot", "bot 2")
TOKYO = ZoneInfo("Asia/Tokyo")
CROWD = 12


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Everything up, every title read once, no deal open: the tests lay out their own."""
    data = tmp_path_factory.mktemp("day")
    with ProcessFamily(data) as family:
        market = a_market(family, data, *ONE_GAME, **SCANS)
        for row in market.exchange("truth")["opportunities"]:
            market.exchange("take", {"offerId": row["offerId"]})
        for process in ("worker", "beat", "bot"):
            market.spawn(process)
        market.spawn("bot", "bot 2", port=Ports.free().of["bot"])
        eventually("both bots are ready", lambda: all('"ready"' in log(market, bot) for bot in BOTS))
        eventually("the market was read", market.scans_done)
        yield market


def log(market: Market, process: str) -> str:
    path = market.stack.logs.folder / f"{process}.log"
    return path.read_text("utf-8") if path.exists() else ""


@pytest.fixture(scope="module")
def telegram(running: Market) -> Iterator[Telegram]:
    driver = driving(running)
    yield driver
    driver.close()


chats = numbers()


@pytest.fixture
def town(running: Market, telegram: Telegram) -> Iterator[Town]:
    town = Town(running, telegram, chats)
    yield town
    town.leave()


def test_three_taps_lead_a_newcomer_to_the_first_deal_that_fits(town: Town) -> None:
    """Language, games, budget; then an open deal within the budget, and none beyond it."""
    cheap, dear = town.deal(level="medium"), town.deal(level="pro")
    eventually("both deals are open", lambda: town.opened(cheap) and town.opened(dear), 30)
    newcomer = town.stranger()
    first = newcomer.says("/start").sees("Step 1 of 3")
    newcomer.presses("English").sees("Step 2 of 3")
    newcomer.presses("All games").sees("Step 3 of 3")
    done = newcomer.presses("Up to $30.00").sees("All set.")

    assert done["message_id"] == first["message_id"]
    assert "Open right now, for example:" in done["text"]
    assert dear.title not in done["text"]
    (wish,) = town.query("SELECT levels FROM filters WHERE chat_id = %s AND game = 'rust'", newcomer.chat_id)
    assert set(wish["levels"]) == {"boost", "standard", "medium"}


def test_a_changed_filter_decides_from_then_on(town: Town) -> None:
    """A level that was ticked off is told to others only; one that stayed is told to all."""
    reader, witness = town.subscriber(), town.subscriber()
    reader.says("/filters").sees("Filters")
    reader.presses("Rust").sees("Rust: on")
    reader.presses("Levels").sees("Rust · Levels")
    reader.presses("boost").sees("Rust · Levels")
    unwanted, wanted = town.deal(level="boost"), town.deal(level="medium")
    told(witness, unwanted)
    told(witness, wanted)

    assert wanted.price in told(reader, wanted)["text"]
    assert town.owed(reader, unwanted) == []
    assert sent(reader, unwanted.title) == []


def test_an_alert_answers_with_what_is_behind_it(town: Town) -> None:
    """Details and a chart as messages of their own, and a word back that is stored."""
    reader = town.subscriber()
    deal = town.deal()
    alert = told(reader, deal)
    details = reader.presses("Details").sees("sales in 30 days")
    chart = reader.presses("Chart").sees(deal.title)
    reader.presses("Gone").sees("you were told too late")

    assert f"Buy {deal.price}" in alert["text"]
    assert next(button["url"] for button in buttons(alert) if "url" in button).startswith("https://")
    assert deal.title in details["text"]
    assert deal.price in details["text"]
    assert chart["media"]["kind"] == "photo"
    assert town.telegram.file(chart).startswith(b"\x89PNG")
    assert fates(town, reader, deal) == ["delivered"]
    assert town.query(
        "SELECT f.verdict FROM feedback f JOIN alerts a ON a.id = f.alert_id WHERE a.chat_id = %s", reader.chat_id
    ) == [{"verdict": "gone"}]


def fates(town: Town, person: Person, deal: Deal) -> list[str | None]:
    return [row["reason"] for row in town.owed(person, deal)]


def test_a_muted_item_is_silent_the_next_time(town: Town) -> None:
    """The deal ends and comes again under a new offer: told to who did not mute it."""
    reader, witness = town.subscriber(), town.subscriber()
    deal = town.deal()
    told(reader, deal)
    told(witness, deal)
    reader.presses("Mute item").sees("Muted: no more deals of this item.")
    comes_again(town, deal)
    told(witness, deal, times=2)

    assert len(town.owed(reader, deal)) == len(alerts(reader, deal)) == 1
    assert len(alerts(witness, deal)) == 2


def comes_again(town: Town, deal: Deal) -> None:
    price = deal.buy
    deal.reprice(3 * price)
    eventually("the deal has ended", lambda: not town.opened(deal), 30)
    deal.reprice(price)


def test_a_digest_comes_once_when_it_is_due(town: Town) -> None:
    """Though two bots look: the deals of the hour that ended, in one message; due again within it, none."""
    reader = town.subscriber()
    deal = town.deal()
    told(reader, deal)
    town.query("UPDATE chats SET zone = %s WHERE id = %s", far_from_a_full_hour(), reader.chat_id)
    reader.says("/digest").sees("How often: off")
    reader.presses("every hour").sees("How often: every hour, next")
    reader.presses("from 1").sees("At least: 1 deal")
    an_hour_ends(town, reader, deal)
    digest = reader.sees("1 deal fits your filters")
    an_hour_ends(town, reader, deal)
    again = "SELECT 1 FROM chats WHERE id = %s AND digest_due_at > now()"
    eventually("the next digest is arranged", lambda: town.query(again, reader.chat_id))

    assert deal.title in digest["text"]
    assert deal.price in digest["text"]
    assert len(sent(reader, "1 deal fits your filters")) == 1


def far_from_a_full_hour() -> str:
    """A zone whose clock shows no full hour within ten minutes, so that none passes while a test runs."""
    return "UTC" if 10 <= datetime.now(UTC).minute < 50 else "Asia/Kolkata"  # 5:30 ahead


def an_hour_ends(town: Town, person: Person, deal: Deal) -> None:
    """The digest is due now, and the deal opened within the local hour that has ended."""
    town.query(
        "UPDATE opportunities o SET opened_at ="
        " (date_trunc('hour', now() AT TIME ZONE c.zone) - interval '5 minutes') AT TIME ZONE c.zone"
        " FROM chats c, items i WHERE c.id = %s AND i.id = o.item_id AND i.title = %s",
        person.chat_id,
        deal.title,
    )
    town.query("UPDATE chats SET digest_due_at = now() WHERE id = %s", person.chat_id)


def test_quiet_hours_keep_deals_back_and_end_in_one_summary(town: Town) -> None:
    """By the clock of the reader's city: nothing comes meanwhile, afterwards one message of both deals."""
    reader, witness = town.subscriber(), town.subscriber()
    nothing_left("deals of other tests", lambda: town.query("SELECT 1 FROM opportunities WHERE state = 'open'"))
    reader.says("/settings").sees("Settings")
    reader.presses("Time zone").sees("Choose one")
    reader.presses("Type a city").sees("Send a city")
    reader.says("tokyo").sees("Tokyo, UTC+9")
    here = datetime.now(TOKYO)
    hours = [f"{here + timedelta(hours=hour):%H:%M}" for hour in (-2, 2)]
    reader.says("/settings").sees("Settings")
    reader.presses("Quiet hours").sees("Now: off")
    reader.presses("Type hours").sees("Send the hours")
    reader.says("-".join(hours)).sees("the clock is Tokyo")
    deals = [town.deal(), town.deal()]
    for deal in deals:
        told(witness, deal)
    eventually("both are kept back", lambda: [fates(town, reader, deal) for deal in deals] == [["quiet"]] * 2)
    silence = [sent(reader, deal.title) for deal in deals]
    quiet_hours_end(town, reader)
    summary = reader.sees("Your quiet hours are over")

    assert silence == [[], []]
    assert "2 deals came meanwhile." in summary["text"]
    assert all(deal.title in summary["text"] and deal.price in summary["text"] for deal in deals)
    assert len(sent(reader, "Your quiet hours are over")) == 1
    assert not any(alerts(reader, deal) for deal in deals)


def quiet_hours_end(town: Town, person: Person) -> None:
    """As if the rest of them had passed: their end is this minute, and what waited for it waits no longer."""
    minute = datetime.now(TOKYO).hour * 60 + datetime.now(TOKYO).minute
    town.query("UPDATE chats SET quiet_until = %s WHERE id = %s", minute, person.chat_id)
    town.query("UPDATE alerts SET next_attempt_at = now() WHERE chat_id = %s AND state = 'held'", person.chat_id)


def test_a_watch_fires_once_at_each_crossing(town: Town) -> None:
    """Below its price it speaks once, however far the price falls; back above it is armed anew."""
    reader = town.subscriber()
    deal = town.deal(level="advanced")
    told(reader, deal)
    price, mark = deal.buy, deal.buy * 9 // 10
    reader.says(f"/watch {deal.title} below {mark / 100:.2f}").sees(f"Watching {deal.title}")
    fired = "Your watch: "
    deal.reprice(mark - 1)
    first = eventually("it fires", lambda: sent(reader, deal.title, fired), 30)
    deal.reprice(mark - 10)
    eventually("the lower price was read", lambda: ask(town, deal) == deal.buy, 30)
    deal.reprice(price)
    eventually("it is armed again", lambda: watch_of(town, reader)["armed"], 30)
    between = sent(reader, deal.title, fired)
    deal.reprice(mark - 1)
    eventually("it fires again", lambda: len(sent(reader, deal.title, fired)) > 1, 30)

    assert between == first
    assert len(sent(reader, deal.title, fired)) == watch_of(town, reader)["fired"] == 2
    assert deal.price in first[0]["text"]


def ask(town: Town, deal: Deal) -> int:
    """The price that the workers read last, in cents."""
    (row,) = town.query("SELECT p.ask FROM prices p JOIN items i ON i.id = p.item_id WHERE i.title = %s", deal.title)
    return int(row["ask"])


def watch_of(town: Town, person: Person) -> dict[str, object]:
    (row,) = town.query("SELECT armed, fired FROM watches WHERE chat_id = %s", person.chat_id)
    return row


def test_a_language_changes_screens_menus_and_alerts(town: Town) -> None:
    """For who chose it; Telegram's command menu has it for who uses Telegram in it."""
    reader, witness = town.subscriber(), town.subscriber()
    reader.says("/language").sees("Which language")
    german = speech("de")
    reader.presses("Deutsch").sees("Deutsch")
    screen = reader.says("/menu").sees(plain(german.text("<b>What would you like to see?</b>")))
    deal = town.deal()
    alert = told(reader, deal)
    shown = {one["command"]: one["description"] for one in town.telegram.commands(reader.chat_id, language="de")}
    english = {one["command"]: one["description"] for one in town.telegram.commands(witness.chat_id)}

    labels = [button["text"] for button in buttons(screen)]
    assert labels == [german.text(label) for _, label in ENTRIES]
    assert labels != [label for _, label in ENTRIES]
    assert german.usd(deal.buy) in alert["text"]
    assert f"Buy {deal.price}" in told(witness, deal)["text"]
    assert shown.keys() == english.keys()
    assert sum(shown[name] != english[name] for name in shown) > len(shown) // 2


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_an_export_holds_all_of_its_chat_and_nothing_of_another(town: Town) -> None:
    """A JSON file; the other subscriber, who was told of the same deal, is not in it by so much as a number."""
    reader, other = town.subscriber(), town.subscriber()
    deal = town.deal()
    told(other, deal)
    told(reader, deal)
    reader.presses("Gone").sees("you were told too late")
    reader.says(f"/watch {deal.title} below 1").sees("Watching")
    content = town.telegram.file(reader.says("/export").sees("Everything that I have stored about you")).decode()
    found = json.loads(content)

    assert [row["id"] for row in found["chats"]] == [reader.chat_id]
    assert {row["chat_id"] for table in ("alerts", "filters", "watches") for row in found[table]} == {reader.chat_id}
    assert [row["verdict"] for row in found["feedback"]] == ["gone"]
    assert town.owed(reader, deal)[0]["id"] in {row["id"] for row in found["alerts"]}
    assert str(other.chat_id) not in content


def test_delete_me_leaves_nothing_and_start_makes_a_newcomer(town: Town) -> None:
    """Asked once more, then every row is gone and no deal comes; the other subscriber stays."""
    leaver, witness = town.subscriber(), town.subscriber()
    deal = town.deal()
    told(leaver, deal)
    leaver.presses("Gone").sees("you were told too late")
    leaver.says("/delete_me").sees("Delete everything?")
    leaver.presses("Yes, delete everything").sees("Deleted.")
    left = rows_of(town, leaver)
    later = town.deal()
    told(witness, later)

    assert left == {}
    assert sent(leaver, later.title) == []
    assert rows_of(town, witness)["chats.id"] == 1
    leaver.says("/start").sees("Step 1 of 3")
    assert rows_of(town, leaver)["chats.id"] == 1
    assert "watches.chat_id" not in rows_of(town, leaver)


def rows_of(town: Town, person: Person) -> dict[str, int]:
    """How many rows name a chat, by table and column; those that name nobody are left out."""
    named = "SELECT 1 FROM {table} WHERE {column} = %s"
    counts = {one: len(town.query(named.format(table=one[0], column=one[1]), person.chat_id)) for one in PERSONAL}
    return {f"{table}.{column}": number for (table, column), number in counts.items() if number}


def test_nothing_of_one_subscriber_shows_at_another(town: Town) -> None:
    """Neither by what the one sets, nor by pressing the other's buttons as a changed client could."""
    actor, bystander = town.subscriber(), town.subscriber()
    deal = town.deal()
    told(actor, deal)
    theirs = told(bystander, deal)
    before = standing(town, bystander)
    actor.says("/language").sees("Which language")
    actor.presses("Deutsch").sees("Deutsch")
    actor.says(f"/watch {deal.title} below 1").sees(deal.title)
    (alert,) = town.owed(bystander, deal)
    message = told(actor, deal)["message_id"]
    stolen = next(button["callback_data"] for button in buttons(theirs) if "Mute" in button["text"])
    own = Seal(town.telegram.sandbox.token).pack(actor.chat_id, "fb", (str(alert["id"]), "wrong"))
    asked = [town.telegram.press(actor.chat_id, message, data, forged=True) for data in (stolen, own)]
    nothing_left("presses without an answer", lambda: set(asked) - answered(town))

    assert standing(town, bystander) == before
    assert bystander.says("/alerts").sees("You watch nothing yet.")
    assert sent(bystander, "Deutsch") == []
    assert town.query("SELECT 1 FROM mutes WHERE chat_id IN (%s, %s)", actor.chat_id, bystander.chat_id) == []


def standing(town: Town, person: Person) -> list[object]:
    """Everything that a chat set and said."""
    chat = town.query(
        "SELECT language, zone, snoozed_until, quiet_from, quiet_until, digest, state FROM chats WHERE id = %s",
        person.chat_id,
    )
    wishes = town.query("SELECT * FROM filters WHERE chat_id = %s ORDER BY game", person.chat_id)
    said = town.query("SELECT a.id FROM feedback JOIN alerts a ON a.id = alert_id WHERE chat_id = %s", person.chat_id)
    return [chat, wishes, said]


def answered(town: Town) -> set[str]:
    """The presses that the bot answered, as Telegram numbers them."""
    return {line["callback_query_id"] for line in town.telegram.messages() if line["kind"] == "answer"}


def test_two_bots_hand_each_message_over_once(town: Town) -> None:
    """Several deals to a dozen chats at once: each chat has each alert, no alert twice, the outbox says the same."""
    crowd = [town.stranger() for _ in range(CROWD)]
    for person in crowd:
        person.says("/start")
    for person in crowd:
        person.sees("Subscribed.")
    deals = [town.deal(level=level) for level in ("boost", "standard", "medium", "advanced")]
    nothing_left(
        "deals not told",
        lambda: [deal.title for deal in deals for person in crowd if not alerts(person, deal)],
    )
    numbers = Counter(
        ALERT.findall(line["text"])[0] for deal in deals for person in crowd for line in alerts(person, deal)
    )
    outcomes = [row for deal in deals for person in crowd for row in town.owed(person, deal)]

    assert set(numbers.values()) == {1}
    assert len(numbers) == len(outcomes) == CROWD * len(deals)
    assert {(row["state"], row["reason"], row["attempts"]) for row in outcomes} == {("sent", "delivered", 1)}
    assert all(town.market.processes[bot].running for bot in BOTS)
    assert not any("Traceback" in log(town.market, bot) for bot in BOTS)
