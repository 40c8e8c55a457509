"""The walk over a game's titles and the titles it finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from domain.cadence import LEAST
from models.items import GROUP_SIZE, Item, ItemGroup
from models.queries.groups import lock_layout
from models.scans import CatalogueWalk


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk goes on; an empty cursor is its beginning. `titles` were seen so far."""

    game: str
    cursor: str
    titles: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page read: where the next begins (empty: nowhere) and how many titles it held."""

    next_cursor: str
    titles: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a game's latest walk is; `known` titles were seen at any time, `new` ones first since it began."""

    pages: int = 0
    titles: int = 0
    known: int = 0
    new: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None


def standing(session: Session, game: str) -> Standing:
    """All empty for a game whose titles were never read."""
    walk = session.get(CatalogueWalk, game, populate_existing=True)
    if walk is None:
        return Standing()
    new = func.count().filter(Item.first_seen_at >= walk.started_at)
    known, added = session.execute(select(func.count(), new).where(Item.game == game)).one()
    return Standing(walk.pages, walk.titles, known, added, walk.started_at, walk.finished_at)


def begin_walk(session: Session, game: str, now: datetime, lease: timedelta) -> Walk | None:
    """Go on with a game's unfinished walk or begin a new one; None while another worker is on it."""
    session.execute(upsert(CatalogueWalk).values(**_beginning(now), game=game).on_conflict_do_nothing())
    walk = session.scalars(
        select(CatalogueWalk)
        .where(CatalogueWalk.game == game)
        .where(or_(CatalogueWalk.lease_until.is_(None), CatalogueWalk.lease_until <= now))
        .with_for_update(skip_locked=True)
    ).first()
    if walk is None:
        return None
    if walk.finished_at is not None:
        for name, value in _beginning(now).items():
            setattr(walk, name, value)
    walk.lease_until = now + lease
    return Walk(game, walk.cursor, walk.titles)


def _beginning(now: datetime) -> dict[str, object]:
    return {"cursor": "", "pages": 0, "titles": 0, "started_at": now, "finished_at": None, "lease_until": None}


def advance_walk(session: Session, walk: Walk, page: Page, now: datetime, lease: timedelta) -> None:
    """Record one page; an empty next cursor ends the walk."""
    done = page.next_cursor == ""
    session.execute(
        update(CatalogueWalk)
        .where(CatalogueWalk.game == walk.game)
        .values(
            cursor=page.next_cursor,
            pages=CatalogueWalk.pages + 1,
            titles=CatalogueWalk.titles + page.titles,
            finished_at=now if done else None,
            lease_until=None if done else now + lease,
        )
    )


def restart_walk(session: Session, game: str, now: datetime, until: datetime) -> None:
    """Forget the cursor: the exchange no longer understands it or sends the same pages again.

    Nobody walks before `until`, then the reaper rings.
    """
    session.execute(
        update(CatalogueWalk).where(CatalogueWalk.game == game).values(**{**_beginning(now), "lease_until": until})
    )


def stalled_walks(session: Session, now: datetime) -> list[str]:
    """Games whose walk nobody is on although it has not ended: its worker died or its message was lost."""
    free = or_(CatalogueWalk.lease_until.is_(None), CatalogueWalk.lease_until <= now)
    walks = select(CatalogueWalk.game).where(CatalogueWalk.finished_at.is_(None), free)
    return list(session.scalars(walks.order_by(CatalogueWalk.game)))


def free_walk(session: Session, game: str, until: datetime | None = None) -> None:
    """Let the next worker go on from the stored cursor, at once or `until` a pause is over."""
    session.execute(update(CatalogueWalk).where(CatalogueWalk.game == game).values(lease_until=until))


def see_titles(session: Session, game: str, titles: Sequence[str], now: datetime) -> int:
    """Note that `titles` exist now; new ones join a group that has room. Returns how many were new."""
    lock_layout(session, game)
    wanted = sorted(set(titles))
    known = set(
        session.scalars(
            update(Item).where(Item.game == game, Item.title.in_(wanted)).values(last_seen_at=now).returning(Item.title)
        )
    )
    new = [title for title in wanted if title not in known]
    if new:
        session.execute(_ADD, {"game": game, "titles": new, "seats": _seats(session, game, len(new)), "now": now})
    return len(new)


_ADD = text(
    """
    INSERT INTO items (game, title, group_id, first_seen_at, last_seen_at)
    SELECT :game, title, seat, :now, :now
    FROM unnest(CAST(:titles AS text[]), CAST(:seats AS bigint[])) AS newcomer (title, seat)
    ON CONFLICT DO NOTHING
    """
)


def _seats(session: Session, game: str, count: int) -> list[int]:
    """Group ids for `count` new titles: free places of the newest group first, then new groups."""
    seats: list[int] = []
    newest = session.scalars(
        select(ItemGroup)
        .where(ItemGroup.game == game, ItemGroup.size < GROUP_SIZE)
        .order_by(ItemGroup.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if newest is not None:
        taken = min(count, GROUP_SIZE - newest.size)
        newest.size += taken
        newest.observed_at = newest.arranged_at = None  # the newcomers have no price yet
        newest.edition += 1
        newest.worth = max(newest.worth, LEAST)
        seats += [newest.id] * taken
    while len(seats) < count:
        taken = min(count - len(seats), GROUP_SIZE)
        group_id = session.scalars(insert(ItemGroup).values(game=game, size=taken).returning(ItemGroup.id)).one()
        seats += [group_id] * taken
    return seats
