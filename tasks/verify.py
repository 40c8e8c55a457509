"""Verification: the only place where an aggregate's promise becomes an alert, on live data."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextvars import copy_context
from datetime import datetime, timedelta
from typing import TypeVar

from celery import shared_task
from sqlalchemy.orm import Session

from dmarket.budget import Priority
from dmarket.errors import ExchangeError, Incomplete, Refused
from domain.audience import MOST_WAITING, most_told
from domain.fees import ItemFees
from domain.games import GAMES, Game
from domain.judgement import judge
from domain.liquidity import lowest_price
from domain.opportunities import Evidence, Gate, Verdict, worth_telling_again
from domain.quotes import SalesHistory
from models.opportunities import EventKind
from models.queries import alerts, arrivals, fees, matching, nominees, opportunities, sales, strikes
from models.queries.nominees import Claimed
from models.queries.opportunities import Change
from tasks.base import SECONDS, Work, ring
from tasks.held import held
from tasks.insisting import DATABASE_AWAY, insist
from tasks.queues import TaskName
from tasks.sales import read_history
from tasks.services import Services, services
from telemetry.logs import logger
from telemetry.metrics import CACHE_HITS, CACHE_MISSES, OPPORTUNITIES, TASK_RETRIES, VERDICTS, VERIFICATION_SALES
from telemetry.story import Request, collecting, telling
from telemetry.traces import span

log = logger(__name__)

Read = TypeVar("Read")

STAY_SECONDS = 8.0  # after which a thread begins no further verification
ACCEPTED = "accepted"
UNREADABLE = "unreadable"  # the exchange refuses to tell about this title
OTHER_VARIANT = "other_variant"  # why one is gone where another variant of the title is accepted


@shared_task(name=TaskName.VERIFY_ITEM.value, base=Work)
def verify_item() -> None:
    """Verify the most promising nominated title; none waiting is a message too many and does nothing."""
    verify_waiting(services())


def verify_waiting(work: Services) -> None:
    """Verify a title that waits, here or, where enough of them are being verified, right after one of those.

    Raises ExchangeError where it cannot be read.
    """
    if not work.lanes.ask():
        return
    ends, lane = time.monotonic() + STAY_SECONDS, True
    try:
        while time.monotonic() < ends and not held.ending.is_set() and (lane := work.lanes.take()):
            verify_next(work, time.monotonic() + SECONDS)
    finally:
        if lane:
            ring(TaskName.VERIFY_ITEM, times=work.lanes.leave(), expires=nominees.WAIT.total_seconds())


def verify_next(work: Services, deadline: float) -> None:
    """Lease, read and decide the most promising title that waits, if any; ExchangeError where it cannot be read."""
    with work.database.transaction() as session:
        claimed = nominees.claim(session, work.now())
    if claimed is None:
        return
    if claimed.attempt > 1:
        TASK_RETRIES.labels(TaskName.VERIFY_ITEM).inc()
    with (
        telling(item=claimed.item_id),
        span("verification", item=claimed.item_id, game=claimed.game),
        held.hold(lambda: release(work, claimed)),
    ):
        verify(work, claimed, deadline)


def verify(work: Services, claimed: Claimed, deadline: float) -> None:
    """Read and decide a leased title; gives it back and raises where it cannot be read."""
    with collecting() as requests:
        evidence = _gather_or_give_back(work, claimed, deadline)
    with span("settlement", item=claimed.item_id):
        insist(lambda: settle(work, claimed, evidence, requests), deadline)


def _gather_or_give_back(work: Services, claimed: Claimed, deadline: float) -> Evidence:
    try:
        return gather(work, claimed, deadline)
    except (ExchangeError, *DATABASE_AWAY) as error:
        failure = error
        insist(lambda: give_back(work, claimed, failure), deadline)
        raise


def release(work: Services, claimed: Claimed) -> None:
    """Leave a title to other workers as soon as the reaper looks: this one must end."""
    with work.database.transaction() as session:
        nominees.release(session, claimed, work.now() - nominees.RING_AGAIN)


def give_back(work: Services, claimed: Claimed, error: Exception) -> None:
    """Leave a title for a later try; where no try can help this title, its verdict says so."""
    now = work.now()
    with work.database.transaction() as session:
        refused = isinstance(error, (Refused, Incomplete)) and nominees.finish(session, claimed)
        if refused:
            nominees.record_verdict(session, claimed, UNREADABLE, {"reason": str(error)}, now)
        else:
            nominees.release(session, claimed, now)
    if refused:
        VERDICTS.labels(claimed.game, UNREADABLE).inc()


def gather(work: Services, claimed: Claimed, deadline: float) -> Evidence:
    """Read everything the decision needs, all at once; no transaction is open while the exchange is asked.

    The first read that failed is raised; the others end by themselves before `deadline`.
    """
    game = GAMES[claimed.game]
    offers = _beside(work, lambda: work.exchange.offers(game, claimed.title, deadline=deadline))
    bids = _beside(work, lambda: work.exchange.bids(game, claimed.title, deadline=deadline))
    history, item_fees = _sales_and_fees(work, claimed, game, deadline)
    book, offers_at = offers.result()
    bid_book, bids_at = bids.result()
    return Evidence(
        claimed.title, book.offers, offers_at, bid_book, bids_at, history, item_fees, offers_complete=book.complete
    )


def _beside(work: Services, read: Callable[[], Read]) -> Future[tuple[Read, datetime]]:
    """A read in another thread, whose log carries the same ids."""
    return work.readers.submit(copy_context().run, _with_time, work, read)


def _with_time(work: Services, read: Callable[[], Read]) -> tuple[Read, datetime]:
    """What was read and since when it is true: the moment before it was asked for, however long that took."""
    now = work.now()
    return read(), now


def _sales_and_fees(work: Services, claimed: Claimed, game: Game, deadline: float) -> tuple[SalesHistory, ItemFees]:
    """The title's sales, read now where the kept ones are too old, and its fees."""
    with work.database.transaction() as session:
        history = sales.load(session, claimed.item_id)
        item_fees = fees.for_titles(session, game, [claimed.title], work.now())[claimed.title]
    if history is not None and history.tells and history.observed_at >= work.sales_since:
        CACHE_HITS.labels("sales").inc()
        VERIFICATION_SALES.labels("fresh").inc()
        return history, item_fees
    CACHE_MISSES.labels("sales").inc()
    VERIFICATION_SALES.labels("read").inc()
    fresh = read_history(work, game, claimed.title, history, deadline=deadline, priority=Priority.URGENT)
    return fresh, item_fees


