"""What happens when Celery's processes start and are told to stop."""

import os
import signal
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from celery.beat import Service
from celery.exceptions import SecurityWarning

from config.settings import Settings
from worker import signals
from worker.scheduler import PromptScheduler


@pytest.fixture
def handlers() -> Iterator[None]:
    """The handlers of this process, as they were, after the test."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_beat_stops_even_where_the_end_is_swallowed(
    number: signal.Signals, handlers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library's clean-up may replace the SystemExit by its own error: the loop ends with the next look."""
    monkeypatch.setattr(signals, "settings", lambda: Settings(http_port=0))
    monkeypatch.setattr(signals, "BEAT", {})  # there is no broker to look at
    service: Any = Service(Celery(set_as_current=False), scheduler_cls=PromptScheduler)
    signals.set_up_beat(sender=service)

    with pytest.raises(SystemExit):
        os.kill(os.getpid(), number)
    asked = service._is_shutdown.is_set()

    assert asked


@pytest.mark.parametrize(("accepted", "told"), [(["json"], 0), (["json", "pickle"], 1)])
def test_root_is_no_news_where_only_json_is_accepted(accepted: list[str], told: int) -> None:
    """With pickle Celery's warning stays: then a message could run code as root."""
    app = Celery(set_as_current=False)
    app.conf.accept_content = accepted

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        signals.allow_root(conf=app.conf)
        warnings.warn(SecurityWarning("superuser"), stacklevel=1)

    assert len(warned) == told
