"""Secrets in a line of log."""

from base64 import b64encode

import pytest
from pydantic import SecretStr

from config.settings import Settings, load
from telemetry.logs import HIDDEN, Redaction, learn, secrets_of

SEED = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("at redis://:pass@host:1/0 now", "at redis://***@host:1/0 now"),
        ("postgresql+psycopg2://u:p%40ss@host/db", "postgresql+psycopg2://***@host/db"),
        ("amqp://user:pw@host//", "amqp://***@host//"),
        (
            "POST https://api.telegram.org/bot123456:ABC-def_1/sendMessage",
            "POST https://api.telegram.org/bot***/sendMessage",
        ),
        ("token 123456789:AAabcdefgh rejected", "token *** rejected"),
        (f"signature {SEED}{SEED.upper()} sent", "signature *** sent"),
    ],
)
def test_what_has_the_shape_of_a_secret_is_hidden(said: str, left: str) -> None:
    """Even secrets the process was never given, such as another bot's token."""
    assert Redaction(()).clean(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "GET http://127.0.0.1:8000/ready?x=1",
        "connection to 127.0.0.1:42253: refused",
        "2026-11-23T02:24:14.097821Z price 12345 at 10:30:15",
        f"item {SEED}",
        "redis://host:6379/0",
    ],
)
def test_what_only_looks_similar_stays(said: str) -> None:
    """Addresses, times and shorter hashes are what logs are read for."""
    assert Redaction(()).clean(said) == said


def test_known_secret_is_hidden_in_any_case_and_place() -> None:
    """Libraries write keys in upper case or inside other words."""
    redaction = Redaction(("canary", "canary-long"))

    assert redaction.clean("xCANARYx canary-long canary-longer") == f"x{HIDDEN}x {HIDDEN} {HIDDEN}er"


def test_nothing_known_hides_nothing() -> None:
    """An empty secret, as of a process without keys, must not match everywhere."""
    assert Redaction(("", "")).clean("beat: Starting...") == "beat: Starting..."


def test_secrets_of_settings_are_keys_token_and_passwords() -> None:
    """The seed of a long secret key and the decoded form of a password are secrets as well."""
    settings = load(
        {
            "DATABASE_URL": "postgresql://skinbeat:canary%40db@host/skinbeat",
            "CELERY_BROKER_URL": "redis://:canary-broker@host/0",
            "DMARKET_SECRET_KEY": SEED + "ab" * 32,
            "TELEGRAM_BOT_TOKEN": "123456:canary-token",
        },
        "bot",
    )

    assert set(secrets_of(settings)) == {
        SEED + "ab" * 32,
        SEED,
        "123456:canary-token",
        "canary%40db",
        "canary@db",
        "canary-broker",
    }


def test_the_secret_keys_of_all_accounts_are_secrets() -> None:
    """Each by itself: a line of log shows one of them, not the list."""
    keys = [SEED, "ab" * 32]
    redaction = Redaction(secrets_of(Settings(dmarket_secret_key=SecretStr(",".join(keys)))))

    assert redaction.clean(f"first {keys[0]} second {keys[1].upper()}") == f"first {HIDDEN} second {HIDDEN}"


def test_password_that_is_a_word_of_the_logs_is_no_secret() -> None:
    """A password equal to the user's or database's name, or very short, would make logs unreadable."""
    settings = Settings(
        database_url="postgresql://skinbeat:skinbeat@host/skinbeat", celery_broker_url="redis://:scan@host/0"
    )

    assert not any(secrets_of(settings))


def test_what_is_learned_later_is_hidden_in_lines_that_were_set_up_before() -> None:
    """Secrets out of the database; in exceptions and in any case."""
    redaction = Redaction([])
    late = "cafe" * 16
    before = redaction.clean(f"key {late}")

    learn(late, "")

    assert late in before
    assert redaction.clean(f"ValueError('{late.upper()}') key {late}") == "ValueError('***') key ***"


def test_the_keys_of_the_ring_are_secrets() -> None:
    """As they are written, without their ids."""
    key = b64encode(bytes(range(32))).decode()
    settings = Settings.model_validate({"encryption_keys": f"k1:{key}"})

    assert key in set(secrets_of(settings))
    assert Redaction(secrets_of(settings)).clean(f"k1:{key}") == "k1:***"