def settle(work: Services, claimed: Claimed, evidence: Evidence, requests: Sequence[Request] = ()) -> None:
    """Decide and record in one transaction: sales read, opportunity and its life, verdict, alerts, NOTIFY.

    `requests` brought the evidence; they stand in the log beside what it led to.
    Evidence that became too old on the way says nothing: the title is given back and what is open stays.
    """
    now = work.now()
    verdict = judge(evidence, now, work.limits)
    gate = verdict.rejection.gate.value if verdict.rejection else ACCEPTED
    if gate == Gate.STALE_INPUT:
        with work.database.transaction() as session:
            nominees.release(session, claimed, now)
        VERDICTS.labels(claimed.game, gate).inc()
        log.warning("evidence too old to decide", game=claimed.game, title=claimed.title, numbers=_numbers(verdict))
        return
    with work.database.transaction() as session:
        arrivals.telling(session)
        if not nominees.finish(session, claimed):
            log.info("title was taken over by another worker", item=claimed.item_id)
            return
        sales.store(session, claimed.item_id, evidence.history, lowest_price(evidence.history, now))
        lasting = evidence.fees.default is not None and evidence.history.tells
        nominees.record_verdict(session, claimed, gate, _numbers(verdict), now, lasting=lasting)
        reason = gate if verdict.rejection else OTHER_VARIANT
        changes = opportunities.record(session, claimed, verdict.opportunities, evidence, reason)
        owed = {change.row.id: _owe_alerts(session, work, claimed, change) for change in changes}
        struck = strikes.owe(session, (change.row for change in changes if change.kind is not EventKind.OPENED), now)
        if any(owed.values()) or struck:
            alerts.notify(session)
    VERDICTS.labels(claimed.game, gate).inc()
    for change in changes:
        ids = {"opportunity": change.row.id, "alerts": owed[change.row.id]}
        with span("alerts written", became=change.kind, title=claimed.title, gate=gate, **ids):
            log.info(
                "opportunity",
                became=change.kind,
                game=claimed.game,
                title=claimed.title,
                gate=gate,
                requests=requests,
                **ids,
            )
        if change.kind is EventKind.OPENED:
            OPPORTUNITIES.labels(claimed.game, change.row.level).inc()


def _numbers(verdict: Verdict) -> dict[str, int | str | None]:
    if verdict.rejection:
        return verdict.rejection.numbers
    best = verdict.opportunities[0]
    return {"ask": best.offer.price, "net": best.exit.net, "return_bps": best.exit.return_bps, "exit": best.exit.kind}


def _owe_alerts(session: Session, work: Services, claimed: Claimed, change: Change) -> int:
    """Alert rows for whom the change is news; returns how many."""
    row = change.row
    if change.kind is EventKind.GONE:
        return 0
    life = timedelta(seconds=work.settings.alert_max_age)
    expires_at = row.confirmed_at + life
    if change.kind is EventKind.OPENED or worth_telling_again(change.former_buy or row.buy, row.buy):
        most = most_told(row.capacity, alerts.waiting(session, MOST_WAITING), life)
        deal = opportunities.deal_of(row, claimed.title, row.confirmed_at)
        chat_ids = matching.audience(session, deal, row.id, most, row.confirmed_at)
    else:  # no news, but who waits for the former price must not be left with nothing
        chat_ids = alerts.waiting_chats(session, row.id)
    told = len(chat_ids)
    return alerts.create(
        session, row.id, row.offer_id, row.buy, chat_ids, now=row.confirmed_at, expires_at=expires_at, told=told
    )
