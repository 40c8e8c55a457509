"""The shipped compose file on a real engine: brought up, used, broken, scaled, backed up, on both brokers."""

import re
from collections.abc import Iterator

import pytest
import requests

from tests.acceptance.market import eventually
from tests.deploy.compose.stack import Stack

OURS = ("worker", "beat", "bot", "flower")
SHIPPED = (*OURS, "postgres", "valkey", "prometheus", "alertmanager")
PUBLISHED = {"flower", "prometheus", "exchange", "telegram"}  # the last two belong to the test


def test_every_true_deal_reaches_the_chat(stack: Stack) -> None:
    """From an empty machine to alerts: migrated, scanned, verified, told. Nothing that is not true is told."""
    planted = stack.planted()

    eventually("every planted deal is told", lambda: planted <= stack.alerted(), 120)

    assert stack.alerted() <= stack.planted() | planted


def test_containers_can_do_nothing_but_their_work(stack: Stack) -> None:
    """No root, nothing writable but memory and volumes, no capability, no way to more, limits on memory and pids."""
    services = stack.compose("ps", "--services", "--status", "running").split()
    shipped = [one for one in services if one not in {"exchange", "telegram"}]
    wrong = []
    for service in shipped:
        for container in stack.containers(service):
            found = stack.inspect(container)
            host = found["HostConfig"]
            held = {
                "root": found["Config"]["User"].partition(":")[0] in {"", "0", "root"},
                "writable": not host["ReadonlyRootfs"],
                "capabilities": host["CapDrop"] != ["ALL"] or bool(host["CapAdd"]),
                "new privileges": "no-new-privileges:true" not in host["SecurityOpt"],
                "unlimited": not host["Memory"] or not host["PidsLimit"],
            }
            wrong += [(service, name) for name, is_so in held.items() if is_so]

    assert set(shipped) == set(SHIPPED)
    assert wrong == []


def test_nothing_but_the_consoles_is_published(stack: Stack) -> None:
    """On the loopback only; neither database nor broker nor our own HTTP."""
    published = {}
    for service in stack.compose("ps", "--services").split():
        for container in stack.containers(service):
            ports = stack.inspect(container)["NetworkSettings"]["Ports"]
            published[service] = {one["HostIp"] for bindings in ports.values() for one in bindings or []}

    assert {service for service, hosts in published.items() if hosts} == PUBLISHED
    assert set.union(*published.values()) == {"127.0.0.1"}


def test_database_has_no_way_out(stack: Stack) -> None:
    """Only who talks to exchange or Telegram is in a network that leads anywhere."""
    inward = {f"{network}" for network in stack.inspect(stack.containers("postgres")[0])["NetworkSettings"]["Networks"]}

    internal = {stack.docker("network", "inspect", "--format", "{{.Internal}}", name).strip() for name in inward}

    assert internal == {"true"}


def test_no_secret_stands_in_a_container_s_description(stack: Stack) -> None:
    """`docker inspect` shows environment and commands to whoever may call docker; secrets are files."""
    secrets = [path.read_text().strip() for path in stack.secrets.iterdir()]
    shown = "".join(stack.docker("inspect", container) for service in OURS for container in stack.containers(service))

    assert [secret for secret in secrets if secret in shown] == []


def test_no_secret_is_in_the_logs(stack: Stack) -> None:
    """Of any container, the database's and broker's own included; the simulated services tell their keys themselves."""
    secrets = {path.name: path.read_text().strip() for path in stack.secrets.iterdir()}
    del secrets["dmarket_public_key"]  # is none
    said = "".join(stack.said(container) for service in SHIPPED for container in stack.containers(service))

    assert [name for name, secret in secrets.items() if secret in said] == []


