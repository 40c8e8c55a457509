"""What the documents say of names, numbers and files is compared with the code."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from prometheus_client import Counter, Gauge, Histogram

from benchmarks.__main__ import NAMES
from bot.command import Command
from bot.commands import COMMANDS
from bot.messages.filters import NAMES as CONDITIONS
from config.document import renewed
from config.settings import NEEDED, Settings
from dmarket import endpoints
from dmarket.budget import OFFICIAL
from dmarket.endpoints import Endpoint
from dmarket.signing import Credentials, sign
from domain.exits import ExitKind, price_exit
from domain.fees import FeeRate, FeeSource
from domain.filters import COMMON, OF_GAME, Condition
from domain.games import GAMES
from domain.levels import LEVELS
from domain.money import percent, usd
from domain.opportunities import Gate
from models.alerts import AlertState
from models.queries.alerts import Reason
from tasks.queues import TaskName
from tasks.verify import ACCEPTED, UNREADABLE
from telemetry import metrics
from telemetry.readings import Reading

ROOT = Path(__file__).parents[2]
README, CONTRIBUTING, ALERTS = ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs/alerts.md"
OPERATIONS, ARCHITECTURE = ROOT / "docs/operations.md", ROOT / "docs/architecture.md"
EXCHANGE, TELEGRAM = ROOT / "docs/exchange-api.md", ROOT / "docs/telegram.md"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES = [
    path
    for folder in sorted(ROOT.iterdir())
    if folder.is_dir() and not folder.name.startswith(".") and folder.name not in {"var", "build"}
    for path in sorted(folder.rglob("*.py"))
]
KINDS: dict[object, str] = {Counter: "counter", Gauge: "gauge", Histogram: "histogram"}
MACHINE = ("work", "home", "root", "shared", "tmp", "mnt")  # folders that belong to somebody's machine
REGISTRIES = ("pypi.", "pythonhosted", "artifactory", "devpi", "npmjs", "proxy.golang")


def table(document: Path, first: str) -> list[list[str]]:
    """The rows of the table whose first column is headed `first`, as cells; the test fails where there is none."""
    lines = iter(document.read_text(encoding="utf-8").splitlines())
    head = next((line for line in lines if line.startswith(f"| {first} |")), None)
    assert head is not None, f"{document.name} has no table headed {first!r}"
    next(lines)
    return [list(_cells(line)) for line in _while_table(lines)]


def _while_table(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield line


def _cells(line: str) -> Iterator[str]:
    return (cell.strip() for cell in line.strip("|").split("|"))


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def anchors(document: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).lower().replace(" ", "-") for head in heads}


def names_nothing(path: Path) -> list[str]:
    """Names of Markdown files in `path` that exist neither below the root nor beside it."""
    names = re.findall(r"[\w./-]+\.md\b", path.read_text(encoding="utf-8"))
    return [name for name in names if not (ROOT / name).exists() and not (path.parent / name).exists()]


def heads_nothing(path: Path) -> list[str]:
    """References like `docs/alerts.md, Levels` in `path` whose document has no such heading."""
    cited = re.findall(r"(docs/[\w./-]+\.md), ([A-Z][\w ]+)", path.read_text(encoding="utf-8"))
    return [f"{name}, {head}" for name, head in cited if head.lower().replace(" ", "-") not in anchors(ROOT / name)]


def cents(text: str) -> int:
    amount = re.match(r"([+−]?)\$([\d,]+)\.(\d\d)", text)
    assert amount is not None, f"{text!r} is no amount"
    sign, dollars, rest = amount.groups()
    return (-1 if sign == "−" else 1) * (int(dollars.replace(",", "")) * 100 + int(rest))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    """A relative link names a file that exists, and a heading that it has."""
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    for link in links:
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_speak_of_the_project_alone(document: Path) -> None:
    """No path of a machine and no package registry stands in a document."""
    text = document.read_text(encoding="utf-8")

    assert not [folder for folder in MACHINE if re.search(rf"(?<![\w.])/{folder}/|\.\./{folder}\b", text)]
    assert not [host for host in REGISTRIES if host in text]


def test_every_document_that_is_named_exists() -> None:
    """No source and no document sends its reader to a Markdown file or a heading that is not there."""
    named = {str(path.relative_to(ROOT)): names_nothing(path) for path in [*SOURCES, *DOCUMENTS]}
    headed = {str(path.relative_to(ROOT)): heads_nothing(path) for path in SOURCES}

    assert {name: lost for name, lost in named.items() if lost} == {}
    assert {name: lost for name, lost in headed.items() if lost} == {}


def test_a_document_that_is_absent_is_noticed(tmp_path: Path) -> None:
    """The check above sees names in prose, code and links, and lets pass what exists."""
    absent, heading = "docs/absent" + ".md", "Nowhere " + "at all"
    source = tmp_path / "source.py"
    source.write_text(f"# see {absent} section 3, (docs/alerts.md, {heading}), (docs/alerts.md, The fee).\n", "utf-8")

    assert names_nothing(source) == [absent]
    assert heads_nothing(source) == [f"docs/alerts.md, {heading}"]


def test_the_table_of_calls_is_the_one_in_force() -> None:
    """Method, path and limit group are those of dmarket/endpoints.py, the limits those of the budget."""
    calls = [endpoint for endpoint in vars(endpoints).values() if isinstance(endpoint, Endpoint)]
    told = [[cell.strip("`") for cell in row] for row in table(EXCHANGE, "name")]
    limits = {quoted(row[0])[0]: int(row[1]) for row in table(EXCHANGE, "group")}

    assert told == [[call.name, call.method.value, call.path, call.group.value] for call in calls]
    assert limits == {group.value: limit for group, limit in OFFICIAL.items()}


def test_the_games_have_the_ids_that_are_told() -> None:
    """The table of games is that of domain/games.py."""
    told = [[row[0], *quoted(row[1]), *quoted(row[2])] for row in table(EXCHANGE, "game")]

    assert told == [[game.label, game.exchange_id, game.key] for game in GAMES.values()]


def test_the_worked_signature_is_right() -> None:
    """The example's path and query, signed with the example's key, give the signature that is printed."""
    text = EXCHANGE.read_text(encoding="utf-8")
    (public,) = re.findall(r"`([0-9a-f]{64})`", text)
    (sent, signed, signature) = re.findall(r"```\n(.+)\n(.+)\n([0-9a-f]{128})\n```", text)[0]
    at = int(signed[-10:])

    headers = sign(Credentials(public, bytes(range(32)).hex()), "GET", sent, b"", at)

    assert headers["X-Request-Sign"] == f"dmar ed25519 {signature}"
    assert signed == f"GET{unquote(sent)}{at}"


def test_every_make_target_that_is_named_exists() -> None:
    """`make something` in a document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    call = re.compile(r"(?:^|`)(?:[A-Z_]+=\w+ )?make ([a-z-]+)", re.MULTILINE)
    named = {name for document in DOCUMENTS for name in call.findall(document.read_text(encoding="utf-8"))}
    benches = {name for name in named if name.startswith("bench-")}

    assert named >= {"demo", "run", "test"}
    assert named - benches <= targets
    assert {name.removeprefix("bench-") for name in benches} <= set(NAMES)


