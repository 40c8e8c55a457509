"""What a run takes from the environment and what it starts itself."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.runner.environment import PROCESSES, Needs, Ports, needs, problems_in, without

REAL = {
    "DATABASE_URL": "postgresql://host/db",
    "CELERY_BROKER_URL": "redis://host/0",
    "DMARKET_PUBLIC_KEY": "ab" * 32,
    "DMARKET_SECRET_KEY": "cd" * 32,
    "TELEGRAM_BOT_TOKEN": "123456:token",
}
NOTHING = Needs(postgres=False, broker=False, exchange=False, telegram=False)
ALL = Needs(postgres=True, broker=True, exchange=True, telegram=True)


def test_run_starts_what_is_not_named() -> None:
    """An empty environment is a complete sandbox, a full one is used as it is."""
    assert needs({}, everything=False) == ALL
    assert needs(REAL, everything=False) == NOTHING


def test_demo_takes_nothing_from_the_environment() -> None:
    """Real keys in a shell must not make the demo touch the real market."""
    assert needs(REAL, everything=True) == ALL


@pytest.mark.parametrize(
    ("name", "spared"),
    [
        ("DATABASE_URL", "postgres"),
        ("DATABASE_URL_FILE", "postgres"),
        ("REDIS_URL", "broker"),
        ("DMARKET_SECRET_KEY_FILE", "exchange"),
        ("TELEGRAM_BOT_TOKEN", "telegram"),
    ],
)
def test_one_variable_of_a_part_spares_that_part(name: str, spared: str) -> None:
    """Half of a key pair is a mistake to report, not a wish for the sandbox."""
    wanted = needs({name: "x"}, everything=False)

    assert [part for part in ("postgres", "broker", "exchange", "telegram") if not getattr(wanted, part)] == [spared]


def test_address_of_a_service_alone_does_not_make_it_real() -> None:
    """Without keys the sandbox exchange stands in, wherever DMARKET_API_URL points."""
    assert needs({"DMARKET_API_URL": "https://api.dmarket.com"}, everything=False).exchange


def test_without_takes_the_files_too() -> None:
    """A leftover NAME_FILE beside our NAME would be refused as a contradiction."""
    assert without({"A": "1", "A_FILE": "/a", "B": "2"}, "A") == {"B": "2"}


def test_ports_are_free_and_different() -> None:
    """Each process can listen on its own."""
    ports = Ports.free()

    assert list(ports.of) == list(PROCESSES)
    assert len(set(ports.of.values())) == len(PROCESSES)
    for port in ports.of.values():
        with closing(socket.create_server(("127.0.0.1", port))) as listener:
            assert listener.getsockname()[1] == port


@pytest.mark.parametrize("environ", [{}, REAL, {"DMARKET_API_URL": "nonsense", "TELEGRAM_API_URL": "nonsense"}])
def test_usable_environment_has_no_problems(environ: dict[str, str]) -> None:
    """What the sandbox replaces is not looked at."""
    assert problems_in(environ, everything=False) == []


def test_demo_has_no_problem_with_what_it_does_not_take(tmp_path: Path) -> None:
    """Files with secrets of another installation are no concern of the demo."""
    files = {f"{name}_FILE": f"{tmp_path}/none" for name in REAL}

    assert problems_in(files, everything=True) == []


def test_problems_of_all_processes_come_at_once_and_once() -> None:
    """Worker and bot look at the same variables; a person reads each sentence once."""
    problems = problems_in(
        {"DATABASE_URL": "x", "DMARKET_PUBLIC_KEY": "ab" * 32, "LOG_LEVEL": "loud"}, everything=False
    )

    assert sorted(problem.split(" ")[0].strip(":") for problem in problems) == [
        "DATABASE_URL",
        "DMARKET_SECRET_KEY",
        "LOG_LEVEL",
    ]


def test_a_real_bot_must_not_announce_simulated_deals() -> None:
    """A token without exchange keys is refused, unless it belongs to a Bot API of one's own."""
    half = {"TELEGRAM_BOT_TOKEN": REAL["TELEGRAM_BOT_TOKEN"]}

    [problem] = problems_in(half, everything=False)
    assert problem.startswith("DMARKET_PUBLIC_KEY and DMARKET_SECRET_KEY are not set")
    assert problems_in({**half, "TELEGRAM_API_URL": "http://127.0.0.1:8081"}, everything=False) == []
    assert problems_in(half, everything=True) == []
