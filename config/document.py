"""`python -m config.document`: writes the table of the environment in README.md anew, from the settings."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.settings import NAMES, NEEDED, PREFIX, Settings
from domain.games import GAMES

README = Path(__file__).parents[1] / "README.md"
HEAD = "| variable | default | who needs or reads it | meaning |"
RULE = "|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Row:
    """What the settings themselves cannot tell: `reads` are the processes whose behaviour the variable changes.

    `default` is given where it is not a value: what stands in for one that is not set.
    """

    meaning: str
    reads: str = ""
    default: str = ""


ROWS: dict[str, Row] = {
    "DATABASE_URL": Row(
        "PostgreSQL, such as `postgresql://user:password@host:5432/skinbeat`",
    ),
    "CELERY_BROKER_URL": Row(
        "broker, such as `redis://:password@host:6379/0`; `amqp://` works too",
        reads="flower too",
    ),
    "REDIS_URL": Row(
        "the Redis or Valkey that holds the shared rate budgets",
        default="the broker, where that is `redis://` or `rediss://`",
    ),
    "DMARKET_PUBLIC_KEY": Row(
        (
            "64 hexadecimal digits; of [several accounts](docs/operations.md#several-accounts) "
            "separated by commas, in a file also by line ends"
        ),
        reads="unless `ENCRYPTION_KEYS` is set",
    ),
    "DMARKET_SECRET_KEY": Row(
        (
            "128 hexadecimal digits as DMarket shows it, or its first 64; of several accounts in the "
            "order of their public keys"
        ),
        reads="unless `ENCRYPTION_KEYS` is set",
    ),
    "ENCRYPTION_KEYS": Row(
        (
            "key ring `ID:KEY,ID:KEY` of the [accounts in the database](docs/operations.md#keys): "
            "the first encrypts, all decrypt"
        ),
        reads="worker reads it",
    ),
    "DMARKET_API_URL": Row(
        "where the exchange is",
        reads="worker reads it",
    ),
    "TELEGRAM_BOT_TOKEN": Row(
        "as @BotFather gives it",
    ),
    "ADMIN_USERS": Row(
        (
            "Telegram user numbers of the owners, separated by commas; what they may do is in "
            "[docs/telegram.md](docs/telegram.md#admins)"
        ),
        reads="bot reads it",
    ),
    "TELEGRAM_API_URL": Row(
        "where the Bot API is",
        reads="bot reads it",
    ),
    "TELEGRAM_WEBHOOK_URL": Row(
        (
            "public `https://` address that leads to the bots; without it one of them polls "
            "([several bots](docs/operations.md#several-bots))"
        ),
        reads="bot reads it",
    ),
    "TELEGRAM_WEBHOOK_SECRET": Row(
        "what Telegram must show with each update: 1 to 256 of `A-Z a-z 0-9 _ -`",
        reads="bot reads it",
        default="made from the token",
    ),
    "TELEGRAM_WEBHOOK_HOST": Row(
        "address on which updates are taken",
        reads="bot reads it",
    ),
    "TELEGRAM_WEBHOOK_PORT": Row(
        "its port; bots on one machine may share it",
        reads="bot reads it",
    ),
    "ALERT_MAX_AGE": Row(
        "seconds from an opportunity's proof after which its alert is not worth sending",
        reads="worker and bot read it",
    ),
    "SALES_MAX_AGE": Row(
        "seconds after which a title's sales are read anew",
        reads="worker reads it",
    ),
    "HISTORY_DAYS": Row(
        "days of price history that are kept",
        reads="worker reads it",
    ),
    "WORKER_CONCURRENCY": Row(
        "threads of one worker",
        reads="worker reads it",
    ),
    "HTTP_HOST": Row(
        "address of `/health`, `/ready` and `/metrics`",
        reads="worker, beat and bot read it",
    ),
    "HTTP_PORT": Row(
        "its port; each process on one machine needs its own",
        reads="worker, beat and bot read it",
    ),
    "LOG_LEVEL": Row(
        "`DEBUG`, `INFO`, `WARNING` or `ERROR`",
        reads="all read it",
    ),
    "OTEL_EXPORTER_OTLP_ENDPOINT": Row(
        "where an OpenTelemetry collector takes [traces](docs/operations.md#traces)",
        reads="worker, beat and bot read it",
    ),
    "ENVIRONMENT": Row(
        "`production` writes logs as JSON",
        reads="all read it",
    ),
}
INTERVALS = "beat, worker and bot read it"
AFTER = "TELEGRAM_WEBHOOK_PORT"  # stand the intervals


def table() -> list[str]:
    """The lines of the table, one for each variable that is read. ValueError for a setting that has no row here."""
    lines = [HEAD, RULE]
    for name in sorted(NAMES, key=list(ROWS).index):
        lines.append(_line(name, _default(name), _who(name), ROWS[name].meaning))
        lines += _intervals() if name == AFTER else ()
    return lines


def _line(name: str, default: str, who: str, meaning: str) -> str:
    return f"| `{name}` | {default} | {who} | {meaning} |"


def _default(name: str) -> str:
    if ROWS[name].default:
        return ROWS[name].default
    value = Settings.model_fields[NAMES[name]].default
    if isinstance(value, int):
        return str(value)
    return f"`{value}`" if isinstance(value, str) and value else "none"


def _who(name: str) -> str:
    needing = [role for role, names in NEEDED.items() if name in names]
    need = f"{_listed(needing)} need{'s' if len(needing) == 1 else ''} it" if needing else ""
    return ", ".join(filter(None, (need, ROWS[name].reads)))


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _intervals() -> Iterator[str]:
    for position, game in enumerate(GAMES.values()):
        meaning = f"the same for {game.label}"
        if position == 0:
            meaning = f"seconds between two scans of {game.label}, 0 switches the game off"
        yield _line(PREFIX + game.key.upper(), str(game.scan_interval), INTERVALS, meaning)


def renewed(text: str) -> str:
    """The document with the table as it must be; ValueError where it has none."""
    lines = text.splitlines()
    if HEAD not in lines:
        raise ValueError(f"no table that begins with {HEAD!r}")
    begin = lines.index(HEAD)
    end = next((at for at in range(begin, len(lines)) if not lines[at].startswith("|")), len(lines))
    return "\n".join([*lines[:begin], *table(), *lines[end:]]) + "\n"


def main() -> int:
    text = README.read_text(encoding="utf-8")
    README.write_text(renewed(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
