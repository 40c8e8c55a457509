import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from sandbox.telegram.__main__ import read_options
from sandbox.telegram.server import serve
from tests.integration.sandbox_telegram.driver import GROUP, USER, Driver

ROOT = Path(__file__).resolve().parents[3]


def test_transcript_waits_for_the_next_line(driver: Driver) -> None:
    """A long poll from a known number on returns only what is new."""
    driver.send("first")

    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(driver.transcript, since=1, wait=9)
        driver.send("second")
        lines = waiting.result(30)

    assert [(line["seq"], line["text"]) for line in lines] == [(2, "second")]


def test_chats_and_health_are_shown(driver: Driver) -> None:
    """Who spoke, which commands and which webhook are set."""
    driver.control("chats", id=GROUP, type="group", first_name="Traders")

    shown = driver.http.get("/_sandbox/chats").json()

    assert [(chat["id"], chat["spoke"]) for chat in shown["chats"]] == [(USER, True), (GROUP, True)]
    assert shown["webhook"] == {"url": "", "pending_update_count": 0}
    assert driver.http.get("/_sandbox/health").json() == {"status": "ok"}


def test_chat_can_be_renamed_without_forgetting_that_it_spoke(driver: Driver) -> None:
    """Registering it again changes name and language only."""
    driver.control("chats", id=USER, type="private", first_name="Bo", language_code="de")

    sent = driver.result("sendMessage", chat_id=USER, text="hi")

    assert sent["chat"]["first_name"] == "Bo"


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("chats", {"id": "x"}, "id is 'x'; it must be an integer other than 0."),
        ("chats", {"id": 5, "type": "club"}, "type is 'club'; it must be one of private, group, supergroup."),
        ("chats", {"id": 5, "type": "group"}, "id is 5; private chats have positive ids, groups negative ones."),
        ("chats", [], "The body must be a JSON object."),
        (f"chats/{USER}/say", {}, 'say needs {"text": "..."}, a text that is not empty.'),
        (f"chats/{USER}/press", {"message_id": 99, "data": "a"}, f"Chat {USER} has no message 99."),
        (f"chats/{USER}/press", {"message_id": 1, "data": "a"}, "Message 1 has no button with data 'a'; it has []."),
        (
            f"chats/{USER}/press",
            {"message_id": 1, "data": "a" * 65, "forged": True},
            "data are longer than 64 bytes, which no button can carry.",
        ),
        ("chats/8/say", {"text": "a"}, "There is no chat 8; create it with POST /_sandbox/chats first."),
        ("faults", {"kind": "x"}, "kind is 'x'; it must be one of 429, 500, swallow, 400, 403, migrate or off."),
        (
            "faults",
            {"kind": "migrate"},
            "migrate needs chat_id (the group) and to (the id of the new supergroup).",
        ),
    ],
)
def test_wrong_request_is_answered_by_one_sentence(driver: Driver, path: str, body: object, sentence: str) -> None:
    """It names what is wrong and what would be right."""
    answer = driver.http.post(f"/_sandbox/{path}", json=body)

    assert answer.status_code in {400, 404}
    assert answer.json() == {"error": sentence}


def test_wrong_transcript_number_is_named(driver: Driver) -> None:
    """The same for the query string."""
    answer = driver.http.get("/_sandbox/transcript", params={"since": "-1"})

    assert answer.json() == {"error": "since is '-1'; it must be a number of at least 0."}


def test_forged_press_carries_any_data(driver: Driver) -> None:
    """A modified client may send what no button offers."""
    message_id = driver.send()

    driver.control(f"chats/{USER}/press", message_id=message_id, data="admin:1", forged=True)

    assert driver.result("getUpdates")[0]["callback_query"]["data"] == "admin:1"


def test_command_line_starts_a_sandbox_and_a_signal_stops_it() -> None:
    """One JSON line tells where it answers; SIGTERM ends it with 0."""
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox.telegram", "--token", "77:abc"], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        answer = httpx.get(f"{ready['url']}/bot77:abc/getMe").json()
        os.kill(process.pid, signal.SIGTERM)
        code = process.wait(30)

    assert ready["token"] == "77:abc"
    assert answer["result"]["id"] == 77
    assert code == 0


def test_taken_port_is_named() -> None:
    """On the command line as a sentence, in a test as the OSError."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = subprocess.run(
            [sys.executable, "-m", "sandbox.telegram", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

        with pytest.raises(OSError, match="address already in use"), serve(port=port):
            pass

    assert run.returncode == 1
    assert run.stderr.startswith(f"Port {port} cannot be used: ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--token", "abc"], "--token is 'abc'; it must look like 1234:sandbox."),
        (["--port", "70000"], "--port is 70000; it must be between 0 and 65535."),
    ],
)
def test_wrong_arguments_are_named(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the exit code 2 of a usage error."""
    with pytest.raises(SystemExit) as caught:
        read_options(arguments)

    assert caught.value.code == 2
    assert sentence in capsys.readouterr().err
