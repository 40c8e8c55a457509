"""From the lines of one alert back to the scan that read its price and to the requests that proved it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import MarketFactory
from tests.acceptance.market import eventually

pytestmark = pytest.mark.timeout(120)
OTHERS_OFF = {"SCAN_INTERVAL_DOTA2": "0", "SCAN_INTERVAL_TF2": "0", "SCAN_INTERVAL_RUST": "0"}


def events(folder: Path, process: str, event: str) -> list[dict[str, Any]]:
    """What a process said of one kind, oldest first; a line that is still being written is left out."""
    log = folder / "logs" / f"{process}.log"
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    found = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    return [one for one in found if one["event"] == event]


def is_sent(line: dict[str, Any]) -> bool:
    return line["became"] == "sent" and line["opportunity"] is not None


def test_an_alert_leads_back_to_its_scan_and_requests(open_market: MarketFactory) -> None:
    """Alert → opportunity, task and live requests → nomination, batch and run → who asked for the scan."""
    market = open_market(ENVIRONMENT="production", **OTHERS_OFF)
    market.start()
    sent = eventually("an alert is out", lambda: [one for one in events(market.data, "bot", "alert") if is_sent(one)])

    alert = sent[0]
    opened = next(
        one for one in events(market.data, "worker", "opportunity") if one["opportunity"] == alert["opportunity"]
    )
    nominations = [one for one in events(market.data, "worker", "nominated") if opened["item"] in one["items"]]
    nominated = [one for one in nominations if one["timestamp"] <= opened["timestamp"]][-1]
    scans = [one for one in events(market.data, "worker", "scan asked for") if one.get("run") == nominated["run"]]

    assert alert["process"] == "bot"
    assert opened["task_id"]
    assert {one["endpoint"] for one in opened["requests"]} >= {"offers", "bids"}
    assert nominated["task_id"]
    assert nominated["batch"]
    assert {one["endpoint"] for one in nominated["requests"]} == {"aggregated_prices"}
    assert all(one["status"] == 200 and one["request"] for one in opened["requests"] + nominated["requests"])
    assert [one["outcome"] for one in scans] == ["planned"]
    assert scans[0]["task_id"] != nominated["task_id"]
