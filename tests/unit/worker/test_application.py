"""Which sub-command a command line is about, hence what it needs."""

import pytest

from config.settings import load
from worker.application import ROLES, command_of


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("-A worker worker", "worker"),
        ("-A worker worker -Q scan --pool prefork", "worker"),
        ("--app worker beat", "beat"),
        ("--app=worker beat", "beat"),
        ("-A worker -q --workdir worker flower --port=5555", "flower"),
        ("-A worker inspect -d worker ping", "inspect"),
        ("-A worker scan csgo --wait", "scan"),
        ("-A worker --help", "celery"),
        ("", "celery"),
    ],
)
def test_command_is_the_first_word_that_is_no_option(line: str, command: str) -> None:
    """The application is called worker, so is a sub-command, and a host could be."""
    assert command_of(line.split()) == command


@pytest.mark.parametrize("command", ["beat", "flower", "call", "inspect", "celery"])
def test_commands_that_only_send_need_the_broker_alone(command: str) -> None:
    """No database and no exchange keys on the machine that runs beat or Flower."""
    settings = load({"CELERY_BROKER_URL": "redis://host/0"}, ROLES.get(command, "beat"))

    assert settings.celery_broker_url == "redis://host/0"
