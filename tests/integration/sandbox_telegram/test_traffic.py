import time

import pytest

from sandbox.telegram import history, transcript
from sandbox.telegram.server import serve
from sandbox.telegram.traffic import KEPT_SECONDS, Traffic
from sandbox.telegram.world import Options
from tests.integration.sandbox_telegram.driver import USER, Driver


def test_calls_are_counted_by_method_and_second(driver: Driver) -> None:
    """What was accepted, what was one too many, what was wrong."""
    driver.control("faults", kind="429", times=1)
    before = time.time()

    driver.refusal("sendMessage", chat_id=USER, text="a")
    driver.result("SendMessage", chat_id=USER, text="a")
    driver.refusal("editMessageText", chat_id=USER, message_id=999, text="a")
    driver.refusal("sendPizza")

    report = driver.http.get("/_sandbox/traffic", params={"since": int(before)}).json()
    assert report["methods"]["sendmessage"] == {"accepted": 1, "limited": 1, "failed": 0}
    assert report["methods"]["editmessagetext"] == {"accepted": 0, "limited": 0, "failed": 1}
    assert report["methods"]["unknown"] == {"accepted": 0, "limited": 0, "failed": 1}
    assert sum(second["methods"].get("sendmessage", {}).get("limited", 0) for second in report["seconds"]) == 1
    assert (report["carried"]["accepted"], report["carried"]["limited"]) == (1, 1)


def test_edits_count_towards_the_limit() -> None:
    """Five at once into one chat, whichever they are; the sixth waits."""
    with serve(Options(strict_limits=True)) as sandbox:
        driver = Driver(sandbox)
        driver.open_chat()
        message_id = driver.send("0")
        for number in range(1, 5):
            driver.result("editMessageText", chat_id=USER, message_id=message_id, text=str(number))

        edit = driver.refusal("editMessageText", chat_id=USER, message_id=message_id, text="5")
        again = driver.refusal("editMessageText", chat_id=USER, message_id=message_id, text="4")
        carried = driver.http.get("/_sandbox/traffic").json()["carried"]
        driver.http.close()

    assert edit.startswith("429 Too Many Requests: retry after ")
    assert again.startswith("400 Bad Request: message is not modified")
    assert (carried["accepted"], carried["limited"], carried["largest_in_a_second"]) == (5, 1, 5)


def test_fullest_second_is_a_rolling_one() -> None:
    """Two on either side of a full second are together; polls are not carried."""
    traffic = Traffic()

    for now in (100.0, 100.96, 101.1, 101.95):
        traffic.count("sendmessage", 200, now)
        traffic.count("getupdates", 200, now)

    carried = traffic.report(0)["carried"]
    assert (carried["accepted"], carried["largest_in_a_second"]) == (4, 3)
    assert (carried["first_at"], carried["last_at"]) == (100.0, 101.95)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old seconds, lines and messages are forgotten; the numbers go on."""
    traffic = Traffic()
    for second in range(KEPT_SECONDS + 10):
        traffic.count("getme", 200, second)
    monkeypatch.setattr(transcript, "KEPT", 3)
    monkeypatch.setattr(history, "KEPT", 3)
    with serve() as sandbox:
        driver = Driver(sandbox)
        driver.open_chat()
        for number in range(7):
            driver.send(str(number))
        lines = driver.transcript()
        since = driver.transcript(since=5)
        edits = [driver.call("editMessageText", chat_id=USER, message_id=n, text="x")["ok"] for n in (5, 6)]
        driver.http.close()

    assert traffic.report(0)["seconds"][0]["at"] == 10
    assert [line["text"] for line in lines] == ["3", "4", "5", "6"]
    assert [line["seq"] for line in since] == [6, 7]
    assert edits == [False, True]