def test_the_environment_table_holds_every_setting_with_its_default() -> None:
    """The table in the README has a row for each variable, no other, and the default that applies."""
    rows = {quoted(row[0])[0]: row[1].strip("`") for row in table(README, "variable")}
    fields = {name.upper(): field.default for name, field in Settings.model_fields.items() if name != "scan_intervals"}
    intervals = {f"SCAN_INTERVAL_{key.upper()}": game.scan_interval for key, game in GAMES.items()}
    defaults = {name: str(value or "") if value != 0 else "0" for name, value in (fields | intervals).items()}
    stated = {name: text for name, text in defaults.items() if text}

    assert set(rows) == set(defaults)
    assert {name: rows[name] for name in stated} == stated


def test_the_environment_table_is_the_one_that_is_generated() -> None:
    """`python -m config.document` writes it; nobody edits it by hand."""
    text = README.read_text(encoding="utf-8")

    assert renewed(text) == text


def test_the_environment_table_says_who_cannot_start_without() -> None:
    """Every role that needs a variable is named beside it, and no need is invented."""
    cells = {quoted(row[0])[0]: row[2] for row in table(README, "variable")}
    needed = {name for names in NEEDED.values() for name in names}

    assert {name for name, cell in cells.items() if "need" in cell} == needed
    assert all(role in cells[name] for role, names in NEEDED.items() for name in names)


def test_the_metrics_table_holds_every_metric_with_its_labels() -> None:
    """Name, kind and labels are those of telemetry/metrics.py, in both directions."""
    told = {quoted(row[0])[0]: (row[1], row[2]) for row in table(OPERATIONS, "metric")}
    found = {}
    for metric in vars(metrics).values():
        if type(metric) in KINDS:
            kind = KINDS[type(metric)]
            labels = ", ".join(metric._labelnames) or "–"
            found[metric._name + ("_total" if kind == "counter" else "")] = (kind, labels)

    assert told == found


def test_the_table_of_readings_holds_every_reading_with_its_labels() -> None:
    """What one worker reads for all is a gauge too; its table stands below that of the metrics."""
    told = {quoted(row[0])[0]: row[1] for row in table(OPERATIONS, "reading")}
    found = [metric for metric in vars(metrics).values() if isinstance(metric, Reading)]

    assert told == {reading.name: ", ".join(reading.labels) or "–" for reading in found}


