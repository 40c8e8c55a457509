"""Whatever the environment holds: usable settings, or one sentence for each problem, and never a secret in it."""

from pathlib import Path
from random import Random
from typing import get_args

from config.settings import Role, Settings, SettingsError, load

GAMES = ("CS2", "RUST", "rust", "", "Ä", "\udcff")
CANARY = "canary1f00d5ecret"
SEED = bytes(range(32)).hex()
PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
GOOD = {
    "DATABASE_URL": f"postgresql://skinbeat:{CANARY}@127.0.0.1:5432/skinbeat",
    "CELERY_BROKER_URL": f"redis://:{CANARY}@127.0.0.1:6379/0",
    "REDIS_URL": f"redis://:{CANARY}@127.0.0.1:6379/0",
    "DMARKET_API_URL": "https://api.dmarket.com",
    "DMARKET_PUBLIC_KEY": PUBLIC,
    "DMARKET_SECRET_KEY": SEED + PUBLIC,
    "TELEGRAM_BOT_TOKEN": f"123456789:{CANARY}",
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "LOG_LEVEL": "INFO",
    "ENVIRONMENT": "production",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_PORT": "8000",
    "SCAN_INTERVAL_CSGO": "30",
    "WORKER_CONCURRENCY": "16",
    "HISTORY_DAYS": "90",
    "SALES_MAX_AGE": "3600",
    "ALERT_MAX_AGE": "120",
}
SECRET = ("DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL", "DMARKET_SECRET_KEY", "TELEGRAM_BOT_TOKEN")
PARTS = (
    "", " ", "\n", "://", "[", "]", "@", ":", "/", "%", "%zz", "?", "#", ",", ",,", "\0", "\udcff", "ä", "٣", "-1",
    "0", "99999999999",
    "1e3", "1.5", "true", "None", "redis://", "postgresql://[::1", "postgresql://u:p@h:99999/x", "http://h:port",
    "x" * 5000,
)  # fmt: skip


def secrets(environ: dict[str, str]) -> set[str]:
    """What must not be said: each that stands in this environment whole."""
    return {secret for secret in (CANARY, SEED) if any(secret in value for value in environ.values())}


def mutated(rng: Random, folder: Path) -> dict[str, str]:
    """A good environment with one to four values damaged, lost, exchanged or moved to a file."""
    environ = dict(GOOD)
    for name in rng.sample(sorted(GOOD), rng.choice((1, 1, 2, 4))):
        kind = rng.randrange(6)
        where = rng.randrange(len(environ[name]) + 1)
        if kind == 0:
            del environ[name]
        elif kind == 1:
            environ[name] = rng.choice(PARTS)
        elif kind == 2:
            environ[name] = environ[name][:where] + rng.choice(PARTS) + environ[name][where:]
        elif kind == 3:
            donors = SECRET if name in SECRET else sorted(set(environ) - set(SECRET))
            environ[name] = environ.get(rng.choice(donors), "")
        elif kind == 4:
            environ[f"SCAN_INTERVAL_{rng.choice(GAMES)}"] = environ[name][:where]
        else:
            path = folder / name
            value = environ.pop(name)
            path.write_bytes(rng.choice((value.encode("utf-8", "surrogateescape"), b"\xff\xfe", b"")))
            environ[f"{name}_FILE"] = rng.choice((str(path), str(folder), "nowhere\0", "x" * 300, value))
    return environ


def test_every_environment_gives_settings_or_sentences(tmp_path: Path) -> None:
    """No other exception; no sentence and no repr tells a secret or goes over several lines."""
    rng = Random(20261123)
    roles: tuple[Role, ...] = get_args(Role)
    ends = {"settings": 0, "sentences": 0}
    for _ in range(3_000):
        environ = mutated(rng, tmp_path)
        try:
            said = [repr(load(environ, rng.choice(roles)))]
            ends["settings"] += 1
        except SettingsError as error:
            said = error.problems
            ends["sentences"] += 1

        assert said, environ
        assert all(secret not in line for line in said for secret in secrets(environ)), (said, environ)
        assert all(len(line.splitlines()) <= 1 for line in said), said
    assert min(ends.values()) > 300, ends


def test_the_good_environment_is_good() -> None:
    """Or the cases above would all end alike."""
    assert isinstance(load(GOOD, "worker"), Settings)
