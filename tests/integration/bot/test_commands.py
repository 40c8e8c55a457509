from models.database import Database
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.rows import chat_row, outbox, owe, states, subscribed
from tests.integration.bot.telegram import Telegram

ADA = 501
GROUP = -77


def test_start_alone_brings_every_alert(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """A chat that only ever sent /start is told of an opportunity, with exact title and price."""
    start_bot()
    telegram.chat(ADA)
    telegram.say(ADA, "/start")
    telegram.wait_for("Subscribed.", ADA)

    row = owe(database, [ADA], title="★ Karambit | <Lore> & Co (Factory New)", level="boost")

    (message,) = telegram.wait_for("★ Karambit | <Lore> & Co (Factory New)", ADA)
    assert "$12.34" in message["text"]
    eventually(lambda: states(database) == [("sent", "delivered")], "the alert is recorded as sent")
    assert outbox(database)[0].message_id == message["message_id"]
    assert outbox(database)[0].opportunity_id == row.id