def test_every_place_for_a_change_exists() -> None:
    """Each file or folder in the table of CONTRIBUTING.md is there."""
    places = [name for row in table(CONTRIBUTING, "I want to") for name in quoted(row[1]) if "/" in name or "." in name]
    files = [name for name in places if name != "celery.commands"]

    assert len(files) > len(table(CONTRIBUTING, "I want to"))
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_every_gate_is_explained() -> None:
    """The table of gates has all words that a verdict can be."""
    told = [quoted(row[0])[0] for row in table(ALERTS, "gate")]

    assert sorted(told) == sorted([*Gate, ACCEPTED, UNREADABLE])


def test_every_end_of_an_alert_is_explained() -> None:
    """The table of endings has every reason and every final state."""
    rows = [(quoted(row[0])[0], quoted(row[1])[0]) for row in table(ALERTS, "state")]

    assert sorted(reason for _, reason in rows) == sorted(Reason)
    assert {state for state, _ in rows} == set(AlertState) - {AlertState.PENDING, AlertState.HELD, AlertState.SENDING}


def test_the_table_of_levels_is_the_one_in_force() -> None:
    """Key, sign, band and least return are those of domain/levels.py."""
    expected = [
        [level.key, level.emoji, f"{usd(level.low)} to {usd(level.high)}", f"{level.min_return_bps // 100} %"]
        for level in LEVELS.values()
    ]

    assert table(ALERTS, "level") == expected


def test_worked_examples_are_computed_right() -> None:
    """Each row of the arithmetic comes out of the program as it is printed."""
    for buy, sell, rate, fee, net, share in table(ALERTS, "buy"):
        way = price_exit(
            ExitKind.INSTANT, cents(buy), cents(sell), FeeRate(int(rate.split()[0]) * 100, 1, FeeSource.DEFAULT)
        )

        assert (way.fee, way.net) == (cents(fee), cents(net))
        assert percent(way.return_bps).replace("-", "−").replace("%", " %") == share


def test_the_import_table_matches_the_contracts() -> None:
    """What the architecture allows a folder to import is what import-linter does not forbid."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    allowed = {name: set(linter["root_packages"]) - {name} for name in linter["root_packages"]}
    for contract in linter["contracts"]:
        for name in contract.get("source_modules", []):
            allowed[name] -= set(contract["forbidden_modules"])
        for name in contract.get("modules", []):
            allowed[name] -= set(contract["modules"])
    everything = {"anything": ", ".join(sorted(linter["root_packages"]))}
    rows = {quoted(row[0])[0].rstrip("/"): everything.get(row[2], row[2]) for row in table(ARCHITECTURE, "folder")}
    told = {name: set(cell.split(", ")) - {"nothing", name} for name, cell in rows.items() if name in allowed}

    assert told == allowed


def test_every_task_that_is_named_exists() -> None:
    """`tasks.something` in a document is a registered name, and the architecture tells of all of them."""
    named = {name for path in DOCUMENTS for name in re.findall(r"\btasks\.[a-z_]+\b", path.read_text("utf-8"))}

    assert named == set(TaskName)


def allowed(command: Command) -> str:
    """Who may use a command, as the table of the bot's page says it."""
    who = "group administrators" if command.manages else "everybody"
    if command.role:
        who = f"{command.role.value}s and above"
    return f"{who}, private chat only" if command.private else who


def test_the_table_of_commands_is_that_of_the_bot() -> None:
    """Every command in the menu's order with its description and who may use it."""
    told = [(quoted(row[0])[0].removeprefix("/"), row[1], row[2]) for row in table(TELEGRAM, "command")]

    assert told == [(one.name, one.description or "–", allowed(one)) for one in COMMANDS.values()]


def test_every_condition_of_a_filter_is_explained() -> None:
    """By the name that the bot gives it, and for the games that have it."""
    told = {(name, row[1]) for row in table(TELEGRAM, "condition") for name in row[0].split(", ")}
    common = {(CONDITIONS[one], "all games") for one in COMMON if one is not Condition.GAME}
    own = {(CONDITIONS[one], GAMES[game].label) for game, several in OF_GAME.items() for one in several}

    assert told == common | own


def test_every_picture_is_shown_and_can_be_drawn() -> None:
    """Each file in docs/pictures stands in a document, and a script beside it makes it."""
    scripts = [(ROOT / "docs/pictures" / name).read_text("utf-8") for name in ("make_messages.py", "make_screens.py")]
    drawn = [name for text in scripts for name in re.findall(r'^    "(\w+)": lambda', text, re.MULTILINE)]
    shown = {name for path in DOCUMENTS for name in re.findall(r"pictures/(\w+)\.png\)", path.read_text("utf-8"))}

    assert shown == set(drawn)
    assert {path.stem for path in (ROOT / "docs/pictures").glob("*.png")} == set(drawn)
