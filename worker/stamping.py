"""Each message says when it was sent and within which trace, so that whoever reads it knows how long it waited."""

from datetime import UTC, datetime
from typing import Any

from celery.signals import before_task_publish

from tasks.measured import SENT_AT
from telemetry import traces


@before_task_publish.connect
def stamp(sender: str, headers: dict[str, Any], **_kwargs: Any) -> None:
    """Beat's, a worker's and those of the command line alike."""
    headers[SENT_AT] = datetime.now(UTC).timestamp()
    headers.update(traces.carried(sender))
