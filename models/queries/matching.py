"""Which chats a deal is for, and which deals a chat: one predicate, domain.filters.Filter in SQL, read both ways."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    Exists,
    Integer,
    Select,
    TableValuedAlias,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import ColumnElement, SQLColumnExpression
from sqlalchemy.sql.selectable import LateralFromClause

from domain import signatures
from domain.audience import BEST_FIT, RING, start
from domain.deals import OLDEST, Deal
from domain.filters import FLAGS, TEXTS, Condition
from domain.kinds import Loudness
from domain.words import spaced
from models.chats import Chat
from models.filters import FilterRow
from models.manners import Manner
from models.mutes import Mute
from models.opportunities import OpportunityRow, OpportunityState

PART = ("fit", "low", "high")
Side = Mapping[str, ColumnElement[Any]]
Predicate = Mapping[Condition, SQLColumnExpression[bool]]
QUICK = (Condition.NET, Condition.RETURN, Condition.PRICE, Condition.SALES, Condition.AGE)  # in the walked index


def _of_deal() -> Side:
    """The deal's side of the predicate: a parameter for each value of `_values`."""
    numbers = ("buy", "net", "return_bps", "sales_tenths", "age", "float_millionths")
    texts = ("level", "exit", "words", *(trait for _, trait in TEXTS.values()))
    return {
        **{name: bindparam(f"deal_{name}", type_=Integer) for name in numbers},
        **{name: bindparam(f"deal_{name}", type_=Text) for name in texts},
        **{name: bindparam(f"deal_{name}", type_=Boolean) for name in FLAGS.values()},
        "classes": bindparam("deal_classes", type_=ARRAY(Text)),
    }


def _values(deal: Deal) -> dict[str, Any]:
    own = {field.name: getattr(deal, field.name) for field in fields(deal) if field.name != "traits"}
    traits = {field.name: getattr(deal.traits, field.name) for field in fields(deal.traits)}
    bits = {"bits": signatures.of_deal(deal), "word_bits": signatures.of_title(deal.title)}
    values = {**own, **bits, **traits, "classes": sorted(deal.traits.classes), "words": spaced(deal.title)}
    return {f"deal_{name}": value for name, value in values.items()}


def of_rows(at: SQLColumnExpression[datetime]) -> Side:
    """The same of the stored opportunities, whose listings had their age at that time."""
    row = OpportunityRow
    seconds = func.ceil(func.extract("epoch", at - row.listed_at))
    age = case((row.listed_at.isnot(None), cast(func.least(func.greatest(seconds, 0), OLDEST), Integer)))
    names = ("level", "exit", "buy", "net", "return_bps", "sales_tenths", "words", "classes", "float_millionths")
    traits = (trait for _, trait in TEXTS.values())
    columns = {name: getattr(row, name) for name in (*names, *traits, *FLAGS.values())}
    return {**columns, "age": age}


def predicate(wanted: type[FilterRow], deal: Side) -> Predicate:
    """Each condition of domain.filters.Filter, true where the deal meets it; NULL is not met."""
    texts = {
        condition: _chosen(getattr(wanted, field), deal[trait] == any_(getattr(wanted, field)))
        for condition, (field, trait) in TEXTS.items()
    }
    flags = {
        condition: _chosen(getattr(wanted, name), deal[name] == getattr(wanted, name))
        for condition, name in FLAGS.items()
    }
    lowest = _chosen(wanted.float_from, deal["float_millionths"] >= wanted.float_from)
    highest = _chosen(wanted.float_below, deal["float_millionths"] < wanted.float_below)
    dearest = _chosen(wanted.price_to, deal["buy"] <= wanted.price_to)
    return {
        Condition.NET: wanted.min_net <= deal["net"],
        Condition.RETURN: wanted.min_return_bps <= deal["return_bps"],
        Condition.PRICE: and_(wanted.price_from <= deal["buy"], dearest),
        Condition.SALES: wanted.min_sales_tenths <= deal["sales_tenths"],
        Condition.AGE: _chosen(wanted.max_age, deal["age"] <= wanted.max_age),
        Condition.GAME: wanted.on,
        Condition.LEVEL: deal["level"] == any_(wanted.levels),
        Condition.EXIT: deal["exit"] == any_(wanted.exits),
        **texts,
        **flags,
        Condition.CLASS: _chosen(wanted.classes, wanted.classes.op("&&", is_comparison=True)(deal["classes"])),
        Condition.FLOAT: and_(lowest, highest),
        Condition.INCLUDE: _chosen(wanted.include, deal["words"].like(any_(wanted.include))),
        Condition.EXCLUDE: _chosen(wanted.exclude, not_(deal["words"].like(any_(wanted.exclude)))),
    }


