"""One alert's way as a collector of traces gets it from whole processes."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.runner.stack import COMMANDS
from sandbox.servers.children import ProcessFamily
from tests.acceptance.conftest import SMALL, a_market
from tests.acceptance.market import Market, eventually
from tests.integration.telemetry.collector import Collector, Told, collector

pytestmark = pytest.mark.timeout(120)
ROOT = Path(__file__).parents[3]
CANARY = "canary-of-the-collector"
OTHERS_OFF = {"SCAN_INTERVAL_DOTA2": "0", "SCAN_INTERVAL_TF2": "0", "SCAN_INTERVAL_RUST": "0"}
BOT = {"TELEGRAM_BOT_TOKEN": "123456:ABC", "DATABASE_URL": "postgresql://h/d", "REDIS_URL": "redis://h/0"}
NAME, REMEDY = "OTEL_EXPORTER_OTLP_ENDPOINT", "install skinbeat[traces], or do not set it"
# The public half of the secret key below.
PUBLIC = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"  # pragma: allowlist secret
PARTS = (
    "telemetry.otlp",
    "opentelemetry.exporter",
    "opentelemetry.sdk.trace",
    "opentelemetry.proto",
    "google.protobuf",
)
BEAT = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0"}
WORKER = {**BOT, **BEAT, "DMARKET_PUBLIC_KEY": PUBLIC, "DMARKET_SECRET_KEY": "01" * 32}


@pytest.fixture
def receiver() -> Iterator[Collector]:
    with collector() as kept:
        yield kept


@pytest.fixture
def start(tmp_path: Path, receiver: Collector) -> Iterator[Callable[[int], Market]]:
    """Starts everything; what happens is told to the receiver every so many milliseconds."""
    with ProcessFamily(tmp_path) as family:

        def begin(every: int) -> Market:
            traces = {
                "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
                "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{CANARY}",
                "OTEL_BSP_SCHEDULE_DELAY": str(every),
            }
            market = a_market(family, tmp_path / "run", *SMALL, **OTHERS_OFF, **traces)
            market.start()
            return market

        yield begin


def upwards(span: Told, spans: list[Told]) -> list[Told]:
    """The span, what it happened in, and so on up to the first of its trace."""
    by_id = {one.id: one for one in spans}
    way = [span]
    while way[-1].parent in by_id:
        way.append(by_id[way[-1].parent])
    return way


def told_of_an_alert(spans: list[Told]) -> tuple[Told, list[Told]] | None:
    """The sending of an alert, and the way from what wrote it up to the first span that led to it."""
    sent = {
        one.attributes["opportunity"]: one
        for one in spans
        if one.name == "telegram send" and one.attributes.get("opportunity")
    }
    for one in spans:
        opened = one.name == "alerts written" and one.attributes["became"] == "opened"
        if opened and one.attributes["opportunity"] in sent:
            way = upwards(one, spans)
            if not way[-1].parent and way[-1].process == "beat":
                return sent[one.attributes["opportunity"]], way
    return None


def test_an_alert_is_one_trace_back_to_its_scan_and_to_beat(
    start: Callable[[int], Market], receiver: Collector
) -> None:
    """Beat → scan → batch → verification with its requests → alert written; Telegram's by the opportunity's number.

    The first scan is asked for by beat or, where there was no title yet, by the catalogue that beat asked for.
    """
    start(500)
    found = eventually("an alert is told of", lambda: told_of_an_alert(receiver.spans), 90)

    assert found
    sent, way = found
    trace = [one for one in receiver.spans if one.trace == way[0].trace]
    names = [one.name for one in way]
    verification = next(one for one in way if one.name == "verification")
    asked = [one for one in trace if one.parent == verification.id and one.name.startswith("exchange ")]
    assert names[:3] == ["alerts written", "settlement", "verification"]
    assert names[names.index("tasks.fetch_prices") :][1:3] == ["scan", "tasks.scan_game"]
    assert way[-1].name.startswith("send tasks.")
    assert [one.process for one in way] == ["worker"] * (len(way) - 1) + ["beat"]
    assert {one.attributes["endpoint"] for one in asked} >= {"offers", "bids"}
    assert all(one.attributes["status"] == "200" and one.attributes["request"] for one in asked)
    assert "exchange aggregated_prices" in {one.name for one in trace}
    assert sent.process == "bot"
    assert sent.attributes["outcome"] == "sent"
    assert sent.attributes["alert"]
    assert receiver.paths == {"/v1/traces"}


@pytest.mark.parametrize("pool", ["threads", "processes"])
def test_an_orderly_end_tells_the_rest_and_nothing_tells_a_secret(
    start: Callable[[int], Market], receiver: Collector, pool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys, token, passwords and the collector's own header are in no span of any process and in no line of log."""
    monkeypatch.setitem(COMMANDS, "worker", [*COMMANDS["worker"], f"--pool={pool}"])
    market = start(60_000)
    eventually("an alert is out", market.alerted, 90)
    assert told_of_an_alert(receiver.spans) is None
    for process in market.processes.values():
        process.stop(30)

    names = ("DMARKET_SECRET_KEY", "TELEGRAM_BOT_TOKEN", "DATABASE_URL", "REDIS_URL")
    secrets = [CANARY, *(market.stack.env[name] for name in names)]
    body = b"".join(receiver.raw)
    logs = "".join(path.read_text("utf-8") for path in (market.data / "logs").glob("*.log"))
    assert told_of_an_alert(receiver.spans)
    assert {one["Authorization"] for one in receiver.headers} == {f"Bearer {CANARY}"}
    assert [secret for secret in secrets if secret.encode() in body] == []
    assert CANARY not in logs
    assert "traces are lost" not in logs


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [(["-m", "bot"], BOT), (["-m", "celery", "-A", "worker", "beat"], BEAT), (COMMANDS["worker"], WORKER)],
    ids=["bot", "beat", "worker"],
)
def test_packages_that_are_absent_are_one_sentence(
    arguments: list[str], environ: dict[str, str], tmp_path: Path
) -> None:
    """A collector is named, what speaks to it is not installed: exit code 2 and what to do."""
    package = tmp_path / "opentelemetry"
    package.mkdir()
    (package / "__init__.py").write_text('raise ModuleNotFoundError("gone", name=__name__)\n', "utf-8")

    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**environ, "PYTHONPATH": str(tmp_path), "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.splitlines() == [f"{NAME} is set, but opentelemetry is not installed: {REMEDY}"]


def test_nothing_is_loaded_where_no_collector_is_named() -> None:
    """Neither worker nor bot loads tracing, exporter or protobuf for a feature that is off.

    redis-py itself imports the SDK's metrics wherever they are installed, so this looks for the parts that are ours.
    """
    program = "import sys, worker, bot.process\nfrom telemetry import traces\nfrom config.settings import load\n"
    program += f"traces.begin(load({BOT!r}, 'bot'), {{}}, 'bot')\n"
    program += f"print([name for name in sys.modules if name.startswith({PARTS!r})])"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=BEAT, capture_output=True, text=True, timeout=30, check=True
    )

    assert done.stdout.strip() == "[]"
