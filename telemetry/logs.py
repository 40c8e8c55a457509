"""Log set-up: one line an event, JSON in production, and no secret in any of them."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from config.settings import Settings

HIDDEN = "***"
_SHAPES = (
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),  # user:password in a URL
    re.compile(r"\b\d{5,}:[A-Za-z0-9_-]{6,}"),  # a bot token
    re.compile(r"\b[0-9a-fA-F]{128}\b"),  # a secret key or a signature
)
_QUIET = ("httpx", "httpcore", "urllib3", "apscheduler", "telegram", "amqp", "kombu")


class Redaction:
    """Replaces known secrets, and anything shaped like one, in a line of log."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self.secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def clean(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        for shape in _SHAPES:
            text = shape.sub(HIDDEN, text)
        return text

    def __call__(self, _logger: WrappedLogger, _method: str, line: Any) -> str:
        """The last processor: it gets the rendered line where the others get the event."""
        return self.clean(str(line))


def setup(settings: Settings, process: str) -> None:
    """Send everything logged in this process to stderr, each line with the name of the `process`."""

    def name_process(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    redaction = Redaction(
        (settings.dmarket_secret_key.get_secret_value(), settings.telegram_bot_token.get_secret_value())
    )
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        name_process,
        structlog.processors.format_exc_info,
    ]
    production = settings.environment == "production"
    renderer: Processor = (
        structlog.processors.JSONRenderer() if production else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer, redaction],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events are a stable key with ids beside it: `log.info("scan planned", game="csgo")`."""
    log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return log
