"""The alert rules, read as an operator's files: complete, of PromQL, and about metrics that exist."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from tests.unit.monitoring.expressions import ROOT, RULE_TESTS, alerts, rules, strange

RUNBOOK = ROOT / "docs/runbook.md"
SEVERITIES = {"critical", "warning", "none"}
needs_promtool = pytest.mark.skipif(  # only Prometheus itself evaluates its rules; the others check expressions
    shutil.which("promtool") is None, reason="promtool is not installed: the prometheus package of Debian brings it"
)


def name_of(rule: dict[str, Any]) -> str:
    return str(rule.get("alert") or rule["record"])


def promtool(*arguments: str) -> tuple[int, str]:
    run = subprocess.run(["promtool", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    return run.returncode, run.stdout + run.stderr


@pytest.mark.parametrize("rule", rules(), ids=name_of)
def test_every_expression_parses_and_names_what_is_exported(rule: dict[str, Any]) -> None:
    """A renamed metric or label would silence an alert for ever."""
    assert strange(rule["expr"]) == []


@pytest.mark.parametrize("rule", alerts(), ids=name_of)
def test_every_alert_is_complete(rule: dict[str, Any]) -> None:
    """Severity, patience, what is wrong in a sentence, and where to read on."""
    says = rule["annotations"]

    assert rule["labels"]["severity"] in SEVERITIES
    assert "for" in rule or rule["alert"] == "Watchdog"
    assert set(says) == {"summary", "description", "runbook"}
    assert says["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"


def test_the_runbook_has_one_section_for_each_alert() -> None:
    """In both directions, in the order of the rules."""
    heads = re.findall(r"^### (\w+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)

    assert heads == [rule["alert"] for rule in alerts()]


def test_every_alert_has_a_test_that_sees_it_fire() -> None:
    """A rule nobody saw firing is a guess."""
    cases = yaml.safe_load(RULE_TESTS.read_text(encoding="utf-8"))["tests"]
    seen = {
        name
        for case in cases
        for check in case["promql_expr_test"]
        if check.get("exp_samples")
        for name in re.findall(r'alertname="(\w+)"', check["expr"])
    }

    assert seen == {rule["alert"] for rule in alerts()}


@needs_promtool
def test_promtool_takes_configuration_and_rules() -> None:
    """With the rule file where the configuration says."""
    code, said = promtool("check", "config", "prometheus.yml")

    assert code == 0, said
    assert f"{len(rules())} rules found" in said


@needs_promtool
def test_the_rules_pass_their_own_tests() -> None:
    """monitoring/tests/alerts.yml, by Prometheus' own engine."""
    code, said = promtool("test", "rules", str(RULE_TESTS))

    assert code == 0, said


def test_prometheus_finds_each_kind_of_process_by_its_service() -> None:
    """By Docker's DNS, at the port of /metrics, so that scaling needs no change."""
    config = yaml.safe_load((ROOT / "prometheus.yml").read_text(encoding="utf-8"))
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}

    for name in ("worker", "bot", "beat"):
        (found,) = jobs[name]["dns_sd_configs"]
        assert (found["names"], found["type"], found["port"]) == ([name], "A", 8000)


def test_alertmanager_sends_what_is_there() -> None:
    """Every receiver of a route exists, inhibitions name alerts that exist, and the token is in no file of ours."""
    config = yaml.safe_load((ROOT / "monitoring/alertmanager.yml").read_text(encoding="utf-8"))
    receivers = {receiver["name"]: receiver for receiver in config["receivers"]}
    routes = [config["route"], *config["route"]["routes"]]
    matchers = [one for rule in config["inhibit_rules"] for side in rule.values() for one in side if "alertname" in one]
    named = {name for one in matchers for name in re.findall(r"[A-Z]\w+", one)}

    assert {route["receiver"] for route in routes} == set(receivers)
    assert named <= {rule["alert"] for rule in alerts()}
    assert receivers["operator"]["telegram_configs"][0]["bot_token_file"].startswith("/run/secrets/")
    assert "bot_token" not in receivers["operator"]["telegram_configs"][0]
