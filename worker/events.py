"""What workers tell Flower and other monitors of tasks, without secrets: errors and arguments may quote anything."""

from functools import cache
from typing import Any

from celery.app.events import Events as CeleryEvents
from celery.events.dispatcher import EventDispatcher

from telemetry.logs import Redaction, secrets_of
from worker.application import settings

QUOTING = ("args", "kwargs", "exception", "result", "traceback")


@cache
def _redaction() -> Redaction:
    return Redaction(secrets_of(settings()))


def cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an event; texts that could quote a secret are as they would be in the log."""
    quoting = {name: fields[name] for name in QUOTING if isinstance(fields.get(name), str)}
    return fields | {name: _redaction().clean(text) for name, text in quoting.items()}


class Dispatcher(EventDispatcher):
    def send(self, type: str, *args: Any, **fields: Any) -> Any:  # noqa: A002  # Celery's name for it
        return super().send(type, *args, **cleaned(fields))

    def publish(self, type: str, fields: dict[str, Any], *args: Any, **kwargs: Any) -> Any:  # noqa: A002  # as above
        return super().publish(type, cleaned(fields), *args, **kwargs)


class Events(CeleryEvents):
    """Named to the application, which makes it when the first event is sent."""

    dispatcher_cls = "worker.events:Dispatcher"
