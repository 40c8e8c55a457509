"""Reading everything that a run left behind into the checker's evidence."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from tests.faults.evidence import AlertRow, Arrival, Ended, Evidence, Life, Message, Run, Stall, Trouble
from tests.faults.plan import Part, Seconds
from tests.faults.system import PROCESSES, System

PAST_THE_LOG = ("Traceback", "Exception ", "Fatal Python error")  # how Python itself begins to say what broke
NUMBER = re.compile(r"#A([0-9A-Z]+)$")
MAX_AGE = "interval '120 seconds'"  # ALERT_MAX_AGE
ALERTS = f"""
    SELECT a.id, a.chat_id, i.title, a.offer_id, a.buy, a.state, a.reason, a.attempts, a.created_at, a.finished_at,
           a.struck_at, a.expires_at - {MAX_AGE} AS proof_at
    FROM alerts a JOIN opportunities o ON o.id = a.opportunity_id JOIN items i ON i.id = o.item_id
"""  # noqa: S608  # no value from outside
ENDED = """
    SELECT i.title, o.offer_id, o.buy, o.gone_at, o.gone_reason
    FROM opportunities o JOIN items i ON i.id = o.item_id WHERE o.state = 'gone'
"""
RUNS = """
    SELECT r.*, (SELECT count(*) FROM scan_batches b WHERE b.run_id = r.id AND b.state IN ('planned', 'leased')) AS open
    FROM scan_runs r
"""
LEFT = {
    "nominees": "SELECT count(*) FROM nominees",
    "leases": "SELECT count(*) FROM leases WHERE until > now()",
    "leased batches": "SELECT count(*) FROM scan_batches WHERE state = 'leased'",
    "leased alerts": "SELECT count(*) FROM alerts WHERE lease_until IS NOT NULL",
    "held alerts": "SELECT count(*) FROM alerts WHERE state = 'held'",
    "alerts to strike out": "SELECT count(*) FROM alerts WHERE state = 'sent' AND strike_due_at IS NOT NULL",
    "catalogue walks": "SELECT count(*) FROM catalogue_walks WHERE finished_at IS NULL OR lease_until > now()",
}


def collect(
    whole: System,
    lives: Iterable[Life],
    troubles: Iterable[Trouble],
    *,
    loyal: set[int],
    forbidden: set[int],
    until: Seconds,
) -> Evidence:
    return Evidence(
        troubles=list(troubles),
        lives=list(lives),
        traps=frozenset(row["title"] for row in whole.exchange("truth")["traps"]),
        chats=frozenset(loyal | forbidden),
        forbidden=frozenset(forbidden),
        alerts=[_alert(row) for row in whole.rows(ALERTS)],
        messages=list(messages(whole)),
        edits=list(_alerts(whole, "edit")),
        ended=[_ended(row) for row in whole.rows(ENDED)],
        runs=[_run(row) for row in whole.rows(RUNS)],
        arrivals=[Arrival(row["time"], row["group"]) for row in whole.exchange("requests?since=0")["requests"]],
        stalls=list(_stalls(whole)),
        left={what: whole.number(statement) for what, statement in LEFT.items()},
        ready={part: whole.ready(part) for part in PROCESSES if part is not Part.BEAT},
        loud=[*_loud(whole), *(said for member in whole.members.values() for said in member.surprises)],
        until=until,
    )


def messages(whole: System) -> Iterator[Message]:
    """Every alert in every chat."""
    return _alerts(whole, "send")


def _alerts(whole: System, kind: str) -> Iterator[Message]:
    for line in whole.telegram("transcript?since=0")["messages"]:
        number = NUMBER.search(line["text"])
        if line["kind"] == kind and "\nBuy $" in line["text"] and number:
            yield Message(line["chat_id"], int(number[1], 36), datetime.fromisoformat(line["at"]).timestamp())


def _seconds(moment: datetime | None) -> Seconds | None:
    return moment.timestamp() if moment else None


def _alert(row: dict[str, Any]) -> AlertRow:
    return AlertRow(
        id=row["id"],
        chat_id=row["chat_id"],
        title=row["title"],
        offer_id=row["offer_id"],
        buy=row["buy"],
        state=row["state"],
        reason=str(row["reason"] or "").partition(":")[0],
        attempts=row["attempts"],
        proof_at=row["proof_at"].timestamp(),
        created_at=row["created_at"].timestamp(),
        finished_at=_seconds(row["finished_at"]),
        struck_at=_seconds(row["struck_at"]),
    )


def _ended(row: dict[str, Any]) -> Ended:
    return Ended(row["title"], row["offer_id"], row["buy"], row["gone_at"].timestamp(), row["gone_reason"])


def _run(row: dict[str, Any]) -> Run:
    return Run(
        id=row["id"],
        game=row["game"],
        state=row["state"],
        planned_at=row["planned_at"].timestamp(),
        finished_at=_seconds(row["finished_at"]),
        titles=row["titles"],
        observed=row["prices_observed"],
        batches_left=row["batches_left"],
        open_batches=row["open"],
    )


def _stalls(whole: System) -> Iterator[Stall]:
    """What the heartbeat missed, and the test's own calls."""
    path = whole.data / "logs" / "heartbeat.log"
    for line in path.read_text().splitlines():
        begin, end = map(float, line.split())
        yield Stall(begin, end)
    yield from whole.stalls


def _loud(whole: System) -> Iterator[str]:
    """Tracebacks of our processes, each once. A line at error level is how a library says that its server is away."""
    seen: set[str] = set()
    for path in sorted((whole.data / "logs").glob("*.log")):
        if path.stem.split()[0] not in set(PROCESSES.values()):
            continue
        for line in path.read_text().splitlines():
            said = _loud_part(line)
            if said and f"{path.stem}: {said}" not in seen:
                seen.add(f"{path.stem}: {said}")
                yield f"{path.stem}: {said}"


def _loud_part(line: str) -> str:
    try:
        event = json.loads(line)
    except ValueError:
        return line if line.startswith(PAST_THE_LOG) else ""
    error = str(event.get("exception", ""))
    if not error:
        return ""
    return " | ".join([str(event.get("level")), str(event.get("event")), error.strip().splitlines()[-1]])
