"""One installation for all tests of this folder; the containers, volumes and networks go with it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.exchange.signatures import key_pair
from sandbox.servers.data_folder import kept_port
from sandbox.telegram.world import Options
from tests.deploy.compose.engine import engine
from tests.deploy.compose.images import ROOT, provide
from tests.deploy.compose.stack import OPERATOR, PROJECT, Stack

KEPT = ROOT / "var" / "deploy"  # images of an engine of our own: two minutes to make
SETTINGS = """\
SCAN_INTERVAL_CSGO=0
SCAN_INTERVAL_DOTA2=0
SCAN_INTERVAL_TF2=0
SCAN_INTERVAL_RUST=5
"""


@pytest.fixture(scope="session")
def environ() -> Iterator[dict[str, str]]:
    """What docker is called with, once all base images are there."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with engine(KEPT / "engine") as environ:
        stand_ins = provide(environ, KEPT)
        print(f"stand-ins: {', '.join(stand_ins) or 'none'}")  # noqa: T201  # what was tested is worth a line
        yield environ


@pytest.fixture(scope="session")
def stack(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("deploy")
    ports = {name: kept_port(folder / f"port-{name}") for name in ("exchange", "telegram", "flower", "prometheus")}
    stack = Stack(_variables(environ, folder, ports), _secrets(folder / "secrets"), ports)
    stack.compose("down", "--volumes", "--remove-orphans")
    try:
        stack.compose("build", "worker")  # what the sandbox's image is built on
        stack.compose("build")
        stack.up()
        stack.subscribe()
        yield stack
    finally:
        (ROOT / "var" / "deploy" / "last.log").write_text(stack.compose("logs", "--no-color", check=False))
        stack.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "5")


def _variables(environ: dict[str, str], folder: Path, ports: dict[str, int]) -> dict[str, str]:
    settings = folder / "skinbeat.env"
    settings.write_text(SETTINGS)
    return {
        **environ,
        "DOCKER_BUILDKIT": "1",
        "COMPOSE_PROJECT_NAME": PROJECT,
        "SKINBEAT_VERSION": "test",
        "SKINBEAT_SECRETS": str(folder / "secrets"),
        "SKINBEAT_ENV": str(settings),
        "ALERT_CHAT_ID": str(OPERATOR),
        "WORKERS": "2",
        **{f"TEST_{name.upper()}_PORT": str(ports[name]) for name in ("exchange", "telegram")},
        **{f"{name.upper()}_PORT": str(ports[name]) for name in ("flower", "prometheus")},
    }


def _secrets(folder: Path) -> Path:
    """Made as an operator makes them, with the keys of the simulated services."""
    subprocess.run(["sh", "deploy/prepare.sh", str(folder)], cwd=ROOT, check=True, capture_output=True)
    public, secret = key_pair()
    for name, text in {
        "dmarket_public_key": public,
        "dmarket_secret_key": secret,
        "telegram_bot_token": Options().token,
    }.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o444)
    return folder
