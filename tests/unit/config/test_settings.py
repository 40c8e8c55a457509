"""What `load` makes of an environment."""

from datetime import timedelta

import pytest

from config.settings import NEEDED, Role, Settings, SettingsError, load

PUBLIC = "ab" * 32
SECRET = "cd" * 32
TOKEN = "123456:canary-token"
FULL = {
    "DATABASE_URL": "postgresql://user:canary-db@host/skinbeat",
    "CELERY_BROKER_URL": "redis://:canary-broker@host:6379/0",
    "DMARKET_PUBLIC_KEY": PUBLIC,
    "DMARKET_SECRET_KEY": SECRET,
    "TELEGRAM_BOT_TOKEN": TOKEN,
}


def problems_of(environ: dict[str, str], role: Role = "worker") -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load(environ, role)
    return refused.value.problems


def test_full_environment_is_accepted_for_every_role() -> None:
    """One environment file serves all processes."""
    roles: tuple[Role, ...] = ("worker", "beat", "bot", "migrations")

    loaded = [load(FULL, role) for role in roles]

    assert len({settings.database_url for settings in loaded}) == 1


@pytest.mark.parametrize("role", list(NEEDED))
def test_role_gets_by_on_what_it_needs(role: Role) -> None:
    """Beat needs no keys, the bot no broker: nothing else is demanded."""
    given = {"REDIS_URL": "redis://host/0", "ENCRYPTION_KEYS": f"k1:{'A' * 43}=", **FULL}
    environ = {name: given[name] for name in NEEDED[role]}

    settings = load(environ, role)

    assert settings.log_level == "INFO"


@pytest.mark.parametrize("role", [role for role, names in NEEDED.items() if names])
def test_everything_missing_is_named_at_once(role: Role) -> None:
    """One start tells about all variables, each with what to give."""
    problems = problems_of({}, role)

    assert [problem.split(" ")[0] for problem in problems] == list(NEEDED[role])
    assert all(" is not set: " in problem for problem in problems)


def test_missing_and_wrong_are_reported_together() -> None:
    """Nobody has to start twice to learn of a second mistake."""
    problems = problems_of(
        {"DATABASE_URL": "mysql://x", "LOG_LEVEL": "loud", "HTTP_PORT": "http", "SCAN_INTERVAL_CSGO": "-1"}
    )

    named = {problem.replace(":", " ").split(" ")[0] for problem in problems}
    assert named == {
        "DATABASE_URL",
        "CELERY_BROKER_URL",
        "REDIS_URL",
        "DMARKET_PUBLIC_KEY",
        "DMARKET_SECRET_KEY",
        "LOG_LEVEL",
        "HTTP_PORT",
        "SCAN_INTERVAL_CSGO",
    }


def test_empty_value_counts_as_not_set() -> None:
    """`NAME=` in an environment file is how people switch something off."""
    settings = load({**FULL, "HTTP_PORT": "", "LOG_LEVEL": "  "}, "worker")

    assert (settings.http_port, settings.log_level) == (8000, "INFO")


@pytest.mark.parametrize("written", ["debug", "Debug", "DEBUG"])
def test_log_level_may_be_written_in_any_case(written: str) -> None:
    """Upper and lower case mean the same."""
    assert load({**FULL, "LOG_LEVEL": written}, "worker").log_level == "DEBUG"


def test_secrets_do_not_show() -> None:
    """Neither repr nor str of the settings holds a password, a key or the token."""
    settings = load(FULL, "worker")

    shown = repr(settings) + str(settings)

    assert not [secret for secret in ("canary", SECRET) if secret in shown]


@pytest.mark.parametrize("role", ["worker", "bot"])
def test_errors_do_not_quote_values(role: Role) -> None:
    """A secret with a typing error in it is still a secret."""
    wrong = {
        "DATABASE_URL": "postgresql://user:canary/db@host/skinbeat",
        "CELERY_BROKER_URL": "redis://:canary\u2100@host",
        "REDIS_URL": "http://canary@[host",
        "DMARKET_PUBLIC_KEY": "canary",
        "DMARKET_SECRET_KEY": "canary",
        "TELEGRAM_BOT_TOKEN": "canary",
        "HTTP_PORT": "canary",
    }

    problems = problems_of(wrong, role)

    assert len(problems) == len(wrong)
    assert "canary" not in "\n".join(problems)


def test_keys_of_different_pairs_are_refused() -> None:
    """The long form of the secret key contains the public one; a mix-up is found before the first request."""
    problems = problems_of({**FULL, "DMARKET_SECRET_KEY": SECRET + "ef" * 32})

    assert problems == ["DMARKET_SECRET_KEY does not belong to DMARKET_PUBLIC_KEY: give both of one key pair"]


def test_long_and_upper_case_keys_are_accepted() -> None:
    """DMarket shows the secret key with the public one appended."""
    settings = load({**FULL, "DMARKET_SECRET_KEY": (SECRET + PUBLIC).upper()}, "worker")

    assert settings.dmarket_secret_key.get_secret_value() == SECRET + PUBLIC


def test_interval_of_a_game_is_its_default_unless_given() -> None:
    """Games keep their own pace; one variable changes one game."""
    settings = load({**FULL, "SCAN_INTERVAL_DOTA2": "15"}, "beat")

    assert settings.scan_interval("dota2") == timedelta(seconds=15)
    assert settings.scan_interval("csgo") == timedelta(seconds=30)


def test_interval_of_zero_switches_a_game_off() -> None:
    """0 is not "as fast as possible"."""
    assert load({**FULL, "SCAN_INTERVAL_RUST": "0"}, "beat").scan_interval("rust") is None


def test_interval_of_an_unknown_game_names_the_games() -> None:
    """A typing error must not leave a game at its default in silence."""
    problems = problems_of({**FULL, "SCAN_INTERVAL_CS2": "10"})

    assert problems == ["SCAN_INTERVAL_CS2: there is no game cs2, the games are csgo, dota2, tf2, rust"]


def test_settings_cannot_be_changed() -> None:
    """What was checked at the start stays as it was checked."""
    settings = Settings()

    with pytest.raises(ValueError, match="frozen"):
        settings.http_port = 1  # type: ignore[misc]  # that it cannot be done is the point
