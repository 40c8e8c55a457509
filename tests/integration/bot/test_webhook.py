"""Updates by webhook: whole bots, called by the simulated Telegram or by somebody who pretends to be it."""

import json
from typing import Any

import httpx
import pytest

from bot.webhook import HEADER, secret
from config.settings import Settings
from sandbox.servers.ports import free_port
from tests.integration.bot.conftest import Bot, StartBot, eventually
from tests.integration.bot.telegram import Telegram
from tests.integration.bot.test_process import get

ADA, EVE = 501, 666


class Hook:
    """A webhook's address with the bots behind it."""

    def __init__(self, telegram: Telegram, start_bot: StartBot) -> None:
        self.port, self.health = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self._telegram = telegram
        self._start = start_bot

    def start(self, **variables: str) -> Bot:
        more = {"TELEGRAM_WEBHOOK_URL": self.url, "TELEGRAM_WEBHOOK_PORT": str(self.port)} | variables
        bot = self._start(**more)
        eventually(lambda: self.known() == self.url, "Telegram knows the webhook")
        return bot

    def known(self) -> str:
        api = f"{self._telegram.sandbox.base_url}{self._telegram.sandbox.token}"
        url: str = httpx.get(f"{api}/getWebhookInfo", timeout=30).json()["result"]["url"]
        return url

    def secret(self) -> str:
        return secret(Settings.model_validate({"telegram_bot_token": self._telegram.sandbox.token}))

    def call(self, body: bytes, shown: str | None) -> int:
        headers = {b"Content-Type": b"application/json"}
        if shown is not None:
            headers[HEADER.encode()] = shown.encode()
        return httpx.post(self.url, content=body, headers=headers, timeout=30).status_code


@pytest.fixture
def hook(telegram: Telegram, start_bot: StartBot) -> Hook:
    return Hook(telegram, start_bot)


def said_by(chat_id: int, text: str, update_id: int) -> bytes:
    """An update as Telegram would send it."""
    chat = {"id": chat_id, "type": "private", "first_name": "Eve"}
    message: dict[str, Any] = {"message_id": 1, "date": 1, "chat": chat, "from": chat | {"is_bot": False}, "text": text}
    message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return json.dumps({"update_id": update_id, "message": message}).encode()


def test_commands_come_by_webhook(hook: Hook, telegram: Telegram) -> None:
    """From two processes on one port; nobody polls, and both say that they are well."""
    bots = [hook.start(HTTP_PORT=str(hook.health)), hook.start()]
    telegram.chat(ADA)
    for times in (1, 2, 3):
        telegram.say(ADA, "/help")
        telegram.wait_for("/status", ADA, times)

    eventually(lambda: json.loads(get(hook.health, "/ready")[1])["polling"] == "ok", "well")
    assert all("polling Telegram" not in bot.log for bot in bots)
    assert sum(bot.log.count("Telegram sends updates to the webhook") for bot in bots) == 1


@pytest.mark.parametrize("shown", [None, "", "guessed", "ключ"])
def test_without_the_secret_nothing_is_answered(hook: Hook, telegram: Telegram, shown: str | None) -> None:
    """403, whatever is in it; with the secret the same update is."""
    hook.start()
    telegram.chat(EVE)
    telegram.say(EVE, "hello")
    telegram.wait_for("/status", EVE)
    update = said_by(EVE, "/help", 7_000_000)

    assert hook.call(update, shown) == 403
    assert hook.call(update, hook.secret()) == 200
    assert len(telegram.wait_for("/status", EVE, times=2)) == 2


def test_an_update_that_telegram_repeats_is_answered_once(hook: Hook, telegram: Telegram) -> None:
    """Whichever process it comes to."""
    hook.start()
    hook.start()
    telegram.chat(EVE)
    telegram.say(EVE, "hello")
    telegram.wait_for("/status", EVE)
    for _ in range(6):
        assert hook.call(said_by(EVE, "/help", 7_000_000), hook.secret()) == 200
    telegram.say(EVE, "/help")
    telegram.wait_for("/status", EVE, times=3)

    assert len([line for line in telegram.messages() if "/status" in line["text"]]) == 3


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"update_id": "x"}', b'{"message": {}}', b"\xff" * 100])
def test_what_is_no_update_is_taken_and_forgotten(hook: Hook, telegram: Telegram, body: bytes) -> None:
    """Telegram would repeat what was refused for a day. The bot goes on."""
    bot = hook.start()

    assert hook.call(body, hook.secret()) == 200
    telegram.chat(ADA)
    telegram.say(ADA, "/help")
    telegram.wait_for("/status", ADA)
    assert "Traceback" not in bot.log


def test_a_stopped_bot_leaves_nothing_unanswered(hook: Hook, telegram: Telegram) -> None:
    """What it took in is answered before it ends; what comes later waits at Telegram for the next one."""
    bot = hook.start()
    telegram.chat(ADA)
    for _ in range(3):
        telegram.say(ADA, "/help")
    telegram.wait_for("/status", ADA)

    assert bot.stop() == 0
    telegram.say(ADA, "/help")
    hook.start()
    assert len(telegram.wait_for("/status", ADA, times=4)) == 4


def test_back_to_polling(hook: Hook, start_bot: StartBot, telegram: Telegram) -> None:
    """Without TELEGRAM_WEBHOOK_URL the next bot removes the webhook and polls."""
    hook.start().stop()
    bot = start_bot()
    bot.wait_for("polling Telegram")
    telegram.chat(ADA)
    telegram.say(ADA, "/help")
    telegram.wait_for("/status", ADA)

    assert hook.known() == ""


def test_a_webhook_that_comes_back_is_removed_again(hook: Hook, start_bot: StartBot, telegram: Telegram) -> None:
    """Somebody set it while the bot polled: polling begins anew instead of failing for good."""
    bot = start_bot()
    bot.wait_for("polling Telegram")
    api = f"{telegram.sandbox.base_url}{telegram.sandbox.token}"
    httpx.post(f"{api}/setWebhook", data={"url": hook.url}, timeout=30).raise_for_status()
    telegram.chat(ADA)
    telegram.say(ADA, "/help")

    telegram.wait_for("/status", ADA)
    assert "removing it" in bot.log


def test_a_port_that_cannot_be_used_is_named(hook: Hook, start_bot: StartBot) -> None:
    """Exit code 2 and one line."""
    bot = start_bot(
        ready=False, TELEGRAM_WEBHOOK_URL=hook.url, TELEGRAM_WEBHOOK_HOST="203.0.113.9", TELEGRAM_WEBHOOK_PORT="1"
    )

    assert bot.process.wait(15) == 2
    assert bot.log.count("TELEGRAM_WEBHOOK_HOST") == 1
    assert "Traceback" not in bot.log
