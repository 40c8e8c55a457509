"""What is a subscriber's own: how they begin, their language, their data, and that nobody else has a part in it."""

import json
import re

import pytest

from bot.handlers.menu import ENTRIES
from bot.seal import Seal
from bot.speech import speech
from models.queries.personal import PERSONAL
from tests.acceptance.day.town import Town, sent, told
from tests.acceptance.market import eventually, nothing_left
from tests.integration.bot.telegram import Person, buttons

pytestmark = pytest.mark.timeout(180)


def test_three_taps_lead_a_newcomer_to_the_first_deal_that_fits(town: Town) -> None:
    """Language, games, budget; then an open deal within the budget, and none beyond it."""
    cheap, dear = town.deal(level="medium"), town.deal(level="pro")
    eventually("both deals are open", lambda: town.opened(cheap) and town.opened(dear))
    newcomer = town.stranger()
    first = newcomer.says("/start").sees("Step 1 of 3")
    newcomer.presses("English").sees("Step 2 of 3")
    newcomer.presses("All games").sees("Step 3 of 3")
    done = newcomer.presses("Up to $30.00").sees("All set.")

    assert done["message_id"] == first["message_id"]
    assert "Open right now, for example:" in done["text"]
    assert dear.title not in done["text"]
    (wish,) = town.market.rows("SELECT levels FROM filters WHERE chat_id = %s AND game = 'rust'", newcomer.chat_id)
    assert set(wish["levels"]) == {"boost", "standard", "medium"}


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
    counts = {one: len(town.market.rows(named.format(table=one[0], column=one[1]), person.chat_id)) for one in PERSONAL}
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
    assert town.market.rows("SELECT 1 FROM mutes WHERE chat_id IN (%s, %s)", actor.chat_id, bystander.chat_id) == []


def standing(town: Town, person: Person) -> list[object]:
    """Everything that a chat set and said."""
    chat = town.market.rows(
        "SELECT language, zone, snoozed_until, quiet_from, quiet_until, digest, state FROM chats WHERE id = %s",
        person.chat_id,
    )
    wishes = town.market.rows("SELECT * FROM filters WHERE chat_id = %s ORDER BY game", person.chat_id)
    said = town.market.rows(
        "SELECT a.id FROM feedback JOIN alerts a ON a.id = alert_id WHERE chat_id = %s", person.chat_id
    )
    return [chat, wishes, said]


def answered(town: Town) -> set[str]:
    """The presses that the bot answered, as Telegram numbers them."""
    return {line["callback_query_id"] for line in town.telegram.messages() if line["kind"] == "answer"}
