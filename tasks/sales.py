"""Reading sales ahead of need: the scarce resource is spent on the titles where it tells most."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from celery import shared_task

from dmarket import endpoints
from dmarket.budget import Priority
from dmarket.errors import BudgetExhausted, BudgetUnavailable, ExchangeError
from domain.games import GAMES, Game
from domain.liquidity import WINDOW, lowest_price
from domain.quotes import SalesHistory
from models.queries import leases, nominees, prices, sales
from models.queries.sales import Wanted
from tasks.base import Work, ring, senseless
from tasks.held import held
from tasks.nomination import nominate_titles
from tasks.queues import TaskName
from tasks.services import Services, services
from telemetry.logs import logger

LEASE = timedelta(seconds=30)
TITLES = 60  # at 6 calls a second about ten seconds' worth
MOST_FAILED = 3  # in a row: then it is the exchange and not a title

log = logger(__name__)


@shared_task(name=TaskName.REFRESH_SALES.value, base=Work, bind=True)
def refresh_sales(self: Work) -> None:
    """Read the sales of the titles that want it most until this run's time is over; one run at a time."""
    work = services()
    with work.database.transaction() as session:
        if not leases.take(session, TaskName.REFRESH_SALES, work.now(), LEASE):
            return
        wanted = sales.most_wanted(session, work.now(), work.sales_since, TITLES)
    deadline = self.deadline()
    try:
        with held.hold(lambda: give_back(work)):
            read_all(work, wanted, deadline)
    finally:
        give_back(work)


def give_back(work: Services) -> None:
    """Let another worker read sales."""
    with work.database.transaction() as session:
        leases.give_back(session, TaskName.REFRESH_SALES)


def read_all(work: Services, wanted: Sequence[Wanted], deadline: float) -> None:
    """Read title after title until `deadline`; raises ExchangeError when several in a row failed.

    One that fails alone is passed over: it stays the most wanted and would keep all others waiting.
    """
    failed = 0
    for one in wanted:
        if time.monotonic() > deadline - 1 or held.ending.is_set():
            return
        try:
            read_sales(work, one, deadline)
        except ExchangeError as error:
            failed += 1
            if failed == MOST_FAILED or isinstance(error, (BudgetExhausted, BudgetUnavailable)):
                raise
            log.warning("sales not read", game=one.game, title=one.title, reason=str(error))
        else:
            failed = 0


def read_sales(work: Services, wanted: Wanted, deadline: float) -> None:
    """Keep one title's sales with the careful price they give, and see whether its ask now looks like a deal.

    Verification goes first at the exchange.
    """
    game = GAMES[wanted.game]
    with work.database.transaction() as session:
        former = sales.load(session, wanted.item_id)
    history = read_history(work, game, wanted.title, former, deadline=deadline, priority=Priority.SWEEP)
    with work.database.transaction() as session:
        sales.store(session, wanted.item_id, history, lowest_price(history, history.observed_at))
        quote = prices.current(session, wanted.item_id, wanted.title)
        titles = {wanted.title: wanted.item_id} if quote else {}
        nominated, added = nominate_titles(session, work, game, titles, {quote.title: quote} if quote else {})
        prices.mark(session, nominated, promising=True)
    ring(TaskName.VERIFY_ITEM, times=added, expires=nominees.WAIT.total_seconds())


def read_history(
    work: Services, game: Game, title: str, former: SalesHistory | None, *, deadline: float, priority: Priority
) -> SalesHistory:
    """A title's sales now; Malformed where none is left of `former` ones that cannot have aged out yet.

    No sales of a title that was never asked about is not believed at first sight (SalesHistory.tells): an exchange
    in trouble empties its lists.
    """
    now = work.now()
    history = work.exchange.sales(game, title, now=now, deadline=deadline, priority=priority)
    if not history.sales and former and any(now - sale.at < WINDOW for sale in former.sales):
        raise senseless(endpoints.SALES, f"no sale although {len(former.sales)} were known")
    if not history.sales and former is None:
        return replace(history, complete=False)
    return history
