"""What `make security` asks: holes of dependencies, patterns in the code, container files, secrets left in text."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
BASELINE = ".secrets.baseline"
SHIPPED = (
    "bot",
    "config",
    "deploy/probe.py",
    "dmarket",
    "domain",
    "migrations",
    "models",
    "tasks",
    "telemetry",
    "worker",
)
DOCKERFILES = ("Dockerfile", "deploy/stand-ins/Dockerfile", "deploy/stand-ins/sandbox.Dockerfile")
COMPOSE_FILES = ("docker-compose.prod.yml", "deploy/compose.test.yml")
NO_TEXT = (".png", ".lock", ".po")  # nothing that a person wrote a secret into; hashes of packages look like some
LEFT_TO_RUFF = "B104"  # all interfaces: also a comparison with them
UPDATED = 3  # of the hook: the baseline had other line numbers
AUDIT_SECONDS = 180
SHOWN = 3000  # characters of a tool's answer


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says; `asked` is false where the one to be asked could not be reached."""

    good: bool
    text: str
    asked: bool = True


def patterns() -> Finding:
    """Bandit on what is shipped; what ruff's S rules say of a line, with the reason beside it, is left to them."""
    level = ("--severity-level", "medium", "--confidence-level", "medium", "--skip", LEFT_TO_RUFF)
    return _tool("bandit", "--quiet", *level, "-r", *SHIPPED)


def dockerfiles() -> Finding:
    return _tool("hadolint", *DOCKERFILES)


def compose_files() -> Finding:
    return _tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", *COMPOSE_FILES)


def secrets() -> Finding:
    """No text that looks like a secret and is not in the baseline of those that were looked at."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / BASELINE  # the hook writes new line numbers into it
        shutil.copy(ROOT / BASELINE, copy)
        command = [_path("detect-secrets-hook"), "--baseline", str(copy), *texts()]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return Finding(good=told.returncode in {0, UPDATED}, text=told.stdout.strip()[-SHOWN:])


def renew_baseline() -> None:
    """Take everything that looks like a secret now as looked at; what it really is, the commit's diff must show."""
    command = [_path("detect-secrets"), "scan", *texts()]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    (ROOT / BASELINE).write_text(told.stdout)


def texts() -> list[str]:
    """The files of the project that a person wrote, those not committed yet included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in listed if not name.endswith(NO_TEXT) and name != BASELINE and (ROOT / name).is_file()]


def dependencies() -> Finding:
    """The locked packages against the published vulnerabilities; nobody reachable is no finding."""
    command = [_path("pip-audit"), "--disable-pip", "--no-deps", "--format", "json", "-r", "requirements.lock"]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=AUDIT_SECONDS)
        answers: list[Mapping[str, Any]] = json.loads(told.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return Finding(good=True, text="the list of vulnerabilities could not be reached", asked=False)
    return judged(answers)


def judged(answers: Sequence[Mapping[str, Any]]) -> Finding:
    """What pip-audit's answers for each package come to."""
    holes = [f"{one['name']} {one['version']}: {hole['id']}" for one in answers for hole in one.get("vulns", [])]
    unknown = [one["name"] for one in answers if "skip_reason" in one]
    if holes:
        return Finding(good=False, text="\n".join(holes))
    if len(unknown) == len(answers):
        return Finding(good=True, text="nobody could be asked about any package", asked=False)
    return Finding(good=True, text=f"not known there: {', '.join(unknown)}" if unknown else "")


CHECKS: Mapping[str, Callable[[], Finding]] = {
    "code": patterns,
    "Dockerfiles": dockerfiles,
    "compose files": compose_files,
    "secrets": secrets,
    "dependencies": dependencies,
}


def _tool(name: str, *arguments: str) -> Finding:
    told = subprocess.run([_path(name), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return Finding(good=told.returncode == 0, text=(told.stdout + told.stderr).strip()[-SHOWN:])


def _path(name: str) -> str:
    return str(Path(sys.executable).with_name(name))
