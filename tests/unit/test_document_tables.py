"""What the tables and examples of the documents say is compared with the code."""

import re
import tomllib
from urllib.parse import unquote

from prometheus_client import Counter, Gauge, Histogram

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
from tasks.verify import ACCEPTED, UNREADABLE
from telemetry import metrics
from telemetry.readings import Reading
from tests.unit.documents import (
    ALERTS,
    ARCHITECTURE,
    CONTRIBUTING,
    EXCHANGE,
    OPERATIONS,
    README,
    ROOT,
    TELEGRAM,
    quoted,
    table,
)

KINDS: dict[object, str] = {Counter: "counter", Gauge: "gauge", Histogram: "histogram"}


def cents(text: str) -> int:
    amount = re.match(r"([+−]?)\$([\d,]+)\.(\d\d)", text)
    assert amount is not None, f"{text!r} is no amount"
    sign, dollars, rest = amount.groups()
    return (-1 if sign == "−" else 1) * (int(dollars.replace(",", "")) * 100 + int(rest))


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
