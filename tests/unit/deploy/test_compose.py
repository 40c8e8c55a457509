"""The shipped compose file as text: what must hold whether or not there is an engine to try it on."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import NEEDED, Settings
from tasks.queues import Queue

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "docker-compose.prod.yml"
PUBLISHED = {"flower", "grafana", "prometheus"}
ONE_SHOT = {"migrate", "admin", "backup"}
BROKERS = ("valkey", "rabbitmq")
COMMANDS = {
    "worker": ["celery", "-A", "worker", "worker"],
    "beat": ["celery", "-A", "worker", "beat"],
    "bot": ["python", "-m", "bot"],
}


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(SHIPPED.read_text())
    return loaded


@pytest.fixture(scope="module")
def services(shipped: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = shipped["services"]
    return found


def test_every_container_is_hardened(services: dict[str, dict[str, Any]]) -> None:
    """One that is added later without it is found here, not by an intruder."""
    lacking = {
        name
        for name, service in services.items()
        if not service.get("read_only")
        or service.get("cap_drop") != ["ALL"]
        or service.get("cap_add")
        or service.get("privileged")
        or "no-new-privileges:true" not in service.get("security_opt", [])
        or str(service.get("user", "0")).startswith("0")
        or {"cpus", "memory", "pids"} - set(service["deploy"]["resources"]["limits"])
        or "logging" not in service
    }

    assert lacking == set()


def test_every_service_comes_back_and_is_looked_after(services: dict[str, dict[str, Any]]) -> None:
    """What runs for long restarts by itself and has a health check; what runs once does neither."""
    kept = {name for name, service in services.items() if service["restart"] == "unless-stopped"}
    looked_after = {name for name, service in services.items() if "test" in service["healthcheck"]}

    assert kept == looked_after == set(services) - ONE_SHOT


def test_only_consoles_are_published_on_the_loopback(services: dict[str, dict[str, Any]]) -> None:
    """Database, broker and our own HTTP have no port on the machine at all."""
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert set(ports) == PUBLISHED
    assert all(port.startswith("127.0.0.1:") for published in ports.values() for port in published)


def test_database_and_brokers_are_in_a_network_without_exit(shipped: dict[str, Any]) -> None:
    """Who has taken over the database still cannot send it anywhere."""
    inside = {name: shipped["services"][name]["networks"] for name in ("postgres", "valkey", "rabbitmq", "migrate")}

    assert set(map(tuple, inside.values())) == {("data",)}
    assert shipped["networks"]["data"]["internal"] is True
    assert shipped["networks"]["watch"]["internal"] is True


def test_nothing_starts_before_what_it_needs(services: dict[str, dict[str, Any]]) -> None:
    """The schema comes first, and nobody meets a database or broker that still starts."""
    waits = {name: {on: how["condition"] for on, how in services[name]["depends_on"].items()} for name in COMMANDS}

    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name, conditions in waits.items():
        assert conditions["migrate"] == "service_completed_successfully", name
        assert conditions["valkey"] == "service_healthy", name


def test_images_are_pinned(services: dict[str, dict[str, Any]]) -> None:
    """No `latest` and no bare name, in the compose file and the Dockerfile alike; one Python for all stages."""
    foreign = [service["image"] for service in services.values() if "build" not in service]
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    pinned = re.compile(r"[\w./-]+:v?\d+\.\d+[\w.-]*")

    assert [image for image in foreign if not pinned.fullmatch(image)] == []
    assert {base for base in bases if base not in {"build", "runtime", "tools"}} == {"python:3.11.14-slim-trixie"}


@pytest.mark.parametrize("role", sorted(COMMANDS))
def test_each_process_gets_what_it_needs(services: dict[str, dict[str, Any]], role: str) -> None:
    """As files, each of which it may also read; no secret stands in a variable, no variable is misspelt."""
    service = services[role]
    given = service["environment"]
    known = {name.upper() for name in Settings.model_fields}
    files = {name: Path(value).name for name, value in given.items() if name.endswith("_FILE")}
    either = {file.replace("${BROKER:-valkey}", by) for file in files.values() for by in BROKERS}

    assert service["command"] == COMMANDS[role]
    assert set(NEEDED[role]) <= {name.removesuffix("_FILE") for name in given}  # type: ignore[index]  # roles are keys
    assert {name.removesuffix("_FILE") for name in given} <= known
    assert either == set(service["secrets"])
    assert set(given) == set(files)


def test_no_process_holds_a_key_that_it_does_not_need(services: dict[str, dict[str, Any]]) -> None:
    """Exchange keys are the workers', the token the bot's and Alertmanager's, the owner's password the migration's."""
    holders: dict[str, set[str]] = {}
    for name, service in services.items():
        for secret in service.get("secrets", []):
            holders.setdefault(secret if isinstance(secret, str) else secret["source"], set()).add(name)

    assert holders["dmarket_secret_key"] == holders["encryption_keys"] == {"worker", "admin"}
    assert holders["telegram_bot_token"] == {"bot", "alertmanager", "admin"}
    assert holders["owner_database_url"] == {"migrate", "backup", "admin"}
    assert holders["bot_valkey_url"] == {"bot"}


