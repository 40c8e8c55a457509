"""Log set-up: one line an event, JSON in production, and no secret in any of them."""

import logging
import re
import sys
import threading
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from config.keys import SEED, keys_in
from config.ring import written_keys
from config.settings import Settings

HIDDEN = "***"
_SHAPES = (
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),  # user:password in a URL
    re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{6,}"),  # a bot token, alone or after "bot" in a URL
    re.compile(r"\b[0-9a-fA-F]{128}\b"),  # a secret key or a signature
)
_QUIET = (
    "httpx",
    "httpcore",
    "urllib3",
    "apscheduler",
    "telegram",
    "amqp",
    "kombu",
    "celery.worker.strategy",  # each message received
    "celery.app.trace",  # each task done; one that failed is an error
)
_LEARNED: dict[str, re.Pattern[str]] = {}  # by secret: what became known after the start
SHORTEST = 8  # a shorter password is more likely a word that logs need than a secret


class Redaction:
    """Replaces known secrets, and anything shaped like one, in a line of log."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._shapes = (*map(_shape, known), *_SHAPES)

    def clean(self, text: str) -> str:
        for shape in (*_LEARNED.copy().values(), *self._shapes):  # a copy: another thread may learn meanwhile
            text = shape.sub(HIDDEN, text)
        return text

    def __call__(self, _logger: WrappedLogger, _method: str, line: Any) -> str:
        """The last processor: it gets the rendered line where the others get the event."""
        return self.clean(str(line))


def _shape(secret: str) -> re.Pattern[str]:
    return re.compile(re.escape(secret), re.IGNORECASE)


def learn(*secrets: str) -> None:
    """Replace these too from now on, in every line of this process: secrets that no setting holds."""
    _LEARNED.update({secret: _shape(secret) for secret in secrets if secret and secret not in _LEARNED})


def setup(settings: Settings, process: str) -> None:
    """Send everything said in this process to stderr, each line with the name of the `process`.

    Python's warnings and errors that end the process or a thread are lines of log like all others.
    """
    chain = _chain(process)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(settings, chain))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)
    sys.excepthook = _say_uncaught
    threading.excepthook = lambda args: _say_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _chain(process: str) -> list[Processor]:
    """What happens to our events and to those of libraries alike."""

    def name_process(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        _one_line,
        name_process,
        structlog.processors.format_exc_info,
    ]


def _formatter(settings: Settings, chain: list[Processor]) -> logging.Formatter:
    production = settings.environment == "production"
    renderer: Processor = (
        structlog.processors.JSONRenderer() if production else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=chain,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
            Redaction(secrets_of(settings)),
        ],
    )


def secrets_of(settings: Settings) -> Iterator[str]:
    """What must not be readable in a log: keys, the token, and the passwords in URLs, also decoded."""
    for secret in keys_in(settings.dmarket_secret_key.get_secret_value()):
        yield from (secret, secret[:SEED])
    yield from written_keys(settings.encryption_keys.get_secret_value())
    yield settings.telegram_bot_token.get_secret_value()
    servers = (settings.database_url, settings.celery_broker_url, settings.redis_url)
    for url in (*servers, settings.otel_exporter_otlp_endpoint):
        parts = urlsplit(url)
        password = parts.password or ""
        if len(password) >= SHORTEST and password not in {parts.username, parts.path.strip("/")}:
            yield from (password, unquote(password))


def _one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Celery ends some messages with a line break and has one in the middle of others."""
    event["event"] = " ".join(str(event["event"]).split("\n")).strip()
    return event


def _say_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """The last words of a process or thread go the way of all others, so that they hold no secret either."""
    if issubclass(kind, (KeyboardInterrupt, SystemExit)):
        return
    logging.getLogger(__name__).critical("ended by an error nobody handled", exc_info=(kind, error or kind(), trace))


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events are a stable key with ids beside it: `log.info("scan planned", game="csgo")`."""
    log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return log
