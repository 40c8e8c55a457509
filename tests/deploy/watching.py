"""A real Prometheus with the shipped rules and a real Alertmanager, watching processes of a test."""

import json
import shutil
import threading
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from sandbox.servers.children import ProcessFamily
from sandbox.servers.ports import free_port

ROOT = Path(__file__).parents[2]
PROMETHEUS, ALERTMANAGER = "prometheus", "prometheus-alertmanager"
Config = dict[str, Any]


def obstacle() -> str | None:
    """Why it cannot be tested here, None where it can."""
    missing = [name for name in (PROMETHEUS, ALERTMANAGER) if shutil.which(name) is None]
    return f"{' and '.join(missing)} not installed (Debian has packages of these names)" if missing else None


class Receiver:
    """A webhook that keeps what Alertmanager sends."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(json.loads(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
                """Not what is tested here."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def told(self, alert: str, status: str) -> bool:
        """Whether a notification of this alert came."""
        return any(
            one["labels"]["alertname"] == alert and one["status"] == status
            for sent in self.got
            for one in sent["alerts"]
        )


@dataclass(frozen=True, slots=True)
class Chat:
    """Where Alertmanager writes to the operator: the bot's token, the chat, and Telegram's address."""

    token: str
    number: int
    api: str


@dataclass(slots=True)
class Watching:
    """Both programs; `start` begins, the family ends them."""

    family: ProcessFamily
    folder: Path
    ports: dict[str, int] = field(default_factory=lambda: {PROMETHEUS: free_port(), ALERTMANAGER: free_port()})

    def start(self, targets: Mapping[str, int], webhook: str, chat: Chat) -> None:
        """Watch the processes at these ports, by the names of their jobs."""
        self._write("alertmanager.yml", told_to(load("monitoring/alertmanager.yml"), webhook, chat))
        self._write("prometheus.yml", pointed_at(load("prometheus.yml"), targets, self.ports[ALERTMANAGER]))
        self._write("monitoring/alerts.yml", hurried(load("monitoring/alerts.yml")))
        address = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        self._spawn(
            ALERTMANAGER,
            "--config.file=alertmanager.yml",
            "--storage.path=alertmanager",
            f"--web.listen-address={address[ALERTMANAGER]}",
            "--cluster.listen-address=",
        )
        self._spawn(
            PROMETHEUS,
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=prometheus",
            f"--web.listen-address={address[PROMETHEUS]}",
        )

    def query(self, expression: str) -> dict[str, float]:
        """The values of an instant query, by the label `job`; nothing while Prometheus does not answer."""
        url = f"http://127.0.0.1:{self.ports[PROMETHEUS]}/api/v1/query?{urllib.parse.urlencode({'query': expression})}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # ours
                found = json.load(answer)["data"]["result"]
        except OSError:
            return {}
        return {one["metric"].get("job", ""): float(one["value"][1]) for one in found}

    def _spawn(self, name: str, *options: str) -> None:
        self.family.spawn(name, [name, *options], output=self.folder / f"{name}.log", cwd=self.folder)

    def _write(self, name: str, content: Config) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def load(name: str) -> Config:
    """A file as it is shipped."""
    content: Config = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return content


def pointed_at(config: Config, targets: Mapping[str, int], alertmanager: int) -> Config:
    """Without Docker's DNS: the same jobs at ports of this machine, read every second."""
    config["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    config["alerting"]["alertmanagers"] = [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager}"]}]}]
    config["scrape_configs"] = [job for job in config["scrape_configs"] if job["job_name"] in targets]
    for job in config["scrape_configs"]:
        del job["dns_sd_configs"]
        job["static_configs"] = [{"targets": [f"127.0.0.1:{targets[job['job_name']]}"]}]
    return config


def hurried(rules: Config) -> Config:
    """The expressions as they are; how long one must hold is cut from minutes to seconds, so the order stays."""
    for group in rules["groups"]:
        for rule in group["rules"]:
            if "for" in rule:
                rule["for"] = rule["for"].replace("m", "s")
    return rules


def told_to(config: Config, webhook: str, chat: Chat) -> Config:
    """The same routes and inhibitions, sooner; the operator's chat at a simulated Telegram and a webhook beside it.

    The token stands in the configuration because Debian's Alertmanager is too old for a file of it.
    """
    for route in (config["route"], *config["route"]["routes"]):
        route.update(group_wait="1s", group_interval="1s")
    (operator,) = (one for one in config["receivers"] if one["name"] == "operator")
    (telegram,) = operator["telegram_configs"]
    del telegram["bot_token_file"]
    telegram.update(bot_token=chat.token, chat_id=chat.number, api_url=chat.api)
    operator["webhook_configs"] = [{"url": webhook}]
    return config
