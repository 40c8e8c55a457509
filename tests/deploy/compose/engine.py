"""A Docker engine to test on: the one that answers, else one of our own as long as the tests run (Linux, root)."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.servers.children import ProcessFamily
from sandbox.servers.processes import poll_until

START_SECONDS = 60.0
OWN_NETWORK = "172.30.0.1/24"
# Debian packages of daemon, client and firewall; Compose v2 and buildx may be plugins of DOCKER_CONFIG.
NEEDED = ("dockerd", "docker", "iptables")


def answers(environ: dict[str, str]) -> bool:
    return _run(["docker", "info"], environ)


def obstacle() -> str | None:
    """Why nothing can be tested here; None where it can."""
    if shutil.which("docker") is None:
        return "there is no docker on this machine"
    if not answers(dict(os.environ)):
        missing = [program for program in NEEDED if shutil.which(program) is None]
        if missing:
            return f"no Docker engine answers, and none can be started without {', '.join(missing)}"
        if os.geteuid() != 0:
            return "no Docker engine answers, and only root can start one"
    if not _run(["docker", "compose", "version"], dict(os.environ)):
        return "docker has no Compose v2 (the plugin docker-compose in DOCKER_CONFIG/cli-plugins)"
    return None


@contextmanager
def engine(folder: Path) -> Iterator[dict[str, str]]:
    """The variables with which docker finds the engine; our own has its images in `folder` and ends with the block."""
    environ = dict(os.environ)
    if answers(environ):
        yield environ
        return
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    environ["DOCKER_HOST"] = f"unix://{folder}/docker.sock"
    command = ["dockerd", "--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec", "-p", f"{folder}/pid"]
    command += ["-H", environ["DOCKER_HOST"], "--bip", OWN_NETWORK]
    with ProcessFamily(folder) as family:
        child = family.spawn("dockerd", command, output=folder / "log", env=environ, cwd=folder)
        if not poll_until(lambda: answers(environ) or not child.running, START_SECONDS) or not child.running:
            raise RuntimeError(f"dockerd did not start, see {folder}/log")
        try:
            yield environ
        finally:
            child.stop()


def _run(command: list[str], environ: dict[str, str]) -> bool:
    return subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 0
