"""The URLs in an environment."""

import pytest

from config.settings import SettingsError, load
from tests.unit.config.test_settings import FULL, problems_of


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2"])
@pytest.mark.parametrize(
    "rest", ["u:p%40s%2Fs%25@host:5433/db?sslmode=require&application_name=a%20b", "/db?host=/run"]
)
def test_database_url_gets_its_driver_and_keeps_the_rest(scheme: str, rest: str) -> None:
    """SQLAlchemy 2.1 takes postgresql:// for another driver; escapes and options arrive unchanged."""
    settings = load({**FULL, "DATABASE_URL": f"{scheme}://{rest}"}, "migrations")

    assert settings.database_url == f"postgresql+psycopg2://{rest}"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/db",
        "postgresql+asyncpg://host/db",
        "postgresql://",
        "skinbeat",
        "postgresql://u:p/w@host/db",
        "postgresql://host:0/db",
        "postgresql://host:70000/db",
    ],
)
def test_what_is_no_database_url_is_refused(url: str) -> None:
    """The sentence names the variable, the form, and the usual mistake in passwords."""
    problems = problems_of({**FULL, "DATABASE_URL": url}, "migrations")

    assert len(problems) == 1
    assert problems[0].startswith("DATABASE_URL: must be a URL that starts with postgresql://")
    assert "@ is written %40" in problems[0]


@pytest.mark.parametrize("broker", ["redis://host/0", "rediss://:pw@host:6380/1"])
def test_redis_broker_serves_as_redis(broker: str) -> None:
    """One server is enough for a small installation."""
    assert load({**FULL, "CELERY_BROKER_URL": broker}, "worker").redis_url == broker


def test_redis_of_its_own_is_kept() -> None:
    """Who gives both means both."""
    settings = load({**FULL, "REDIS_URL": "redis://other/3"}, "worker")

    assert (settings.celery_broker_url, settings.redis_url) == (FULL["CELERY_BROKER_URL"], "redis://other/3")


@pytest.mark.parametrize("broker", ["amqp://guest:guest@host//", "amqps://host/vhost"])
def test_worker_with_rabbitmq_wants_a_redis_too(broker: str) -> None:
    """The shared rate budget lives in Redis whatever carries the messages."""
    with pytest.raises(SettingsError, match=r"^REDIS_URL is not set: give the Redis server"):
        load({**FULL, "CELERY_BROKER_URL": broker}, "worker")


def test_beat_with_rabbitmq_wants_no_redis() -> None:
    """Beat only sends."""
    assert load({"CELERY_BROKER_URL": "amqp://host//"}, "beat").redis_url == ""


def test_addresses_of_the_services_lose_their_last_slash() -> None:
    """Paths are appended to them."""
    settings = load({**FULL, "DMARKET_API_URL": "http://127.0.0.1:1/", "TELEGRAM_API_URL": "https://tg/"}, "worker")

    assert (settings.dmarket_api_url, settings.telegram_api_url) == ("http://127.0.0.1:1", "https://tg")
