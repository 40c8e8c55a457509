"""Evidence of a run in which all went well, to be spoiled one thing at a time."""

from dataclasses import replace
from typing import Any

from tests.faults.checker import check
from tests.faults.evidence import AlertRow, Ended, Evidence, Life, Message, Run, Trouble
from tests.faults.findings import Findings
from tests.faults.plan import Kind, Part

CHAT = 4242
LIFE = Life("AK-47 | Redline", "offer-1", 1000, since=100.0, until=200.0)
ROW = AlertRow(1, CHAT, LIFE.title, LIFE.offer_id, LIFE.buy, "sent", "delivered", 1, 110.0, 110.0, 111.0)
MESSAGE = Message(CHAT, 1, 111.0)
RUN = Run(1, "csgo", "done", 100.0, 103.0, titles=1200, observed=1200, batches_left=0, open_batches=0)
GOOD = Evidence(
    lives=[LIFE],
    traps=frozenset({"Trap"}),
    chats=frozenset({CHAT}),
    alerts=[ROW],
    messages=[MESSAGE],
    ended=[Ended(LIFE.title, LIFE.offer_id, LIFE.buy, 205.0, "below_level")],
    runs=[RUN, replace(RUN, id=2, planned_at=106.0, finished_at=108.0)],
    left={"leases": 0},
    ready={"worker": (200, "{}")},
    until=300.0,
)


def trouble(part: Part, kind: Kind, begin: float, end: float, size: int = 0) -> Trouble:
    return Trouble(kind, part, begin, end, size)


def after(**changes: Any) -> Findings:
    """What the checker says of the good run with these fields replaced."""
    return check(replace(GOOD, **changes))