def test_flower_refuses_a_stranger(stack: Stack) -> None:
    """Pages and interface alike; with the password tasks can be read with their arguments."""
    url = f"http://127.0.0.1:{stack.ports['flower']}"
    pages = ["/", "/workers", "/tasks", "/broker", "/api/workers", "/api/tasks"]
    name, _, password = stack.secret("flower_basic_auth").partition(":")

    strangers = {requests.get(url + page, timeout=10).status_code for page in pages}
    guessed = requests.get(url, auth=(name, "wrong"), timeout=10).status_code
    tasks = requests.get(f"{url}/api/tasks?limit=50", auth=(name, password), timeout=10)
    shown = [(one["name"], one["kwargs"]) for one in tasks.json().values()]

    assert (strangers, guessed) == ({401}, 401)
    assert tasks.status_code == 200
    assert ("tasks.scan_game", "{'game': 'rust', 'scheduled': True}") in shown


def test_killed_worker_costs_no_deal(stack: Stack) -> None:
    """The other one goes on; what the lost one held is free again when its lease ends."""
    lost, left = stack.containers("worker")
    stack.docker("kill", "--signal", "KILL", lost)

    stack.told_of_a_new_deal()

    assert stack.containers("worker") == [left]


def test_workers_scale_and_prometheus_finds_them(stack: Stack) -> None:
    """Three healthy ones, the lost one replaced; each is read without a change to any file."""
    stack.up("--scale", "worker=3")
    expected = {"worker": 3, "beat": 1, "bot": 1}

    eventually("Prometheus reads all", lambda: expected.items() <= stack.targets().items(), 90)

    assert len(stack.containers("worker")) == 3
    stack.told_of_a_new_deal()


def test_rules_and_alertmanager_are_loaded(stack: Stack) -> None:
    """Prometheus evaluates the shipped rules and knows whom to tell."""
    url = f"http://127.0.0.1:{stack.ports['prometheus']}/api/v1"
    groups = requests.get(f"{url}/rules", timeout=10).json()["data"]["groups"]
    health = {rule["health"] for group in groups for rule in group["rules"]}

    eventually(
        "Alertmanager is found",
        lambda: requests.get(f"{url}/alertmanagers", timeout=10).json()["data"]["activeAlertmanagers"],
        60,
    )

    assert health <= {"ok", "unknown"}  # unknown: not evaluated yet
    assert groups


def test_second_beat_waits(stack: Stack) -> None:
    """Started by accident it sends nothing, and takes over when the first is lost."""
    (first,) = stack.containers("beat")
    stack.up("--scale", "beat=2", "--scale", "worker=3", "--no-recreate")
    second = next(one for one in stack.containers("beat") if one != first)
    eventually("the second waits", lambda: "another beat fires" in stack.said(second))

    stack.docker("kill", "--signal", "KILL", first)

    eventually("the second fires", lambda: "this beat fires from now on" in stack.said(second), 30)
    stack.told_of_a_new_deal()


def test_backup_comes_back(stack: Stack) -> None:
    """Made while everything runs, restored beside the database in use, and whole."""
    made = stack.compose("run", "--rm", "backup")
    found = re.search(r"/var/lib/backups/skinbeat-\w+\.dump", made)
    assert found, made

    restored = stack.compose(
        "run", "--rm", "backup", "python", "-m", "migrations.restore", found[0], "--database", "skinbeat_restored"
    )

    assert restored.endswith(": all are there\n")


@pytest.fixture
def rabbitmq(stack: Stack) -> Iterator[Stack]:
    """The same installation with the queues at RabbitMQ, as two lines of .env switch it."""
    stack.changes |= {"BROKER": "rabbitmq", "COMPOSE_PROFILES": "rabbitmq"}
    yield stack
    stack.changes.clear()


def test_rabbitmq_takes_the_place_of_the_queues(rabbitmq: Stack) -> None:
    """By two variables: everything is started anew, and deals are told as before."""
    rabbitmq.up()
    title = rabbitmq.told_of_a_new_deal()
    queues = rabbitmq.compose("exec", "-T", "rabbitmq", "rabbitmqctl", "--quiet", "list_queues", "name", "consumers")
    consumed = {name for name, consumers in (line.split() for line in queues.splitlines()[1:]) if int(consumers) >= 2}

    assert title
    assert {"scan", "prices", "verify", "maintenance"} <= consumed
