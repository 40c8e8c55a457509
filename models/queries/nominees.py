"""Titles waiting for verification, and the verdicts they got."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.games import Game
from domain.nomination import OPEN_FIRST, Known, Nomination
from domain.opportunities import Numbers
from domain.quotes import AggregatedPrice
from models.items import Item
from models.prepared import Prepared
from models.queries import fees
from models.queries.arrays import numbers
from models.verification import LastVerdict, Nominee

LEASE = timedelta(seconds=30)
WAIT = timedelta(seconds=90)  # a nomination that waited longer is asked for anew by the next scan
RING_AGAIN = timedelta(seconds=10)
RING_MOST = 200  # each message takes the best that waits, and no more than some hundred are verified until the next
SAME_AGAIN = timedelta(minutes=5)  # how long a rejection stands while the aggregate does not move
ASKED_FIRST = 2 * OPEN_FIRST  # the score of what a person waits for
LOST_WORKERS = 3  # a title whose verification ended so many workers is left alone


@dataclass(frozen=True, slots=True)
class Nominated:
    item_id: int
    nomination: Nomination
    quote: AggregatedPrice


@dataclass(frozen=True, slots=True)
class Claimed:
    """A title to verify. `attempt` fences it; `bid` and `ask` are the aggregate that nominated it."""

    item_id: int
    game: str
    title: str
    attempt: int
    bid: int | None
    ask: int | None


def known(
    session: Session, game: Game, titles: Mapping[str, int], sales_since: datetime, now: datetime
) -> dict[str, Known]:
    """What is stored about each title before new prices are; sales read before `sales_since` count as unknown."""
    fee_of = fees.for_titles(session, game, list(titles), now)
    title_of = {item_id: title for title, item_id in titles.items()}
    return {
        title_of[item_id]: Known(
            fees=fee_of[title_of[item_id]],
            sales_price=price,
            sales_known=fresh,
            former_ask=ask,
            open_opportunity=is_open,
        )
        for item_id, price, ask, fresh, is_open in _KNOWN.run(
            session, {"ids": numbers(titles.values()), "since": sales_since}
        )
    }


# OFFSET 0 as in judgings.py.
_KNOWN = Prepared(
    "known_of_titles",
    """
    SELECT i.id AS item_id, s.price, p.ask,
        coalesce(s.observed_at >= %(since)s AND (s.complete OR s.sales <> '[]'), false) AS fresh,
        EXISTS (SELECT FROM opportunities o WHERE o.item_id = i.id AND o.state = 'open') AS open
    FROM unnest(CAST(%(ids)s AS bigint[])) AS i (id)
    LEFT JOIN LATERAL (SELECT * FROM sales_references WHERE item_id = i.id OFFSET 0) s ON true
    LEFT JOIN LATERAL (SELECT * FROM prices WHERE item_id = i.id OFFSET 0) p ON true
    """,
)


def add(session: Session, nominated: Sequence[Nominated], now: datetime) -> int:
    """Queue titles for verification; returns how many did not wait already.

    Left out are those that the same aggregate got rejected for a moment ago. One that waits gets the new
    numbers; one being verified right now is left alone.
    """
    rows = sorted(nominated, key=lambda one: one.item_id)
    added = session.execute(
        _ADD,
        {
            "ids": [row.item_id for row in rows],
            "reasons": [row.nomination.reason.value for row in rows],
            "scores": [row.nomination.score for row in rows],
            "bids": [row.quote.bid for row in rows],
            "asks": [row.quote.ask for row in rows],
            "now": now,
            "until": now + WAIT,
            "since": now - SAME_AGAIN,
        },
    ).all()
    return sum(row.fresh for row in added)


_ADD = text(
    """
    INSERT INTO nominees AS w (item_id, reason, score, bid, ask, nominated_at, expires_at, rung_at)
    SELECT n.item_id, n.reason, n.score, n.bid, n.ask, :now, :until, :now
    FROM unnest(
        CAST(:ids AS bigint[]), CAST(:reasons AS text[]), CAST(:scores AS int[]),
        CAST(:bids AS int[]), CAST(:asks AS int[])
    ) AS n (item_id, reason, score, bid, ask)
    WHERE n.reason = 'open' OR NOT EXISTS (
        SELECT FROM verdicts v WHERE v.item_id = n.item_id AND v.decided_at > :since
        AND (v.bid, v.ask) IS NOT DISTINCT FROM (n.bid, n.ask)
    )
    ORDER BY n.item_id
    ON CONFLICT (item_id) DO UPDATE SET
        reason = excluded.reason, score = excluded.score, bid = excluded.bid, ask = excluded.ask
    WHERE w.lease_until IS NULL OR w.lease_until <= :now
    RETURNING xmax = 0 AS fresh
    """
)


def ask_for(session: Session, item_id: int, now: datetime) -> bool:
    """Queue one title before all others, whatever was decided a moment ago; False while it is being verified.

    It is verified against the aggregate that is stored, where there is one.
    """
    values = {"item": item_id, "score": ASKED_FIRST, "now": now, "until": now + WAIT}
    return session.execute(_ASK_FOR, values).first() is not None


_ASK_FOR = text(
    """
    INSERT INTO nominees AS w (item_id, reason, score, bid, ask, nominated_at, expires_at, rung_at)
    SELECT i.id, 'asked', :score, p.bid, p.ask, :now, :until, :now
    FROM items i LEFT JOIN prices p ON p.item_id = i.id WHERE i.id = :item
    ON CONFLICT (item_id) DO UPDATE SET
        reason = excluded.reason, score = excluded.score, nominated_at = excluded.nominated_at,
        expires_at = excluded.expires_at, attempts = 0, given_back = 0
    WHERE w.lease_until IS NULL OR w.lease_until <= :now
    RETURNING item_id
    """
)


def claim(session: Session, now: datetime) -> Claimed | None:
    """Lease the most promising title that waits, None when there is none."""
    row = session.execute(_CLAIM, {"now": now, "until": now + LEASE, "lost": LOST_WORKERS}).first()
    return Claimed(row.item_id, row.game, row.title, row.attempts, row.bid, row.ask) if row else None


_CLAIM = text(
    """
    UPDATE nominees n SET lease_until = :until, attempts = n.attempts + 1
    FROM items i
    WHERE i.id = n.item_id AND n.item_id = (
        SELECT item_id FROM nominees
        WHERE expires_at > :now AND attempts - given_back < :lost AND (lease_until IS NULL OR lease_until <= :now)
        ORDER BY score DESC, item_id FOR UPDATE SKIP LOCKED LIMIT 1
    )
    RETURNING n.item_id, n.attempts, n.bid, n.ask, i.game, i.title
    """
)


def finish(session: Session, claimed: Claimed) -> bool:
    """Take a verified title off the list. False when another worker has taken it over."""
    row = session.execute(
        text("DELETE FROM nominees WHERE item_id = :item AND attempts = :attempt RETURNING item_id"),
        {"item": claimed.item_id, "attempt": claimed.attempt},
    ).first()
    return row is not None


def release(session: Session, claimed: Claimed, now: datetime) -> None:
    """Give a title back that could not be read; the reaper rings for it after a moment."""
    session.execute(
        text(
            "UPDATE nominees SET lease_until = NULL, rung_at = :now, given_back = given_back + 1 "
            "WHERE item_id = :item AND attempts = :attempt"
        ),
        {"item": claimed.item_id, "attempt": claimed.attempt, "now": now},
    )


def silent(session: Session, now: datetime) -> int:
    """Drop nominations nobody got to in time and count those to ring for again, RING_MOST of them at a time."""
    session.execute(_DROP, {"now": now})
    values = {"now": now, "before": now - RING_AGAIN, "lost": LOST_WORKERS, "most": RING_MOST}
    return len(session.execute(_RING, values).all())


# Both skip what is locked: batches and verdicts change these rows too, in an order of their own.
_DROP = text(
    """
    DELETE FROM nominees WHERE item_id IN (
        SELECT item_id FROM nominees
        WHERE expires_at <= :now AND (lease_until IS NULL OR lease_until <= :now)
        FOR UPDATE SKIP LOCKED
    )
    """
)
_RING = text(
    """
    UPDATE nominees SET rung_at = :now WHERE item_id IN (
        SELECT item_id FROM nominees
        WHERE rung_at <= :before AND attempts - given_back < :lost AND (lease_until IS NULL OR lease_until <= :now)
        ORDER BY score DESC, item_id LIMIT :most
        FOR UPDATE SKIP LOCKED
    )
    RETURNING item_id
    """
)


def waiting(session: Session, game: str, now: datetime) -> int:
    """How many titles of a game wait for their verification or are in it."""
    hopeful = or_(Nominee.attempts - Nominee.given_back < LOST_WORKERS, Nominee.lease_until > now)
    alive = (Item.game == game, Nominee.expires_at > now, hopeful)
    return session.scalars(
        select(func.count()).select_from(Nominee).join(Item, Item.id == Nominee.item_id).where(*alive)
    ).one()


def record_verdict(
    session: Session, claimed: Claimed, gate: str, numbers: Numbers, now: datetime, *, lasting: bool = True
) -> None:
    """Keep the last decision on a title so that it can be asked for.

    One that is not `lasting` was made on assumptions: it does not keep the same aggregate from another look.
    """
    bid, ask = (claimed.bid, claimed.ask) if lasting else (None, None)
    row = insert(LastVerdict).values(
        item_id=claimed.item_id, decided_at=now, gate=gate, numbers=numbers, bid=bid, ask=ask
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=[LastVerdict.item_id],
            set_={name: row.excluded[name] for name in ("decided_at", "gate", "numbers", "bid", "ask")},
        )
    )
