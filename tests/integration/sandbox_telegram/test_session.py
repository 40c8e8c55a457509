import threading
from concurrent.futures import ThreadPoolExecutor

from sandbox.telegram.server import serve
from sandbox.telegram.world import Options
from tests.integration.sandbox_telegram.driver import USER, Driver

BUTTON = {"inline_keyboard": [[{"text": "Buy", "callback_data": "buy:1"}]]}


def test_bot_knows_itself(driver: Driver) -> None:
    """With a username, else python-telegram-bot fires no command handler."""
    me = driver.result("getMe")

    assert (me["id"], me["is_bot"], me["username"]) == (1234, True, "skinbeat_sandbox_bot")


def test_command_of_a_user_is_marked_as_such(driver: Driver) -> None:
    """The entity counts UTF-16 units, and a path is no command."""
    driver.control(f"chats/{USER}/say", text="🚀 /scan@skinbeat_sandbox_bot a/b")

    (update,) = driver.result("getUpdates")

    message = update["message"]
    assert message["entities"] == [{"type": "bot_command", "offset": 3, "length": 26}]
    assert message["from"] == {"id": USER, "is_bot": False, "first_name": "Ada", "language_code": "en"}


def test_updates_stay_until_they_are_confirmed(driver: Driver) -> None:
    """An offset confirms all before it; a negative one keeps only the last."""
    ids = [driver.control(f"chats/{USER}/say", text=text)["update_id"] for text in "abcd"]

    seen = [update["update_id"] for update in driver.result("getUpdates")]
    limited = [update["update_id"] for update in driver.result("getUpdates", limit=2)]
    after = [update["update_id"] for update in driver.result("getUpdates", offset=ids[1])]
    last = [update["update_id"] for update in driver.result("getUpdates", offset=-1)]

    assert seen == ids
    assert limited == ids[:2]
    assert after == ids[1:]
    assert last == ids[3:]


def test_long_poll_ends_with_the_first_update(driver: Driver) -> None:
    """It waits for what a user does, not for its time-out."""
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(driver.result, "getUpdates", timeout=9)
        update_id = driver.control(f"chats/{USER}/say", text="hi")["update_id"]

        updates = poll.result(30)

    assert [update["update_id"] for update in updates] == [update_id]


def test_second_poller_ends_the_first_with_a_conflict(driver: Driver) -> None:
    """As with the real service: 409 for the older poll, the newer one goes on."""
    answers: list[dict[str, object]] = []
    older = threading.Thread(target=lambda: answers.append(driver.call("getUpdates", timeout=30)))
    older.start()

    # It is unknown which poll arrives first, so polls follow until one has hit the older.
    while older.is_alive():
        driver.result("getUpdates", timeout=0)
    older.join()

    assert answers[0]["error_code"] == 409
    assert str(answers[0]["description"]).startswith("Conflict: terminated by other getUpdates request")


def test_only_allowed_updates_are_queued(driver: Driver) -> None:
    """What the bot did not ask for never arrives."""
    message_id = driver.send(reply_markup=BUTTON)
    driver.result("getUpdates", allowed_updates=["callback_query"])

    driver.control(f"chats/{USER}/say", text="hi")
    driver.control(f"chats/{USER}/press", message_id=message_id, data="buy:1")

    (update,) = driver.result("getUpdates")
    assert "callback_query" in update


def test_pending_updates_can_be_dropped(driver: Driver) -> None:
    """By deleteWebhook, as applications do when they start."""
    driver.control(f"chats/{USER}/say", text="hi")
    pending = driver.result("getWebhookInfo")["pending_update_count"]

    driver.result("deleteWebhook", drop_pending_updates=True)

    assert pending == 1
    assert driver.result("getUpdates") == []


def test_press_is_answered_and_written_down(driver: Driver) -> None:
    """The callback query carries the data and the message; the answer appears in the transcript."""
    message_id = driver.send(reply_markup=BUTTON)
    query_id = driver.control(f"chats/{USER}/press", message_id=message_id, data="buy:1")["callback_query_id"]
    (update,) = driver.result("getUpdates")

    driver.result("answerCallbackQuery", callback_query_id=query_id, text="done", show_alert=True)

    query, line = update["callback_query"], driver.transcript()[-1]
    assert (query["id"], query["data"], query["message"]["message_id"]) == (query_id, "buy:1", message_id)
    assert (line["kind"], line["message_id"], line["text"], line["show_alert"]) == ("answer", message_id, "done", True)
    assert (line["callback_query_id"], line["user_id"], line["url"]) == (query_id, USER, "")


def test_stale_callback_is_refused() -> None:
    """Unknown ids, and those whose time is over."""
    with serve(Options(callback_seconds=0)) as sandbox:
        driver = Driver(sandbox)
        driver.open_chat()
        message_id = driver.send(reply_markup=BUTTON)
        press = driver.control(f"chats/{USER}/press", message_id=message_id, data="buy:1")

        old = driver.refusal("answerCallbackQuery", callback_query_id=press["callback_query_id"])
        unknown = driver.refusal("answerCallbackQuery", callback_query_id="1")
        driver.http.close()

    assert old == "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert unknown == old


def test_answer_is_short(driver: Driver) -> None:
    """A pop-up has at most 200 units."""
    message_id = driver.send(reply_markup=BUTTON)
    press = driver.control(f"chats/{USER}/press", message_id=message_id, data="buy:1")

    refusal = driver.refusal("answerCallbackQuery", callback_query_id=press["callback_query_id"], text="a" * 201)

    assert refusal == "400 Bad Request: MESSAGE_TOO_LONG"
