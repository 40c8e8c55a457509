"""Reading sales ahead of need: the scarce resource is spent on the titles where it tells most."""

import time
from datetime import timedelta

from celery import shared_task

from dmarket.budget import Priority
from domain.games import GAMES
from domain.liquidity import lowest_price
from models.queries import leases, sales
from tasks.base import Work
from tasks.queues import TaskName
from tasks.services import Services, services

LEASE = timedelta(seconds=30)
TITLES = 60  # at 6 calls a second about ten seconds' worth


@shared_task(name=TaskName.REFRESH_SALES, base=Work, bind=True)
def refresh_sales(self: Work) -> None:
    """Read the sales of the titles that want it most until this run's time is over; one run at a time."""
    work = services()
    with work.database.transaction() as session:
        if not leases.take(session, TaskName.REFRESH_SALES, work.now(), LEASE):
            return
        wanted = sales.most_wanted(session, work.sales_since, TITLES)
    deadline = self.deadline()
    try:
        for one in wanted:
            if time.monotonic() > deadline - 1:
                break
            read_sales(work, one, deadline)
    finally:
        with work.database.transaction() as session:
            leases.give_back(session, TaskName.REFRESH_SALES)


def read_sales(work: Services, wanted: sales.Wanted, deadline: float) -> None:
    """Keep one title's sales with the careful price they give. Verification goes first at the exchange."""
    game = GAMES[wanted.game]
    now = work.now()
    history = work.exchange.sales(game, wanted.title, now=now, deadline=deadline, priority=Priority.SWEEP)
    with work.database.transaction() as session:
        sales.store(session, wanted.item_id, history, lowest_price(history, now))
