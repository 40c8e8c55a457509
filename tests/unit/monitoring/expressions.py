"""What PromQL in the shipped files names: metrics of the code, those of Prometheus, and rules of ours."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import yaml
from prometheus_client import Counter, Histogram
from prometheus_client.metrics import MetricWrapperBase

from telemetry import metrics
from telemetry.readings import Reading

ROOT = Path(__file__).parents[3]
RULES, RULE_TESTS = ROOT / "monitoring/alerts.yml", ROOT / "monitoring/tests/alerts.yml"
# Of the client library and of Prometheus itself.
FOREIGN = {"up", "ALERTS", "process_resident_memory_bytes", "process_cpu_seconds_total"}
FOREIGN_LABELS = {"job", "instance", "le", "alertname", "alertstate"}


def rules() -> list[dict[str, Any]]:
    """Every rule that is shipped, recorded or alerting."""
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    return [rule for rule in rules() if "alert" in rule]


def exported() -> dict[str, set[str]]:
    """The names that /metrics has, each with its labels."""
    found: dict[str, set[str]] = {}
    for metric in vars(metrics).values():
        if isinstance(metric, Reading):
            found[metric.name] = set(metric.labels)
        elif isinstance(metric, MetricWrapperBase):
            ends = ("_bucket", "_count", "_sum") if isinstance(metric, Histogram) else ("",)
            ends = ("_total",) if isinstance(metric, Counter) else ends
            found |= {metric._name + end: set(metric._labelnames) for end in ends}
    return found


def known() -> dict[str, set[str]]:
    """Everything that an expression may name."""
    recorded: dict[str, set[str]] = {rule["record"]: set() for rule in rules() if "record" in rule}
    return exported() | recorded | {name: set() for name in FOREIGN}


def selectors(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Each metric that an expression reads, with the labels that it is asked by; ValueError for what is no PromQL."""
    yield from _selectors(promql_parser.parse(expression))


def _selectors(node: Any) -> Iterator[tuple[str, set[str]]]:
    kind = type(node).__name__
    if kind == "VectorSelector":
        yield node.name, {matcher.name for matcher in node.matchers.matchers}
    elif kind == "MatrixSelector":
        yield from _selectors(node.vector_selector)
    elif kind == "Call":
        for argument in node.args:
            yield from _selectors(argument)
    else:
        for name in ("lhs", "rhs", "expr", "param"):
            part = getattr(node, name, None)
            if part is not None:
                yield from _selectors(part)


def grouped_by(expression: str) -> set[str]:
    """The labels that an expression keeps apart or matches by."""
    lists = re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression)
    return {label.strip() for labels in lists for label in labels.split(",") if label.strip()}


def strange(expression: str) -> list[str]:
    """What an expression names that nobody exports, metrics and labels."""
    names = known()
    found = list(selectors(expression))
    unknown = [name for name, _ in found if name not in names]
    labels = FOREIGN_LABELS.union(*(names[name] for name, _ in found if name in names))
    asked = grouped_by(expression).union(*(wanted for _, wanted in found))
    return unknown + sorted(asked - labels)
