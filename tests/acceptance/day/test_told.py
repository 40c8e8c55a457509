"""What subscribers are told, and what not."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.acceptance.day.town import ALERT, BOTS, Deal, Town, alerts, log, sent, told
from tests.acceptance.market import eventually, nothing_left
from tests.integration.bot.telegram import Person, buttons

pytestmark = pytest.mark.timeout(180)

TOKYO = ZoneInfo("Asia/Tokyo")
CROWD = 12


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
    assert town.market.rows(
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
    reader.presses("Mute item").sees("Muted: no more deals on this item.")
    comes_again(town, deal)
    told(witness, deal, times=2)

    assert len(town.owed(reader, deal)) == len(alerts(reader, deal)) == 1
    assert len(alerts(witness, deal)) == 2


def comes_again(town: Town, deal: Deal) -> None:
    price = deal.buy
    deal.reprice(3 * price)
    eventually("the deal has ended", lambda: not town.opened(deal))
    deal.reprice(price)


def test_a_digest_comes_once_when_it_is_due(town: Town) -> None:
    """Though two bots look: the deals of the hour that ended, in one message; due again within it, none."""
    reader = town.subscriber()
    deal = town.deal()
    told(reader, deal)
    town.market.rows("UPDATE chats SET zone = %s WHERE id = %s", far_from_a_full_hour(), reader.chat_id)
    reader.says("/digest").sees("How often: off")
    reader.presses("every hour").sees("How often: every hour, next")
    reader.presses("from 1").sees("At least: 1 deal")
    an_hour_ends(town, reader, deal)
    digest = reader.sees("1 deal fits your filters")
    an_hour_ends(town, reader, deal)
    again = "SELECT 1 FROM chats WHERE id = %s AND digest_due_at > now()"
    eventually("the next digest is arranged", lambda: town.market.rows(again, reader.chat_id))

    assert deal.title in digest["text"]
    assert deal.price in digest["text"]
    assert len(sent(reader, "1 deal fits your filters")) == 1


def far_from_a_full_hour() -> str:
    """A zone whose clock shows no full hour within ten minutes, so that none passes while a test runs."""
    return "UTC" if 10 <= datetime.now(UTC).minute < 50 else "Asia/Kolkata"  # 5:30 ahead


def an_hour_ends(town: Town, person: Person, deal: Deal) -> None:
    """The digest is due now, and the deal opened within the local hour that has ended."""
    town.market.rows(
        "UPDATE opportunities o SET opened_at ="
        " (date_trunc('hour', now() AT TIME ZONE c.zone) - interval '5 minutes') AT TIME ZONE c.zone"
        " FROM chats c, items i WHERE c.id = %s AND i.id = o.item_id AND i.title = %s",
        person.chat_id,
        deal.title,
    )
    town.market.rows("UPDATE chats SET digest_due_at = now() WHERE id = %s", person.chat_id)


def test_quiet_hours_keep_deals_back_and_end_in_one_summary(town: Town) -> None:
    """By the clock of the reader's city: nothing comes meanwhile, afterwards one message of both deals."""
    reader, witness = town.subscriber(), town.subscriber()
    nothing_left("deals of other tests", lambda: town.market.rows("SELECT 1 FROM opportunities WHERE state = 'open'"))
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
    town.market.rows("UPDATE chats SET quiet_until = %s WHERE id = %s", minute, person.chat_id)
    town.market.rows("UPDATE alerts SET next_attempt_at = now() WHERE chat_id = %s AND state = 'held'", person.chat_id)


def test_a_watch_fires_once_at_each_crossing(town: Town) -> None:
    """Below its price it speaks once, however far the price falls; back above it is armed anew."""
    reader = town.subscriber()
    deal = town.deal(level="advanced")
    told(reader, deal)
    price, mark = deal.buy, deal.buy * 9 // 10
    reader.says(f"/watch {deal.title} below {mark / 100:.2f}").sees(f"Watching {deal.title}")
    fired = "Your watch: "
    deal.reprice(mark - 1)
    first = eventually("it fires", lambda: sent(reader, deal.title, fired))
    deal.reprice(mark - 10)
    eventually("the lower price was read", lambda: ask(town, deal) == deal.buy)
    deal.reprice(price)
    eventually("it is armed again", lambda: watch_of(town, reader)["armed"])
    between = sent(reader, deal.title, fired)
    deal.reprice(mark - 1)
    eventually("it fires again", lambda: len(sent(reader, deal.title, fired)) > 1)

    assert between == first
    assert len(sent(reader, deal.title, fired)) == watch_of(town, reader)["fired"] == 2
    assert deal.price in first[0]["text"]


def ask(town: Town, deal: Deal) -> int:
    """The price that the workers read last, in cents."""
    (row,) = town.market.rows(
        "SELECT p.ask FROM prices p JOIN items i ON i.id = p.item_id WHERE i.title = %s", deal.title
    )
    return int(row["ask"])


def watch_of(town: Town, person: Person) -> dict[str, object]:
    (row,) = town.market.rows("SELECT armed, fired FROM watches WHERE chat_id = %s", person.chat_id)
    return row


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