def _chosen(wish: SQLColumnExpression[Any], met: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(wish.is_(None), met)


def _parts() -> TableValuedAlias:
    """The parts of the walk, in its order: a fit and the places from one to another."""
    given = (bindparam(f"part_{name}", type_=ARRAY(Integer)) for name in PART)
    columns = (column(name, Integer) for name in PART)
    return func.unnest(*given).table_valued(*columns).render_derived(name="part")


def _walk(seed: int) -> dict[str, list[int]]:
    """For each fit, the best first: from the seed's place to the ring's end, then from its beginning."""
    begin = start(seed)
    ring = ((begin, RING - 1), (0, begin - 1))
    parts = [(fit, *part) for fit in range(BEST_FIT, -1, -1) for part in ring]
    return {f"part_{name}": list(one) for name, one in zip(PART, zip(*parts, strict=True), strict=True)}


def _walked(part: TableValuedAlias) -> LateralFromClause:
    """Chats of a part that may want the deal, by the index ix_filters_walk alone."""
    quick = aliased(FilterRow, name="quick")
    met = predicate(quick, _of_deal())
    bits, words = (bindparam(f"deal_{name}", type_=BigInteger) for name in ("bits", "word_bits"))
    return (
        select(quick.chat_id, quick.decided)
        .where(quick.game == bindparam("deal_game"), quick.on, quick.active, quick.fit == part.c.fit)
        .where(quick.place.between(part.c.low, part.c.high))
        .where(quick.signature.op("&")(bits) == bits, quick.word_bits.op("&")(words) != 0)
        .where(*(met[condition] for condition in QUICK))
        .order_by(quick.place)
        .offset(0)  # a fence: merged with the rest of the query it would read the table
        .lateral("walked")
    )


def _wanting(walked: LateralFromClause) -> LateralFromClause:
    """A row where a walked chat is to be told of the deal."""
    chat_id, met = walked.c.chat_id, predicate(FilterRow, _of_deal())
    now = bindparam("now", type_=DateTime(timezone=True))
    wants = exists().where(
        FilterRow.chat_id == chat_id,
        FilterRow.game == bindparam("deal_game"),
        *(holds for condition, holds in met.items() if condition not in QUICK),
    )
    # told by an index of the few that are: each chat's own row would be a page of its own
    snoozed = exists().where(Chat.id == chat_id, Chat.snoozed_until.isnot(None), Chat.snoozed_until > now)
    off = exists().where(
        Manner.chat_id == chat_id, Manner.kind == bindparam("deal_exit"), Manner.loudness == Loudness.OFF.value
    )
    muted = _muted(chat_id, bindparam("deal_item_id", type_=Integer), now)
    return (
        select(true().label("wants"))
        .where(or_(walked.c.decided, wants.correlate(walked)))
        .where(*(~one.correlate(walked) for one in (snoozed, off, muted)))
        .correlate(walked)
        .offset(0)
        .lateral("wanting")
    )


def _muted(
    chat_id: SQLColumnExpression[int], item_id: SQLColumnExpression[int], now: ColumnElement[datetime]
) -> Exists:
    return exists().where(Mute.chat_id == chat_id, Mute.item_id == item_id, or_(Mute.until.is_(None), Mute.until > now))


def _audience() -> Select[int]:
    """Nested loops in the order of the parts: the fences leave the planner no other way, and LIMIT ends the walk."""
    part = _parts()
    walked = _walked(part)
    wanting = _wanting(walked)
    chosen = select(walked.c.chat_id).select_from(part.join(walked, true()).join(wanting, true()))
    return chosen.limit(bindparam("most", type_=Integer))


_AUDIENCE = _audience()  # made once: putting it together takes as long as running it


def audience(session: Session, deal: Deal, seed: int, most: int, now: datetime) -> list[int]:
    """The chats to tell of a deal, at most so many, the first to be told first.

    Active ones that want it, are not snoozed, have not muted the title or switched the kind off. Those with the best
    fit come first, and among equals a walk round their ring that begins where the seed says.
    """
    return list(session.scalars(_AUDIENCE, _values(deal) | _walk(seed) | {"most": most, "now": now}))


def open_deals(session: Session, chat_id: int, now: datetime, since: datetime, limit: int) -> list[OpportunityRow]:
    """Open opportunities confirmed after `since` that a chat wants and has not muted, the best first."""
    row = OpportunityRow
    met = predicate(FilterRow, of_rows(literal(now)))
    deals = (
        select(row)
        .join(FilterRow, FilterRow.game == row.game)
        .where(FilterRow.chat_id == chat_id, row.state == OpportunityState.OPEN, row.confirmed_at > since)
        .where(*met.values(), ~_muted(FilterRow.chat_id, row.item_id, literal(now)))
        .order_by(row.cents_per_day.desc(), row.id)
        .limit(limit)
    )
    return list(session.scalars(deals))


@dataclass(frozen=True, slots=True)
class Miss:
    """A deal that a chat was not told of, and the only condition of its filter that it did not meet."""

    row: OpportunityRow
    condition: Condition


def nearest_miss(session: Session, chat_id: int, since: datetime) -> Miss | None:
    """The best deal opened since then that met all but one condition of its game's filter, if any.

    A game that is switched off misses nothing. Ages count to the last confirmation.
    """
    row = OpportunityRow
    met = predicate(FilterRow, of_rows(row.confirmed_at))
    misses = {one: case((holds, 0), else_=1) for one, holds in met.items() if one is not Condition.GAME}
    which = case(*((miss == 1, literal(one.value)) for one, miss in misses.items()))
    found = session.execute(
        select(row, which)
        .join(FilterRow, FilterRow.game == row.game)
        .where(FilterRow.chat_id == chat_id, FilterRow.on, row.opened_at >= since)
        .where(reduce(add, misses.values()) == 1)
        .order_by(row.cents_per_day.desc(), row.id)
        .limit(1)
    ).first()
    return Miss(found[0], Condition(found[1])) if found else None
