"""The dashboards as Grafana would take them."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitoring.boards import BOARDS
from monitoring.dashboards import FOLDER, files, main
from monitoring.panels import COLUMNS
from tests.unit.monitoring.expressions import ROOT, exported, selectors, strange

PROVISIONING = ROOT / "monitoring/grafana/provisioning"
NAMES = sorted(path.name for path in FOLDER.glob("*.json"))
WANTED = {"overview", "exchange", "scans", "delivery", "caches", "errors"}


def loaded(name: str) -> dict[str, Any]:
    model: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return model


def cells(place: dict[str, int]) -> set[tuple[int, int]]:
    rows = range(place["y"], place["y"] + place["h"])
    return {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in rows}


def test_the_files_are_what_the_program_writes(tmp_path: Path) -> None:
    """Nobody changed one by hand, none is missing, and what is left over goes."""
    (tmp_path / "old.json").write_text("{}")
    main(tmp_path)

    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == files()
    assert {name: (FOLDER / name).read_text(encoding="utf-8") for name in NAMES} == files()
    assert {board.uid.removeprefix("skinbeat-") for board in BOARDS} == WANTED


@pytest.mark.parametrize("name", NAMES)
def test_panels_have_numbers_and_places_of_their_own(name: str) -> None:
    """Grafana would show one of two with the same id, and one above the other."""
    panels = loaded(name)["panels"]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= COLUMNS for panel in panels)
    assert not [
        (one["title"], other["title"])
        for one, other in combinations(panels, 2)
        if cells(one["gridPos"]) & cells(other["gridPos"])
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_panel_asks_the_provisioned_source(name: str) -> None:
    """By the uid that the provisioning gives it."""
    (source,) = yaml.safe_load((PROVISIONING / "datasources/prometheus.yml").read_text(encoding="utf-8"))["datasources"]
    panels = loaded(name)["panels"]
    asked = [panel["datasource"]["uid"] for panel in panels]
    asked += [target["datasource"]["uid"] for panel in panels for target in panel["targets"]]

    assert set(asked) == {source["uid"]}


@pytest.mark.parametrize("name", NAMES)
def test_every_expression_parses_and_names_what_is_exported(name: str) -> None:
    """Metrics and labels alike; a series' name is made of labels that the expression keeps."""
    for panel in loaded(name)["panels"]:
        for target in panel["targets"]:
            assert strange(target["expr"]) == [], panel["title"]


def test_every_metric_is_on_a_dashboard() -> None:
    """What nobody looks at need not be counted."""
    shown = {
        metric
        for name in NAMES
        for panel in loaded(name)["panels"]
        for target in panel["targets"]
        for metric, _ in selectors(target["expr"])
    }
    unseen = {metric for metric in exported() if not metric.endswith(("_sum", "_count"))} - shown

    assert unseen == set()


def test_a_wrong_name_is_noticed() -> None:
    """The check itself: an unknown metric, an unknown label to ask by and one to keep."""
    assert strange("rate(skinbeat_scans_total[5m])") == []
    assert strange("rate(skinbeat_scan_total[5m])") == ["skinbeat_scan_total"]
    assert strange('skinbeat_scans_total{gmae="csgo"}') == ["gmae"]
    assert strange("sum by (title) (skinbeat_scans_total)") == ["title"]
    with pytest.raises(ValueError, match="unclosed"):
        strange("sum by (game (skinbeat_scans_total)")