def test_every_queue_is_taken(services: dict[str, dict[str, Any]]) -> None:
    """Workers are told no queues, so they take all that there are."""
    assert "-Q" not in services["worker"]["command"]
    assert {queue.value for queue in Queue} == {"scan", "prices", "verify", "maintenance"}


def test_secrets_are_made_or_asked_for(shipped: dict[str, Any], tmp_path: Path) -> None:
    """`prepare.sh` makes each file that the compose file names, but those that only the operator has; once."""
    script = ["sh", str(ROOT / "deploy" / "prepare.sh"), str(tmp_path / "secrets")]
    first = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    again = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    named = {Path(one["file"]).name for one in shipped["secrets"].values()}
    asked = set(re.findall(r"yours to write: \S+/(\w+)", first))

    assert named - set(made) == asked == {"dmarket_public_key", "dmarket_secret_key", "telegram_bot_token"}
    assert "made " not in again
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert made["valkey_password"] not in made["valkey_acl"]
    assert len({made[name] for name in made if name.endswith("_password")}) == 8


def test_broker_rights_are_those_of_the_handbook(tmp_path: Path) -> None:
    """The lines of docs/operations.md, Redis users, and of the file that is made are the same rights."""
    subprocess.run(["sh", str(ROOT / "deploy" / "prepare.sh"), str(tmp_path)], capture_output=True, check=True)
    made = (tmp_path / "valkey_acl").read_text()
    handbook = (ROOT / "docs/operations.md").read_text()
    told = re.findall(r"^ACL SETUSER (\w+) on >PASSWORD (.*)$", handbook, re.MULTILINE)
    rights = dict(re.findall(r"^user (\w+) on #[0-9a-f]{64} (.*)$", made, re.MULTILINE))

    assert rights == dict(told)
    assert made.startswith("user default off\n")


def test_files_have_the_shape_that_compose_knows() -> None:
    """By the published schema, which needs no engine."""
    command = [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    command += [str(SHIPPED), str(ROOT / "deploy" / "compose.test.yml")]

    told = subprocess.run(command, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout


def test_dockerfiles_pass_hadolint() -> None:
    """Its advice is followed or refused with a reason in .hadolint.yaml."""
    files = ["Dockerfile", "deploy/stand-ins/Dockerfile", "deploy/stand-ins/sandbox.Dockerfile"]

    told = subprocess.run([tool("hadolint"), *files], cwd=ROOT, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout


def test_compose_reads_its_file(tmp_path: Path) -> None:
    """Compose's own check, where it is installed: variables, merges, references."""
    if not has_compose():
        pytest.skip("docker has no Compose v2 here")  # nothing else reads the file as Compose does
    subprocess.run(["sh", str(ROOT / "deploy" / "prepare.sh"), str(tmp_path)], capture_output=True, check=True)
    settings = tmp_path / "skinbeat.env"
    settings.touch()
    given = {"ALERT_CHAT_ID": "1", "SKINBEAT_SECRETS": str(tmp_path), "SKINBEAT_ENV": str(settings)}
    command = ["docker", "compose", "-f", str(SHIPPED), "config", "--quiet"]

    told = subprocess.run(command, env=dict(os.environ) | given, capture_output=True, text=True, check=False)

    assert (told.returncode, told.stderr) == (0, "")


def has_compose() -> bool:
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0


def tool(name: str) -> str:
    """A tool of the locked environment."""
    return str(Path(sys.executable).with_name(name))
