"""The life of opportunities: opened, moved, gone."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.deals import Deal, age_of
from domain.money import BasisPoints
from domain.opportunities import Evidence, Opportunity
from domain.traits import Traits, completed
from domain.words import spaced
from models.opportunities import EventKind, OpportunityEvent, OpportunityRow, OpportunityState
from models.proof import Proof
from models.queries import strikes
from models.queries.alerts import notify
from models.queries.nominees import Claimed

UNCONFIRMED = "unconfirmed"  # why an opportunity ended that nobody could look at any more

TRAITS = tuple(field.name for field in fields(Traits))  # columns of the same names

MOST_RETURN_BPS: BasisPoints = 2**31 - 1  # what the column holds: more is a bid gone mad, and it still ranks first


@dataclass(frozen=True, slots=True)
class Change:
    """What a verification did to a stored opportunity; `former_buy` in cents when it moved."""

    kind: EventKind
    row: OpportunityRow
    former_buy: int | None = None


def record(
    session: Session, claimed: Claimed, opportunities: Iterable[Opportunity], evidence: Evidence, reason: str
) -> list[Change]:
    """Bring the stored opportunities of a title in line with a verdict.

    Those that stand are confirmed, moved ones updated, new ones opened, and open ones that the verdict
    does not know are gone for `reason`. A verdict on older reads than the stored one changes nothing.
    """
    rows = session.scalars(
        select(OpportunityRow)
        .where(OpportunityRow.item_id == claimed.item_id, OpportunityRow.state == OpportunityState.OPEN)
        .with_for_update()
    ).all()
    if any(row.confirmed_at > evidence.offers_at for row in rows):
        return []
    standing = {row.variant: row for row in rows}
    changes: list[Change] = []
    for opportunity in opportunities:
        row = standing.pop(opportunity.variant.key, None)
        proof = Proof.of(claimed.game, opportunity, evidence)
        change = (
            _open(session, claimed.item_id, opportunity, proof) if row is None else _confirm(row, opportunity, proof)
        )
        if change:
            changes.append(change)
    changes += [_close(row, evidence.offers_at, reason) for row in standing.values()]
    session.flush()
    for change in changes:
        session.add(_event(change, evidence.offers_at))
    return changes


def _values(opportunity: Opportunity, proof: Proof) -> dict[str, object]:
    return {
        "level": opportunity.level.key,
        "exit": opportunity.exit.kind.value,
        "offer_id": opportunity.offer.offer_id,
        "buy": opportunity.offer.price,
        "net": opportunity.exit.net,
        "return_bps": min(opportunity.exit.return_bps, MOST_RETURN_BPS),
        "capacity": opportunity.capacity,
        "cents_per_day": opportunity.cents_per_day,
        "evidence": proof.model_dump(mode="json"),
        "confirmed_at": proof.offers_at,
        "sales_tenths": int(proof.sales_per_day * 10),
        "listed_at": opportunity.offer.created_at,
        "words": spaced(proof.title),
        **_traits(opportunity, proof),
    }


def _traits(opportunity: Opportunity, proof: Proof) -> dict[str, object]:
    offer = opportunity.offer
    traits = completed(offer.traits, proof.game, proof.title, offer.variant, offer.float_value)
    return {**{name: getattr(traits, name) for name in TRAITS}, "classes": sorted(traits.classes)}


def deal_of(row: OpportunityRow, title: str, now: datetime) -> Deal:
    """A stored opportunity of this title as filters see it at that time."""
    traits = {name: getattr(row, name) for name in TRAITS}
    return Deal(
        item_id=row.item_id,
        game=row.game,
        title=title,
        level=row.level,
        exit=row.exit,
        buy=row.buy,
        net=row.net,
        return_bps=row.return_bps,
        sales_tenths=row.sales_tenths,
        age=age_of(row.listed_at, now),
        traits=Traits(**traits | {"classes": frozenset(row.classes)}),
    )


def _open(session: Session, item_id: int, opportunity: Opportunity, proof: Proof) -> Change:
    row = OpportunityRow(
        item_id=item_id,
        variant=opportunity.variant.key,
        state=OpportunityState.OPEN,
        game=proof.game,
        opened_at=proof.offers_at,
        **_values(opportunity, proof),
    )
    session.add(row)
    return Change(EventKind.OPENED, row)


def _confirm(row: OpportunityRow, opportunity: Opportunity, proof: Proof) -> Change | None:
    former = (row.offer_id, row.buy)
    for name, value in _values(opportunity, proof).items():
        setattr(row, name, value)
    return Change(EventKind.MOVED, row, former[1]) if former != (row.offer_id, row.buy) else None


def _close(row: OpportunityRow, at: datetime, reason: str) -> Change:
    row.state, row.gone_at, row.gone_reason = OpportunityState.GONE, at, reason
    return Change(EventKind.GONE, row)


def close_unconfirmed(session: Session, game: str, before: datetime, now: datetime) -> int:
    """End the open opportunities of a game that nothing has confirmed since `before`; how many.

    Their game is switched off, their title gone, or the exchange silent: nobody may call them open.
    """
    rows = session.scalars(
        select(OpportunityRow)
        .where(OpportunityRow.game == game, OpportunityRow.state == OpportunityState.OPEN)
        .where(OpportunityRow.confirmed_at < before)
        .with_for_update(skip_locked=True)
    ).all()
    session.add_all(_event(_close(row, now, UNCONFIRMED), now) for row in rows)
    if strikes.owe(session, rows, now):
        notify(session)
    return len(rows)


def _event(change: Change, at: datetime) -> OpportunityEvent:
    row = change.row
    return OpportunityEvent(
        opportunity_id=row.id, kind=change.kind, at=at, offer_id=row.offer_id, buy=row.buy, net=row.net
    )


def confirmed_since(session: Session, game: str, since: datetime) -> list[OpportunityRow]:
    """Open opportunities of a game that live data confirmed since then, the best first."""
    return list(
        session.scalars(
            select(OpportunityRow)
            .where(OpportunityRow.game == game, OpportunityRow.state == OpportunityState.OPEN)
            .where(OpportunityRow.confirmed_at >= since)
            .order_by(OpportunityRow.cents_per_day.desc(), OpportunityRow.id)
        )
    )
