"""What monitors are told of tasks."""

import os
from collections.abc import Iterator

import pytest
from kombu import Exchange

from telemetry.logs import learn
from worker import events
from worker.application import app, settings

LEARNED = "beef" * 16
PASSWORD = "a-long-password"


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings of a process that only sends, with a password in them."""
    monkeypatch.setitem(os.environ, "CELERY_BROKER_URL", f"redis://user:{PASSWORD}@127.0.0.1:1/0")
    settings.cache_clear()
    events._redaction.cache_clear()
    yield
    settings.cache_clear()
    events._redaction.cache_clear()


def test_texts_that_quote_are_cleaned() -> None:
    """Errors, their traces and arguments; a secret that became known later too. All else is as it was."""
    learn(LEARNED)
    fields = {
        "uuid": "1",
        "exception": f"ValueError('{LEARNED}')",
        "traceback": f"line\n  {PASSWORD}\n",
        "kwargs": f"{{'key': '{LEARNED.upper()}'}}",
        "result": None,
        "runtime": 1.5,
    }

    assert events.cleaned(fields) == {
        "uuid": "1",
        "exception": "ValueError('***')",
        "traceback": "line\n  ***\n",
        "kwargs": "{'key': '***'}",
        "result": None,
        "runtime": 1.5,
    }


def test_the_application_sends_its_events_so() -> None:
    """Those of workers and those of whoever sends a task."""
    assert issubclass(app.events.Dispatcher, events.Dispatcher)


def test_both_ways_to_send_are_cleaned() -> None:
    """With the dispatcher's own producer and with another one."""
    learn(LEARNED)
    sent: list[dict[str, object]] = []

    class Producer:
        def publish(self, event: dict[str, object], **_kwargs: object) -> None:
            sent.append(event)

    dispatcher = app.events.Dispatcher(enabled=False, hostname="here")
    dispatcher.enabled, dispatcher.producer, dispatcher.exchange = True, Producer(), Exchange("celeryev")
    dispatcher.send("task-failed", exception=f"E('{LEARNED}')")
    dispatcher.publish("task-sent", {"kwargs": LEARNED}, Producer())

    assert [(event["type"], event.get("exception"), event.get("kwargs")) for event in sent] == [
        ("task-failed", "E('***')", None),
        ("task-sent", None, "***"),
    ]
