import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.sandbox_telegram.driver import USER, Driver
from tests.integration.sandbox_telegram.receiver import PATIENCE, Receiver

OTHER = 502
Answer = Callable[[dict[str, Any]], int]


@pytest.fixture
def receive() -> Iterator[Callable[[Answer], Receiver]]:
    """Starts receivers that answer as the given function says."""
    started: list[Receiver] = []

    def start(answer: Answer) -> Receiver:
        started.append(Receiver(answer))
        return started[-1]

    yield start
    for receiver in started:
        receiver.close()


def fine(_update: dict[str, Any]) -> int:
    return 200


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline


def pending(driver: Driver) -> int:
    count: int = driver.result("getWebhookInfo")["pending_update_count"]
    return count


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


def test_update_comes_with_the_secret(driver: Driver, receive: Callable[[Answer], Receiver]) -> None:
    """What waited comes, too; each is confirmed by the answer and comes once."""
    receiver = receive(fine)
    driver.control(f"chats/{USER}/say", text="before")

    driver.result("setWebhook", url=receiver.url, secret_token="a_B-9")
    driver.control(f"chats/{USER}/say", text="after")
    updates = receiver.wait_for(2)
    eventually(lambda: pending(driver) == 0)

    assert texts(updates) == ["before", "after"]
    assert receiver.secrets == ["a_B-9", "a_B-9"]
    assert len(receiver.updates) == 2


def test_refused_update_comes_again(driver: Driver, receive: Callable[[Answer], Receiver]) -> None:
    """Until it is taken; what the same person did after it waits, and getWebhookInfo tells the reason."""
    codes = iter([500, 503, 200, 200])
    receiver = receive(lambda _update: next(codes))
    driver.result("setWebhook", url=receiver.url)

    for text in ("first", "second"):
        driver.control(f"chats/{USER}/say", text=text)
    updates = receiver.wait_for(4)

    info = driver.result("getWebhookInfo")
    assert texts(updates) == ["first", "first", "first", "second"]
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    assert abs(info["last_error_date"] - time.time()) < 60


def test_one_who_waits_does_not_keep_up_others(driver: Driver, receive: Callable[[Answer], Receiver]) -> None:
    """An update that is always refused stops its own chat only."""
    receiver = receive(lambda update: 500 if update["message"]["chat"]["id"] == USER else 200)
    driver.control("chats", id=OTHER, type="private", first_name="Bo")
    driver.result("setWebhook", url=receiver.url)
    driver.control(f"chats/{USER}/say", text="stuck")
    receiver.wait_for(1)

    driver.control(f"chats/{OTHER}/say", text="passes")

    eventually(lambda: "passes" in texts(receiver.updates) and pending(driver) == 1)


def test_as_many_at_once_as_allowed(driver: Driver, receive: Callable[[Answer], Receiver]) -> None:
    """Never more than max_connections, and that many where enough people act."""
    all_in = threading.Event()
    receiver = receive(lambda _update: 200 if all_in.wait(PATIENCE) else 500)
    driver.control("chats", count=6, first_id=601)
    driver.result("setWebhook", url=receiver.url, max_connections=3)

    for chat_id in range(601, 607):
        driver.control(f"chats/{chat_id}/say", text="hi")
    full = receiver.wait_for_busy(3)
    all_in.set()
    updates = receiver.wait_for(6)

    assert full
    assert receiver.busiest == 3
    assert Counter(texts(updates)) == {"hi": 6}
    assert driver.result("getWebhookInfo")["max_connections"] == 3


def test_webhook_brings_allowed_kinds_only(driver: Driver, receive: Callable[[Answer], Receiver]) -> None:
    """The same wishes as for polling; getWebhookInfo repeats them."""
    receiver = receive(fine)
    message_id = driver.send(reply_markup={"inline_keyboard": [[{"text": "Buy", "callback_data": "buy"}]]})
    driver.result("setWebhook", url=receiver.url, allowed_updates=["callback_query"])

    driver.control(f"chats/{USER}/say", text="hi")
    driver.control(f"chats/{USER}/press", message_id=message_id, data="buy")

    (update,) = receiver.wait_for(1)
    assert update["callback_query"]["data"] == "buy"
    assert driver.result("getWebhookInfo")["allowed_updates"] == ["callback_query"]


def test_polling_goes_on_after_the_webhook(driver: Driver) -> None:
    """While one is set polling is refused; what nobody took is left for it afterwards."""
    dead = Receiver(fine)
    dead.close()
    driver.result("setWebhook", url=dead.url, drop_pending_updates=True)
    driver.control(f"chats/{USER}/say", text="hi")
    eventually(lambda: "last_error_message" in driver.result("getWebhookInfo"))
    error = driver.result("getWebhookInfo")["last_error_message"]

    refusal = driver.refusal("getUpdates")
    driver.result("setWebhook", url="")

    assert error == "Connection refused"
    assert refusal.startswith("409 Conflict: can't use getUpdates method while webhook is active")
    assert texts(driver.result("getUpdates")) == ["hi"]
    assert driver.result("getWebhookInfo") == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 1,
    }


def test_setting_a_webhook_ends_a_poll(driver: Driver, receive: Callable[[Answer], Receiver]) -> None:
    """The long poll that waits is told of the conflict."""
    receiver = receive(fine)
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(driver.call, "getUpdates", timeout=30)
        # It is unknown when the poll arrives, so the webhook is set until it has hit it.
        while not poll.done():
            driver.result("setWebhook", url=receiver.url)
            driver.result("deleteWebhook")

    assert poll.result()["error_code"] == 409


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"url": "http://example.org"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "example"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://example.org:5000"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://[::1"}, "invalid webhook URL specified"),
        ({"url": "https://example.org", "secret_token": "ä"}, "secret token contains unallowed characters"),
        ({"url": "https://example.org", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
def test_wrong_webhook_is_refused(driver: Driver, params: dict[str, str], refusal: str) -> None:
    """In Telegram's words; polling goes on."""
    answer = driver.refusal("setWebhook", **params)

    assert answer == f"400 Bad Request: {refusal}"
    assert driver.result("getUpdates") == []


def test_public_webhook_needs_https(driver: Driver) -> None:
    """With it, it is set: nothing was to be delivered, so nobody is asked."""
    driver.result("setWebhook", url="https://example.org/hook", max_connections=500)

    info = driver.result("getWebhookInfo")

    assert (info["url"], info["max_connections"]) == ("https://example.org/hook", 100)
