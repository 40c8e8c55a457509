"""Each message says when it was sent, so that whoever reads it knows how long it waited."""

from datetime import UTC, datetime
from typing import Any

from celery.signals import before_task_publish

from tasks.measured import SENT_AT


@before_task_publish.connect
def stamp(headers: dict[str, Any], **_kwargs: Any) -> None:
    """Beat's, a worker's and those of the command line alike."""
    headers[SENT_AT] = datetime.now(UTC).timestamp()
