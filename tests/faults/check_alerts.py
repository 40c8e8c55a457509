"""No alert lost, none untrue, none too late, each told once and ended in a state that is true."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from tests.faults.evidence import MAX_AGE, AlertRow, Evidence, Life, Message
from tests.faults.findings import Findings
from tests.faults.plan import Kind, Part, Seconds

PATIENCE: Seconds = 20.0  # healthy for so long, a deal must have been told
STAY: Seconds = 20.0  # a task's longest stay at the exchange: it may see what came after it had asked
NEAR: Seconds = 1.0  # between the exchange's answer and the moment that is written down for it
ON_THE_WAY: Seconds = 5.0  # from the claim of an alert to its place in the chat
CHEAPER_BPS = 300  # docs/alerts.md: a move is news when at least 3 % cheaper
FINAL = {"sent", "suppressed", "expired", "failed"}
PLAIN = {"delivered", "resent", "moved", "gone", "too_late", "unknown", "blocked"}
# What may come between Telegram's acceptance and the record of it.
UNRECORDED = {
    (Part.TELEGRAM, Kind.SWALLOW),
    (Part.TELEGRAM, Kind.SILENT),
    (Part.TELEGRAM, Kind.REFUSED),
    (Part.BOT, Kind.KILL),
    (Part.BOT, Kind.FREEZE),
    (Part.BOT, Kind.CLOCK),
    *((Part.POSTGRES, kind) for kind in (Kind.KILL, Kind.FREEZE, Kind.STOP, Kind.CRASH, Kind.CUT)),
}


def check_alerts(evidence: Evidence, findings: Findings) -> None:
    rows = {row.id: row for row in evidence.alerts}
    told: dict[int, list[Message]] = {}
    for message in sorted(evidence.messages, key=lambda one: one.at):
        told.setdefault(message.alert_id, []).append(message)
    for number, messages in told.items():
        if number in rows:
            _told(evidence, findings, rows[number], messages)
        else:
            findings.broken(f"untrue: chat {messages[0].chat_id} was told alert {number}, of which there is no row")
    for row in evidence.alerts:
        _ended(evidence, findings, row, told.get(row.id, []))
    _none_lost(evidence, findings, [row for row in evidence.alerts if row.id in told or row.reason == "unknown"])
    _none_doubled(findings, evidence.alerts)
    _none_closed_alive(evidence, findings)
    _edits_are_true(evidence, findings, rows)


def _told(evidence: Evidence, findings: Findings, row: AlertRow, messages: list[Message]) -> None:
    name = _name(row)
    slack = evidence.clock_error(row.proof_at)
    if row.title in evidence.traps:
        findings.broken(f"untrue: {name} is a trap")
    elif not _true_at(evidence.lives, row, slack) and _on_old_sales(evidence.lives, row, slack):
        findings.allowed("alert on another offer of a title that was planted in after its sales were read")
    elif not _true_at(evidence.lives, row, slack):
        findings.broken(f"untrue: {name} was not at the exchange at {row.proof_at:.1f}, the moment of its proof")
    late = messages[0].at - row.proof_at - MAX_AGE - ON_THE_WAY - slack
    if late > 0 and not _frozen_bot(evidence, messages[0].at):
        findings.broken(f"late: {name} was told {late:.0f} s after it was too old to be")
    _once(evidence, findings, row, messages)


def _true_at(lives: Iterable[Life], row: AlertRow, slack: Seconds) -> bool:
    """Whether the deal was there when its offers were read: asked for at `proof_at`, answered soon after."""
    begin, end = row.proof_at - NEAR - slack, row.proof_at + STAY + slack
    return any(life.alive(begin, end) for life in lives if (life.offer_id, life.buy) == (row.offer_id, row.buy))


def _on_old_sales(lives: Iterable[Life], row: AlertRow, slack: Seconds) -> bool:
    """Whether the title got another past by a deal that was planted in it while its former sales still counted."""
    replaced = (life for life in lives if life.title == row.title and life.hidden_until)
    other = (life for life in replaced if life.offer_id != row.offer_id)
    return any(life.since - slack <= row.proof_at <= life.hidden_until + STAY + slack for life in other)


def _frozen_bot(evidence: Evidence, at: Seconds) -> bool:
    return any(
        one.part is Part.BOT and one.kind is Kind.FREEZE and one.over(at - ON_THE_WAY, at) for one in evidence.troubles
    )


def _once(evidence: Evidence, findings: Findings, row: AlertRow, messages: list[Message]) -> None:
    if len(messages) == 1:
        return
    between = [
        one
        for one in evidence.troubles
        if (one.part, one.kind) in UNRECORDED and one.over(messages[0].at - NEAR, messages[-1].at)
    ]
    if len(messages) == 2 and row.attempts >= 2 and between:  # the one repetition that is allowed
        findings.allowed("alert told twice: its first answer or the record of it was lost")
    else:
        why = f"{row.attempts} attempts, {len(between)} outages that could explain it"
        findings.broken(f"repeated: {_name(row)} was told {len(messages)} times ({why})")


def _ended(evidence: Evidence, findings: Findings, row: AlertRow, messages: list[Message]) -> None:
    """The recorded end agrees with what the chat and the exchange saw."""
    name = _name(row)
    if row.state not in FINAL or row.finished_at is None:
        findings.broken(f"unfinished: {name} is still {row.state}")
        return
    if row.state == "sent" and not messages:
        findings.broken(f"lost: {name} is recorded as sent, the chat never got it")
    elif row.state != "sent" and messages and row.reason != "unknown":
        findings.broken(f"misrecorded: {name} was told, its row says {row.state}: {row.reason}")
    elif row.state != "sent":
        _untold(evidence, findings, row, name)
    if row.reason not in PLAIN:
        findings.broken(f"misrecorded: {name} ended as {row.state}: {row.reason}, which nothing in this run explains")


def _untold(evidence: Evidence, findings: Findings, row: AlertRow, name: str) -> None:
    at = row.finished_at or 0.0
    troubled = evidence.troubled(row.proof_at, at)
    if row.reason in {"gone", "moved"} and _lived_on(evidence, row, at):
        findings.broken(f"untrue end: {name} was suppressed as {row.reason} at {at:.1f} while it was there")
    elif row.reason == "blocked" and row.chat_id not in evidence.forbidden:
        findings.broken(f"untrue end: {name} ended as blocked, nobody blocked the bot")
    elif row.reason in {"too_late", "unknown"} and not troubled:
        findings.broken(f"lost: {name} ended as {row.reason} although nothing was wrong meanwhile")
    else:
        findings.allowed(f"alert not told, ended as {row.state}: {row.reason}")


def _lived_on(evidence: Evidence, row: AlertRow, at: Seconds) -> bool:
    """Whether the very offer at the very price was there all around `at`."""
    slack = 2 * NEAR + evidence.clock_error(at)
    same = (life for life in evidence.lives if (life.offer_id, life.buy) == (row.offer_id, row.buy))
    return any(life.since <= at - slack and life.until >= at + slack for life in same)


def _none_lost(evidence: Evidence, findings: Findings, settled: Iterable[AlertRow]) -> None:
    """`settled` were told, or handed over with all answers lost: those are not sent a third time."""
    told = {(row.chat_id, row.offer_id, row.buy) for row in settled}
    loyal = evidence.chats - evidence.forbidden
    for life in evidence.lives:
        begin = max(life.since, life.hidden_until)
        healthy = evidence.healthy_stretch(begin, min(life.until, evidence.until))
        untold = [chat for chat in sorted(loyal) if (chat, life.offer_id, life.buy) not in told]
        if not untold:
            findings.allowed("deal told to every chat")
        elif not is_news(life):
            findings.allowed("deal not told: its price moved by too little")
        elif healthy < PATIENCE:
            findings.allowed("deal not told: it was not there long enough with nothing wrong")
        for chat in untold if is_news(life) and healthy >= PATIENCE else ():
            findings.broken(_lost(life, chat, healthy))


def _lost(life: Life, chat: int, healthy: Seconds) -> str:
    seen = f"there from {life.since:.1f} to {life.until:.1f}, {healthy:.0f} s of it with nothing wrong"
    return f"lost: chat {chat} was never told of {life.title!r} at {life.buy} cents (offer {life.offer_id}), {seen}"


def is_news(life: Life) -> bool:
    """Whether it must be told whichever of the former prices was the last that Skinbeat saw."""
    return all(life.buy * 10_000 <= before * (10_000 - CHEAPER_BPS) for before in life.former)


def _none_doubled(findings: Findings, alerts: Iterable[AlertRow]) -> None:
    def same(row: AlertRow) -> tuple[int, str, int]:
        return row.chat_id, row.offer_id, row.buy

    for (chat, offer, buy), rows in groupby(sorted(alerts, key=same), key=same):
        numbers = [row.id for row in rows]
        if len(numbers) > 1:
            findings.broken(f"repeated: chat {chat} has alerts {numbers} for one offer {offer} at {buy} cents")


def _none_closed_alive(evidence: Evidence, findings: Findings) -> None:
    """`upstream down` never reads as `no deals`."""
    for one in evidence.ended:
        slack = NEAR + evidence.clock_error(one.at)
        same = (life for life in evidence.lives if (life.offer_id, life.buy) == (one.offer_id, one.buy))
        alive = any(life.since <= one.at - slack - STAY and life.until >= one.at + slack + NEAR for life in same)
        if alive and one.reason != "unconfirmed":
            findings.broken(
                f"untrue end: the opportunity on {one.title!r} ended as {one.reason} at {one.at:.1f}, "
                f"its offer {one.offer_id} was there"
            )


def _edits_are_true(evidence: Evidence, findings: Findings, rows: Mapping[int, AlertRow]) -> None:
    """What was struck out was told and is struck out in the chat too; what changed, changed once."""
    edits: dict[int, list[Message]] = {}
    for edit in evidence.edits:
        edits.setdefault(edit.alert_id, []).append(edit)
    for number, made in edits.items():
        row = rows.get(number)
        if row is None or row.state != "sent":
            findings.broken(f"untrue edit: chat {made[0].chat_id} saw alert {number} change, which was never sent")
        elif row.struck_at is None:
            findings.broken(f"misrecorded: {_name(row)} was struck out, its row does not say so")
        elif len(made) > 1:
            findings.allowed("alert struck out again: its deal changed again, or the first answer was lost")
    for row in rows.values():
        if row.struck_at is not None and row.id not in edits:
            findings.broken(f"misrecorded: {_name(row)} is recorded as struck out, the chat never saw it")


def _name(row: AlertRow) -> str:
    return f"alert {row.id} to chat {row.chat_id} of {row.title!r} at {row.buy} cents (offer {row.offer_id})"
