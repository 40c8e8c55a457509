"""Damaged answers on their way into the database: what is stored stands in the answer, or nothing changes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dmarket.client import Exchange
from dmarket.errors import ExchangeError
from models.queries import batches, catalogue
from tasks.prices import price_batch
from tasks.scan import run_scan
from tasks.services import Services
from tests.fuzz.answers import PAST, Canned
from tests.fuzz.cases import Case, draw
from tests.fuzz.oracles import quote_of
from tests.fuzz.reading import inner, parse, rows
from tests.rows import rows as stored_rows

CASES = 200
SEED = 20261123
NOTHING = (None, 0, None, 0)


def cases() -> Iterator[Case]:
    """Damaged answers about several titles."""
    number = found = 0
    while found < CASES:
        case = draw(SEED, number)
        number += 1
        if case.sample.kind == "prices" and len(case.sample.titles) > 1:
            found += 1
            yield case


def stored(work: Services) -> dict[str, tuple[Any, ...]]:
    query = "SELECT title, bid, bid_count, ask, ask_count FROM prices JOIN items ON items.id = item_id"
    return {row.title: tuple(row[1:]) for row in stored_rows(work.database, query)}


def told(body: bytes) -> dict[str, set[tuple[Any, ...]]]:
    """What an independent reading of a page finds for each of its titles."""
    found: dict[str, set[tuple[Any, ...]]] = {}
    for row in rows(parse(body), "aggregatedPrices"):
        if isinstance(row.get("title"), str):
            found.setdefault(row["title"], set()).add(tuple(quote_of(row)[1:]))
    return found


def read_and_store(work: Services, case: Case) -> bool:
    """One batch of a new scan gets that answer; False where it ended in a typed error."""
    run_id = run_scan(work, "csgo", None).run_id
    assert run_id is not None
    with work.database.transaction() as session:
        batch = batches.claim_batch(session, run_id, work.now())
    assert batch is not None
    answering = replace(work, exchange=Exchange(Canned((case.body, case.last))))
    try:
        price_batch(answering, batch, PAST)
    except ExchangeError:
        with work.database.transaction() as session:
            session.connection().exec_driver_sql("UPDATE scan_runs SET state = 'expired' WHERE state = 'running'")
        return False
    return True


def test_no_wrong_price_is_stored(work: Services) -> None:
    """Hundreds of answers in turn: after each every row holds what that answer says of its title, or what it held."""
    titles = next(cases()).sample.titles
    with work.database.transaction() as session:
        catalogue.see_titles(session, "csgo", titles, work.now())
    read = 0
    for case in cases():
        former = stored(work)
        if not read_and_store(work, case):
            assert stored(work) == former
            continue
        read += 1
        first, following = told(case.body), told(case.last)
        paged = bool(inner(parse(case.body), "nextCursor"))
        for title, held in stored(work).items():
            right = first.get(title, {NOTHING}) | (following.get(title, set()) if paged else set())
            assert held in right, (title, held, case.body[:500])

    assert 30 < read < CASES
    history = stored_rows(work.database, "SELECT count(*) AS many FROM price_history")
    assert history[0].many >= len(titles)
