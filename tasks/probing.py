"""Asking again for what fails, so that the end of its trouble is noticed also while no work needs it."""

import time
from datetime import datetime, timedelta

from dmarket.budget import Priority
from dmarket.errors import ExchangeError
from domain.conditions import EXCHANGE, Part
from domain.games import GAMES
from models.queries.conditions import title_on_offer
from tasks.services import Services
from telemetry.conditions import Conditions

REST = timedelta(seconds=5)  # since the last try, by work or by us
SECONDS = 4.0  # one question's longest stay at the exchange


def probe(work: Services, conditions: Conditions, now: datetime) -> None:
    """Try the parts of the exchange that failed last and were not tried within REST, with a title that is on offer.

    Ends with the first that fails again, so that an outage costs one read; asks nothing while the budget cannot be
    asked. Raises what the database raises.
    """
    failing = [one for one in conditions.all() if one.part in EXCHANGE and one.since]
    quiet = [one for one in failing if one.tried_at is None or one.tried_at <= now - REST]
    if not quiet or conditions.degraded({Part.BUDGET}):
        return
    with work.database.transaction() as session:
        found = title_on_offer(session, [key for key in GAMES if work.settings.scan_interval(key)])
    if found is None:
        return
    for one in sorted(quiet, key=lambda one: one.tried_at or now):
        try:
            _ask(work, Part(one.part), *found)
        except ExchangeError:  # noted where the read was made
            return


def _ask(work: Services, part: Part, key: str, title: str) -> None:
    """One read of the part; what it says does not matter."""
    game, deadline = GAMES[key], time.monotonic() + SECONDS
    match part:
        case Part.PRICES:
            work.exchange.aggregated_prices(game, [title], deadline=deadline)
        case Part.OFFERS:
            work.exchange.offers(game, title, deadline=deadline, priority=Priority.SWEEP)
        case Part.BIDS:
            work.exchange.bids(game, title, deadline=deadline, priority=Priority.SWEEP)
        case Part.SALES:
            work.exchange.sales(game, title, now=work.now(), deadline=deadline, priority=Priority.SWEEP)
        case Part.FEES:
            work.exchange.fees(game, deadline=deadline)
