"""One frozen, typed view of the environment; every problem in it is reported at once."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from config.keys import check_pairs, check_public, check_secret, keys_in
from config.ring import Ring, ring_in
from domain.games import GAMES

Role = Literal["worker", "beat", "bot", "migrations", "keys", "encrypt", "admins", "verify", "doctor"]

NEEDED: dict[Role, tuple[str, ...]] = {
    "worker": ("DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL", "DMARKET_PUBLIC_KEY", "DMARKET_SECRET_KEY"),
    "beat": ("CELERY_BROKER_URL",),
    "bot": ("DATABASE_URL", "REDIS_URL", "TELEGRAM_BOT_TOKEN"),
    "migrations": ("DATABASE_URL",),
    "keys": ("DATABASE_URL", "REDIS_URL", "ENCRYPTION_KEYS"),
    "encrypt": ("ENCRYPTION_KEYS",),
    "admins": ("DATABASE_URL",),
    "verify": ("DATABASE_URL", "CELERY_BROKER_URL"),
    "doctor": (),
}
PAIR = frozenset({"DMARKET_PUBLIC_KEY", "DMARKET_SECRET_KEY"})


class SettingsError(Exception):
    """The environment cannot be used; `problems` holds one sentence for each variable."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def _one_of_schemes(value: str, schemes: tuple[str, ...]) -> str:
    if not _names_a_place(value, schemes):
        starts = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ValueError(f"must be a URL that starts with {starts} (in a password, @ is written %40 and / is %2F)")
    return value


