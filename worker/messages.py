"""What the broker hands over, looked at before Celery does: whoever reaches the broker can put anything there."""

from typing import Any

from kombu.transport.virtual import Message as KombuMessage

LARGEST = 64 * 1024  # characters; our messages have a few hundred

# What reading a message raises that is none: no JSON, too deep, not of the shape that Kombu writes.
UNREADABLE = (ValueError, TypeError, RecursionError)


class Message(KombuMessage):
    """Raises ValueError, before anything of it is used, for what Kombu has not written or is too large."""

    def __init__(self, payload: Any, channel: Any = None, **kwargs: Any) -> None:
        size = len(str(payload))
        if size > LARGEST:
            raise ValueError(f"a message of {size} characters, ours have at most {LARGEST}")
        if not _has_shape(payload):
            raise ValueError("a message of another shape than ours")
        super().__init__(payload, channel=channel, **kwargs)


def _has_shape(payload: Any) -> bool:
    """What Kombu looks up without asking whether it is there."""
    if not isinstance(payload, dict) or not isinstance(payload.get("properties"), dict):
        return False
    properties = payload["properties"]
    delivery = properties.get("delivery_info")
    fields = (properties.get("delivery_tag"), payload.get("body"), properties.get("body_encoding", ""))
    headers = payload.get("headers", {})
    return isinstance(delivery, dict) and isinstance(headers, dict) and all(isinstance(one, str) for one in fields)
