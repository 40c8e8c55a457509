"""Settings as far as they can be read."""

from config.survey import survey

GOOD = {"DATABASE_URL": "postgresql://u@h/d", "CELERY_BROKER_URL": "redis://h/0"}


def test_what_can_be_used_is_used_and_every_problem_is_told() -> None:
    """One wrong variable does not take the others with it."""
    settings, problems = survey({**GOOD, "HTTP_PORT": "abc", "LOG_LEVEL": "loud"}, ["worker", "bot"])

    assert settings.database_url.endswith("u@h/d")
    assert settings.redis_url == "redis://h/0"
    assert settings.http_port == 8000
    assert {problem.split(" ")[0].rstrip(":") for problem in problems} >= {
        "HTTP_PORT",
        "LOG_LEVEL",
        "TELEGRAM_BOT_TOKEN",
        "DMARKET_SECRET_KEY",
    }


def test_a_need_of_several_processes_is_told_once() -> None:
    """The same sentence for worker and bot is one problem."""
    _, problems = survey({}, ["worker", "bot", "migrations"])

    assert len([problem for problem in problems if problem.startswith("DATABASE_URL")]) == 1


def test_two_forms_of_one_variable_leave_the_others() -> None:
    """Which of both was meant is not guessed."""
    settings, problems = survey({**GOOD, "DATABASE_URL_FILE": "/nowhere"}, ["beat"])

    assert problems == ["DATABASE_URL and DATABASE_URL_FILE are both set: give one of them"]
    assert settings.database_url == ""
    assert settings.celery_broker_url == "redis://h/0"
