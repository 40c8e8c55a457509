"""What a Grafana dashboard is made of: panels in rows of 24 columns, each with its PromQL expressions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

SOURCE = {"type": "prometheus", "uid": "skinbeat-prometheus"}
COLUMNS = 24
HEIGHT = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One expression; `legend` names its series by their labels in {{ }}."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A graph over time, or with `kind` "stat" its last value, or "heatmap". `unit` is Grafana's name for it."""

    title: str
    lines: Sequence[Line]
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8
    text: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`uid` is its address and the name of its file."""

    uid: str
    title: str
    panels: Sequence[Panel]

    def model(self) -> dict[str, Any]:
        """The JSON that Grafana takes."""
        return {
            "uid": self.uid,
            "title": self.title,
            "tags": ["skinbeat"],
            "timezone": "utc",
            "editable": False,
            "schemaVersion": 39,
            "refresh": "30s",
            "time": {"from": "now-6h", "to": "now"},
            "links": [{"type": "dashboards", "tags": ["skinbeat"], "title": "Skinbeat", "asDropdown": True}],
            "panels": list(_placed(self.panels)),
        }


def _placed(panels: Sequence[Panel]) -> Iterator[dict[str, Any]]:
    """Side by side while there is room, then in the next row."""
    x = y = 0
    for number, panel in enumerate(panels, 1):
        if x + panel.width > COLUMNS:
            x, y = 0, y + HEIGHT
        yield _drawn(number, panel, {"x": x, "y": y, "w": panel.width, "h": HEIGHT})
        x += panel.width


def _drawn(number: int, panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    last = {"reduceOptions": {"calcs": ["lastNotNull"]}}
    return {
        "id": number,
        "title": panel.title,
        "description": panel.text,
        "type": panel.kind,
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": last if panel.kind == "stat" else {"legend": {"displayMode": "list", "placement": "bottom"}},
        "targets": [
            {"refId": chr(ord("A") + place), "expr": line.expr, "legendFormat": line.legend, "datasource": SOURCE}
            for place, line in enumerate(panel.lines)
        ],
    }