def _names_a_place(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:  # its message would quote a part of the URL, perhaps of the password
        return False
    return "://" in value and parts.scheme in schemes and bool(parts.hostname or parts.path) and port != 0


def _database(value: str) -> str:
    """Accept `postgresql://`, which SQLAlchemy 2.1 would take for psycopg 3, and name the driver in use."""
    _one_of_schemes(value, ("postgresql", "postgresql+psycopg2", "postgres"))
    return "postgresql+psycopg2://" + value.split("://", 1)[1]


def _http(value: str) -> str:
    return _one_of_schemes(value, ("http", "https")).rstrip("/")


def _webhook(value: str) -> str:
    """Telegram calls https only; plain http on this machine is for the simulated one."""
    _one_of_schemes(value, ("http", "https"))
    parts = urlsplit(value)
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("must start with https://, because Telegram calls nothing else")
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        raise ValueError("must be 1 to 256 of the characters A-Z, a-z, 0-9, _ and - (leave it away to have one made)")
    return value


def _secret(value: SecretStr) -> SecretStr:
    return SecretStr(check_secret(value.get_secret_value()))


def _ring(value: SecretStr) -> SecretStr:
    ring_in(value.get_secret_value())
    return value


def _token(value: SecretStr) -> SecretStr:
    number, _, secret = value.get_secret_value().partition(":")
    if not number.isdigit() or not secret:
        raise ValueError("must look like 123456:ABC…, as @BotFather gives it")
    return value


def _user_ids(value: object) -> object:
    """Telegram's numbers of users, separated by commas."""
    if not isinstance(value, str):
        return value
    ids = [part.strip() for part in value.split(",")]
    if not all(part.isascii() and part.isdigit() for part in ids):
        raise ValueError("must be Telegram user numbers separated by commas, such as 123456789,987654321")
    return frozenset(map(int, ids))


def _broker(value: str) -> str:
    return _one_of_schemes(value, ("redis", "rediss", "redis+socket", "unix", "amqp", "amqps"))


def _redis(value: str) -> str:
    return _one_of_schemes(value, ("redis", "rediss", "unix"))


class Settings(BaseModel):
    """Field names in capitals are the variables' names. Durations are in seconds unless named otherwise.

    What holds a password or a key does not show in repr() and str().
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_database), Field(repr=False)] = ""
    celery_broker_url: Annotated[str, AfterValidator(_broker), Field(repr=False)] = ""
    redis_url: Annotated[str, AfterValidator(_redis), Field(repr=False)] = ""
    dmarket_api_url: Annotated[str, AfterValidator(_http)] = "https://api.dmarket.com"
    dmarket_public_key: Annotated[str, AfterValidator(check_public)] = ""
    dmarket_secret_key: Annotated[SecretStr, AfterValidator(_secret)] = SecretStr("")
    encryption_keys: Annotated[SecretStr, AfterValidator(_ring)] = SecretStr("")
    telegram_bot_token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    admin_users: Annotated[frozenset[int], BeforeValidator(_user_ids)] = frozenset()
    telegram_api_url: Annotated[str, AfterValidator(_http)] = "https://api.telegram.org"
    telegram_webhook_url: Annotated[str, AfterValidator(_webhook)] = ""
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = SecretStr("")
    telegram_webhook_host: str = "127.0.0.1"
    telegram_webhook_port: Annotated[int, Field(ge=0, le=65535)] = 8443
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = "INFO"
    otel_exporter_otlp_endpoint: Annotated[str, AfterValidator(_http), Field(repr=False)] = ""
    environment: Literal["development", "production"] = "development"
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8000
    scan_intervals: dict[str, Annotated[int, Field(ge=0, le=86_400)]] = Field(default_factory=dict)
    worker_concurrency: Annotated[int, Field(ge=1, le=64)] = 16
    history_days: Annotated[int, Field(ge=1, le=3650)] = 90
    sales_max_age: Annotated[int, Field(ge=60, le=86_400)] = 3600
    alert_max_age: Annotated[int, Field(ge=5, le=3600)] = 120

    @model_validator(mode="after")
    def _keys_are_pairs(self) -> Self:
        secret = self.dmarket_secret_key.get_secret_value()
        if self.dmarket_public_key and secret:
            check_pairs(self.dmarket_public_key, secret)
        return self

    def key_pairs(self) -> list[tuple[str, SecretStr]]:
        """Public and secret key of each exchange account, in the order given; empty without keys."""
        secrets = keys_in(self.dmarket_secret_key.get_secret_value())
        return list(zip(keys_in(self.dmarket_public_key), map(SecretStr, secrets), strict=False))

    def ring(self) -> Ring:
        """The keys of what is encrypted in the database; none in it where ENCRYPTION_KEYS is not set."""
        return ring_in(self.encryption_keys.get_secret_value())

    def scan_interval(self, game: str) -> timedelta | None:
        """Time between two scans of a game, None when it is switched off."""
        seconds = self.scan_intervals.get(game, GAMES[game].scan_interval)
        return timedelta(seconds=seconds) if seconds else None


PREFIX = "SCAN_INTERVAL_"  # followed by a game
NAMES = {  # field by variable
    name.upper(): name for name in Settings.model_fields if name != "scan_intervals"
}


def load(environ: Mapping[str, str], role: Role) -> Settings:
    """Read the settings a process of this role needs.

    Any of them may be given as a file: `NAME_FILE` names it. `REDIS_URL` defaults to the broker where that is
    Redis. Raises SettingsError with every problem found, each naming its variable.
    """
    problems: list[str] = []
    texts = _texts(environ, problems)
    if "REDIS_URL" not in texts and texts.get("CELERY_BROKER_URL", "").startswith(("redis://", "rediss://")):
        texts["REDIS_URL"] = texts["CELERY_BROKER_URL"]
    given = {*texts, *(name for name in NEEDED[role] if environ.get(f"{name}_FILE"))}
    problems += [f"{name} is not set: {_WHY[name]}" for name in _needed(role, texts) if name not in given]
    values: dict[str, object] = {NAMES[name]: text for name, text in texts.items() if name in NAMES}
    values["scan_intervals"] = _intervals(texts, problems)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems += [_sentence(part["loc"], part["msg"]) for part in error.errors()]
    if problems:
        raise SettingsError(problems)
    return settings


def _needed(role: Role, texts: Mapping[str, str]) -> list[str]:
    """Keys of the exchange may be in the database alone, where that can be read and none are given."""
    stored = "ENCRYPTION_KEYS" in texts and not texts.keys() & PAIR
    return [name for name in NEEDED[role] if not (stored and name in PAIR)]


_WHY = {
    "DATABASE_URL": "give the Postgres server, such as postgresql://user:password@host:5432/skinbeat",
    "CELERY_BROKER_URL": "give the broker, such as redis://:password@host:6379/0",
    "REDIS_URL": "give the Redis server that holds the shared rate budgets, such as redis://:password@host:6379/0",
    "DMARKET_PUBLIC_KEY": "create an API key in your DMarket account settings and give its public part",
    "DMARKET_SECRET_KEY": "create an API key in your DMarket account settings and give its secret part",
    "ENCRYPTION_KEYS": "make a key with `celery -A worker keys generate` and give it to all workers",
    "TELEGRAM_BOT_TOKEN": "ask @BotFather in Telegram for a bot token",
}


def _texts(environ: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """The values of our variables, `NAME_FILE` read; an empty value counts as not set."""
    texts: dict[str, str] = {}
    intervals = {name.removesuffix("_FILE"): None for name in environ if name.startswith(PREFIX)}
    for name in [*NAMES, *intervals]:
        if environ.get(name, "").strip():
            texts[name] = environ[name].strip()
        path = environ.get(f"{name}_FILE", "").strip()
        if path and name in texts:
            problems.append(f"{name} and {name}_FILE are both set: give one of them")
        elif path:
            try:
                texts[name] = _content(Path(path))
            except OSError as error:
                problems.append(f"{name}_FILE: {_shown(path)} cannot be read ({error.strerror or 'no usable path'})")
            except ValueError as error:
                problems.append(f"{name}_FILE: {_shown(path)} {error}")
    return texts


def _shown(path: str) -> str:
    """The path, unless it does not look like one: then it may well be the secret itself."""
    return path if path.startswith(("/", "./", "../")) else "the file that it should name"


def _content(path: Path) -> str:
    """The text in a file without the spaces and line ends around it; ValueError where there is none."""
    try:
        text = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError("is not a text file") from None
    if not text:
        raise ValueError("is empty")
    return text


def _intervals(texts: Mapping[str, str], problems: list[str]) -> dict[str, object]:
    intervals: dict[str, object] = {}
    for name, text in texts.items():
        if name.startswith(PREFIX):
            game = name.removeprefix(PREFIX).lower()
            if game in GAMES:
                intervals[game] = text
            else:
                problems.append(f"{name}: there is no game {game}, the games are {', '.join(GAMES)}")
    return intervals


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    text = message.removeprefix("Value error, ").replace("Input should", "must")
    if not where:
        return text
    name = PREFIX + str(where[1]).upper() if where[0] == "scan_intervals" else str(where[0]).upper()
    return f"{name}: {text}"
