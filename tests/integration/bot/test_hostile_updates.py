"""What strangers send to the bot: it answers or is silent, and goes on."""

from random import Random

from models.database import Database
from tests.integration.bot.conftest import StartBot
from tests.integration.bot.telegram import Telegram
from tests.rows import rows

ADA, EVE = 501, 666
TEXTS = (
    "/start '; DROP TABLE chats; --",
    "/start@somebodyelse",
    "/START",
    "/stop stop stop",
    "/top -1",
    "/top 99999999999999999999",
    "/status {0.__class__}",
    "/help %s%n",
    "/nothing",
    "/",
    "//",
    "<b>unclosed",
    "&amp;<script>alert(1)</script>",
    "\u202etxet desrever",
    "\u200b",
    "👩‍👩‍👧‍👦" * 300,
    "\x00\x01\x1b[2J",
    "a" * 4096,
)


def test_no_text_breaks_the_bot(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Whatever is said in a private chat or a group: the next /status is answered, nobody else's row is touched."""
    bot = start_bot()
    telegram.chat(ADA)
    telegram.say(ADA, "/start")
    telegram.wait_for("Subscribed.", ADA)
    (before,) = rows(database, "SELECT * FROM chats")
    telegram.chat(EVE)
    telegram.chat(-EVE, "group")
    rng = Random(20261123)
    for text in rng.sample(TEXTS, len(TEXTS)):
        telegram.say(rng.choice((EVE, -EVE)), text)
    telegram.chat(EVE + 1)
    telegram.say(EVE + 1, "/status")
    telegram.wait_for("CS2", EVE + 1)
    (after,) = rows(database, "SELECT * FROM chats WHERE id = :ada", ada=ADA)

    assert after == before
    assert bot.process.poll() is None
    assert "Traceback" not in bot.log
