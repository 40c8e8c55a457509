"""One deal's way, read from both ends: the exchange's record of calls and the Bot API's record of messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from benchmarks.calls import Asked

ONE_TITLE = ("market-items", "other", "last-sales")  # the groups of the reads that prove a deal: offers, bids, sales


@dataclass(frozen=True, slots=True)
class Way:
    """When a deal's aggregate was first answered, its last proving read was answered, its message was accepted.

    In unix seconds of this machine's clock, as everything here.
    """

    shown: float
    proven: float
    accepted: float

    @property
    def from_shown(self) -> float:
        return self.accepted - self.shown

    @property
    def from_proven(self) -> float:
        return self.accepted - self.proven


def way_of(title: str, asked: Iterable[Asked], accepted: float) -> Way | None:
    """A deal's way; None where the record lacks a part of it.

    What proves it is the first read of each kind after its title was shown. Sales are not read where they are known.
    """
    about = [call for call in asked if title in call.deals and call.status == 200 and call.answered <= accepted]
    shown = min((call.answered for call in about if call.of_batch), default=None)
    if shown is None:
        return None
    reads = [call for call in about if not call.of_batch and call.answered > shown]
    first = (min((call.answered for call in reads if call.group == group), default=None) for group in ONE_TITLE)
    proofs = [answered for answered in first if answered is not None]
    return Way(shown, max(proofs), accepted) if proofs else None


def accepted_at(title: str, messages: Sequence[dict[str, Any]]) -> float | None:
    """When the first alert about a title was accepted; the title is the second line, a variant follows it."""
    for message in messages:
        lines = message["text"].splitlines()
        if message["kind"] == "send" and len(lines) > 1 and lines[1].partition(" · ")[0] == title:
            return datetime.fromisoformat(message["at"]).timestamp()
    return None
