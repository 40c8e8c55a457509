"""Who stops the bot twice does not want to wait."""

import signal
import time

import pytest

from models.database import Database
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.rows import owe, states
from tests.integration.bot.telegram import Telegram
from tests.integration.bot.test_restart import introduce

AT_ONCE_SECONDS = 2.0
STALL_SECONDS = 30  # far longer than the bot waits when it leaves in order


@pytest.mark.timed
def test_a_second_signal_ends_the_bot_at_once(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """A message that Telegram has in hand keeps the first from ending it; its row says so for the next bot."""
    (chat_id,) = introduce(telegram, database, 1)
    bot = start_bot()
    telegram.fault("swallow", times=1, delay=STALL_SECONDS)
    owe(database, [chat_id], title="in Telegram's hands")
    eventually(lambda: states(database)[0][0] == "sending", "the message is handed over")
    bot.process.send_signal(signal.SIGTERM)
    bot.wait_for("told to end")

    began = time.monotonic()
    bot.process.send_signal(signal.SIGTERM)
    bot.process.wait(10)
    took = time.monotonic() - began

    assert took < AT_ONCE_SECONDS
    assert bot.process.returncode == 1
    assert "ended before everything was answered" in bot.log
    assert states(database)[0][0] == "sending"
