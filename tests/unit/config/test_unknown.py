"""Variables that look like ours and are none."""

import pytest

from config.unknown import known, unknown


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TELEGRAM_BOT_TOKN", "TELEGRAM_BOT_TOKEN"),
        ("DMARKET_SECRETKEY_FILE", "DMARKET_SECRET_KEY_FILE"),
        ("CELERY_BROKER_ULR", "CELERY_BROKER_URL"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("WORKER_CONCURENCY", "WORKER_CONCURRENCY"),
        ("ALERT_MAXAGE", "ALERT_MAX_AGE"),
    ],
)
def test_a_typing_mistake_gets_the_name_that_was_meant(name: str, meant: str) -> None:
    """Also where the mistake is in the prefix, and in the form that names a file."""
    assert unknown({name: "x"}) == [f"{name} is no variable of Skinbeat and does nothing: did you mean {meant}?"]


def test_what_begins_like_ours_and_is_like_nothing_is_told_too() -> None:
    """Nobody else's variables have these prefixes. The value is never quoted."""
    (said,) = unknown({"SKINBEAT_ZZZ": "canary"})

    assert said == "SKINBEAT_ZZZ is no variable of Skinbeat and does nothing: remove it"


def test_what_is_ours_or_plainly_somebody_elses_is_not_told() -> None:
    """Every name that is read, its file form, and what other programs have in any environment."""
    ours = dict.fromkeys(known(), "x") | {f"{name}_FILE": "x" for name in known()}
    others = dict.fromkeys(
        ("PATH", "HOME", "HTTP_PROXY", "HTTPS_PROXY", "REDIS_HOST", "REDIS_PASSWORD", "CELERY_LOADER", "PGHOST",
         "CELERY_CONFIG_MODULE", "WORKER_DB_PASSWORD", "BOT_DB_PASSWORD", "HOSTNAME", "LOG_DIR", "POSTGRES_PASSWORD"),
        "x",
    )  # fmt: skip

    assert unknown(ours | others) == []
