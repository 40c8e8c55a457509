import httpx
import pytest

from tests.integration.sandbox_telegram.driver import GROUP, USER, Driver


def test_too_many_requests_as_often_as_asked(driver: Driver) -> None:
    """Two refusals with their waiting time, then it works again."""
    driver.control("faults", kind="429", retry_after=2, times=2)

    answers = [driver.call("sendMessage", chat_id=USER, text="a") for _ in range(3)]

    assert answers[0] == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 2",
        "parameters": {"retry_after": 2},
    }
    assert [answer["ok"] for answer in answers] == [False, False, True]


def test_blocked_chat_stays_blocked(driver: Driver) -> None:
    """For that chat only, until the faults are switched off."""
    driver.control("chats", id=GROUP, type="group", first_name="Traders")
    driver.control("faults", kind="403", chat_id=USER)

    blocked = [driver.refusal("sendMessage", chat_id=USER, text="a") for _ in range(3)]
    other = driver.call("sendMessage", chat_id=GROUP, text="a")
    driver.control("faults", kind="off")
    after = driver.call("sendMessage", chat_id=USER, text="a")

    assert set(blocked) == {"403 Forbidden: bot was blocked by the user"}
    assert other["ok"]
    assert after["ok"]


def test_migrated_group_tells_its_new_id(driver: Driver) -> None:
    """The new supergroup takes messages."""
    driver.control("chats", id=GROUP, type="group", first_name="Traders")
    driver.control("faults", kind="migrate", chat_id=GROUP, to=-100123)

    answer = driver.call("sendMessage", chat_id=GROUP, text="a")
    moved = driver.result("sendMessage", chat_id=-100123, text="a")

    assert answer["error_code"] == 400
    assert answer["parameters"] == {"migrate_to_chat_id": -100123}
    assert moved["chat"] == {"id": -100123, "type": "supergroup", "title": "Traders"}


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        ({"kind": "500"}, "500 Internal Server Error"),
        ({"kind": "400"}, "400 Bad Request: chat not found"),
        ({"kind": "400", "description": "Bad Request: TOPIC_CLOSED"}, "400 Bad Request: TOPIC_CLOSED"),
        ({"kind": "403", "description": "Forbidden: user is deactivated"}, "403 Forbidden: user is deactivated"),
    ],
)
def test_other_refusals_can_be_planned(driver: Driver, fault: dict[str, object], refusal: str) -> None:
    """With their own words if given; nothing is sent."""
    driver.control("faults", **fault)

    answer = driver.refusal("sendMessage", chat_id=USER, text="a")

    assert answer == refusal
    assert driver.transcript() == []


def test_swallowed_message_arrives_without_an_answer(driver: Driver) -> None:
    """The reader has it, the bot cannot know: the connection is closed below the answer."""
    driver.control("faults", kind="swallow")

    with pytest.raises(httpx.TransportError):
        driver.call("sendMessage", chat_id=USER, text="once")
    after = driver.call("sendMessage", chat_id=USER, text="twice")

    assert after["ok"]
    assert [line["text"] for line in driver.transcript()] == ["once", "twice"]


def test_swallowed_message_can_run_into_the_time_out_of_the_client(driver: Driver) -> None:
    """With a delay longer than the client waits."""
    driver.control("faults", kind="swallow", delay=30)

    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{driver.sandbox.url}/bot{driver.sandbox.token}/sendMessage",
            json={"chat_id": USER, "text": "once"},
            timeout=0.2,
        )

    assert [line["text"] for line in driver.transcript()] == ["once"]


def test_fault_can_name_its_method(driver: Driver) -> None:
    """Unnamed ones leave polling and chat actions alone."""
    driver.control("faults", kind="500", method="getUpdates")
    driver.control("faults", kind="429", times=1)

    action = driver.call("sendChatAction", chat_id=USER, action="typing")
    poll = driver.refusal("getUpdates")
    sent = driver.refusal("sendMessage", chat_id=USER, text="a")

    assert action["ok"]
    assert poll == "500 Internal Server Error"
    assert sent == "429 Too Many Requests: retry after 1"
