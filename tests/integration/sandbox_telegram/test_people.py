from typing import Any

from tests.integration.sandbox_telegram.driver import USER, Driver

BUTTON = {"inline_keyboard": [[{"text": "Buy", "callback_data": "buy:1"}]]}


def test_edited_message_comes_as_such(driver: Driver) -> None:
    """With the new text and the moment of the change."""
    said = driver.control(f"chats/{USER}/say", text="/scna")["message_id"]

    driver.control(f"chats/{USER}/edit", message_id=said, text="/scan")

    edited = driver.result("getUpdates")[1]["edited_message"]
    assert (edited["message_id"], edited["text"], edited["entities"][0]["length"]) == (said, "/scan", 5)
    assert edited["edit_date"] >= edited["date"]


def test_people_edit_only_their_own(driver: Driver) -> None:
    """What the bot sent is the bot's."""
    sent = driver.send()

    answer = driver.http.post(f"/_sandbox/chats/{USER}/edit", json={"message_id": sent, "text": "b"})

    assert answer.json() == {"error": f"Message {sent} is the bot's; people edit only their own."}


def test_any_update_can_be_pushed(driver: Driver) -> None:
    """As it is, whatever its kind and whatever the bot allows; only the number is given here."""
    driver.result("getUpdates", allowed_updates=["callback_query"])
    raw: list[dict[str, Any]] = [
        {"channel_post": {"message_id": 1, "chat": {"id": -1, "type": "channel"}, "date": 0, "text": "<&"}},
        {"update_id": 3, "message": "no object at all"},
        {},
    ]

    ids = driver.control("updates", updates=raw)["update_ids"]

    updates = driver.result("getUpdates")
    assert [update["update_id"] for update in updates] == ids
    assert [{**update, "update_id": 3} for update in updates] == [{**update, "update_id": 3} for update in raw]


def test_only_objects_are_updates(driver: Driver) -> None:
    """Telegram never sends anything else."""
    answer = driver.http.post("/_sandbox/updates", json={"updates": [1]})

    assert answer.json() == {"error": "Each entry of updates must be a JSON object."}


def test_button_of_a_deleted_message_can_still_be_pressed(driver: Driver) -> None:
    """On a screen that was not refreshed: the bot then sees the number of the message only."""
    message_id = driver.send(reply_markup=BUTTON)
    driver.result("deleteMessage", chat_id=USER, message_id=message_id)

    driver.control(f"chats/{USER}/press", message_id=message_id, data="buy:1", forged=True)

    (update,) = driver.result("getUpdates")
    message = update["callback_query"]["message"]
    assert (message["message_id"], message["date"], "text" in message) == (message_id, 0, False)


def test_many_chats_are_there_at_once(driver: Driver) -> None:
    """Each has spoken, so the bot may write, but nothing of it is queued."""
    made = driver.control("chats", count=20_000, first_id=5_000)

    first, last = (driver.result("sendMessage", chat_id=made[name], text="a") for name in ("first_id", "last_id"))

    assert (first["chat"]["id"], last["chat"]["id"]) == (5_000, 24_999)
    assert driver.result("getUpdates") == []


def test_silent_message_is_marked_in_the_transcript(driver: Driver) -> None:
    """So is what it replies to."""
    said = driver.control(f"chats/{USER}/say", text="hi")["message_id"]

    driver.send("loud")
    driver.send("silent", disable_notification=True, reply_parameters={"message_id": said})

    loud, silent = driver.transcript()
    assert (loud["disable_notification"], loud["reply_to"]) == (False, None)
    assert (silent["disable_notification"], silent["reply_to"]) == (True, said)
