"""What reads of a real exchange leave in the conditions, and how the end of a failure is noticed without work."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

import tasks.conditions as noting
from dmarket import endpoints
from dmarket.errors import BudgetExhausted, BudgetUnavailable, ExchangeError, ServerFailed, Throttled
from domain.conditions import Part
from domain.games import GAMES
from sandbox.exchange.exchange import Exchange
from tasks.base import senseless
from tasks.conditions import said
from tasks.probing import REST, probe
from tasks.services import Services
from telemetry.conditions import Conditions
from tests.integration.tasks.conftest import asked, strike
from tests.rows import a_quote, make_item, make_partitions, price

RUST = GAMES["rust"]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Conditions:
    """The conditions of a process in which nothing has happened yet."""
    conditions = Conditions()
    monkeypatch.setattr(noting, "conditions", conditions)
    return conditions


@pytest.fixture
def title(exchange: Exchange) -> str:
    """A title with offers, bids and sales: a planted deal's."""
    return next(plant.title for plant in exchange.market.plants if plant.exit == "patient")


def soon() -> float:
    return time.monotonic() + 0.5


def reads(work: Services, title: str) -> dict[Part, Callable[[], object]]:
    return {
        Part.PRICES: lambda: work.exchange.aggregated_prices(RUST, [title], deadline=soon()),
        Part.OFFERS: lambda: work.exchange.offers(RUST, title, deadline=soon()),
        Part.BIDS: lambda: work.exchange.bids(RUST, title, deadline=soon()),
        Part.SALES: lambda: work.exchange.sales(RUST, title, now=work.now(), deadline=soon()),
        Part.FEES: lambda: work.exchange.fees(RUST, deadline=soon()),
    }


def seen(known: Conditions) -> dict[str, bool]:
    return {one.part: one.degraded for one in known.all()}


@pytest.mark.parametrize("part", [Part.PRICES, Part.OFFERS, Part.BIDS, Part.SALES, Part.FEES])
def test_each_read_speaks_of_its_part_alone(
    part: Part, work: Services, exchange: Exchange, known: Conditions, title: str
) -> None:
    """Three failures in a row are a degraded part, one answer with something in it ends that."""
    read = reads(work, title)[part]
    strike(exchange, "reshape")
    for _ in range(3):
        with pytest.raises(ExchangeError):
            read()
    (failing,) = known.all()
    strike(exchange, "off")
    read()

    assert (failing.part, failing.degraded) == (part, True)
    assert failing.reason is not None
    assert seen(known) == {part: False, Part.BUDGET: False}


def test_an_answer_without_content_proves_nothing(
    work: Services, exchange: Exchange, known: Conditions, title: str
) -> None:
    """A broken exchange answers with empty lists as well; whoever finds them impossible says so."""
    strike(exchange, "empty")
    for part, read in reads(work, title).items():
        if part is not Part.FEES:
            with suppress(ExchangeError):
                read()
    nothing_good = [one.part for one in known.all() if one.good_at]
    for _ in range(3):
        senseless(endpoints.SALES, "no sale although 3 were known")
    (failing,) = known.degraded({Part.SALES})

    assert nothing_good == []
    assert failing.reason == "sales: no sale although 3 were known"


def test_a_budget_out_of_reach_is_not_the_exchange(known: Conditions) -> None:
    """Nothing was asked of it; and a permit that does not come in time is no failure of anything."""
    for error in (BudgetUnavailable, BudgetExhausted):
        with suppress(error), noting._noted(endpoints.OFFERS):
            raise error("market-items", "no permit")

    assert seen(known) == {Part.BUDGET: True}


def test_a_reason_quotes_no_answer() -> None:
    """What an exchange or a gateway writes may be anything; status and our own words are enough."""
    assert said(ServerFailed("offers", "the exchange failed", 503, body="<canary>")) == (
        "offers: the exchange failed; HTTP 503"
    )
    assert said(Throttled("bids", "the rate limit is used up")) == "bids: the rate limit is used up"


def test_the_end_of_a_failure_is_noticed_without_any_work(
    work: Services, exchange: Exchange, known: Conditions, title: str
) -> None:
    """A probe after a rest: one read while it lasts, one for each failed part when it is over."""
    make_partitions(work.database, work.now())
    price(work.database, {make_item(work.database, title, game="rust"): a_quote()}, work.now())
    strike(exchange, "error500")
    parts = {Part.PRICES, Part.OFFERS, Part.BIDS}
    while failing := parts - {one.part for one in known.degraded(parts)}:
        for part in failing:  # one that got no permit in time tells nothing of the exchange
            with pytest.raises(ExchangeError):
                reads(work, title)[part]()
    calls = asked(exchange, "/")
    probe(work, known, work.now())
    at_once = asked(exchange, "/") - calls
    probe(work, known, work.now() + REST)
    still = known.degraded(parts)
    strike(exchange, "off")
    probe(work, known, work.now() + REST)

    assert at_once == 0
    assert len(still) == 3
    assert seen(known) == {Part.PRICES: False, Part.OFFERS: False, Part.BIDS: False, Part.BUDGET: False}


def test_nothing_is_probed_without_need_title_or_budget(
    work: Services, exchange: Exchange, known: Conditions, title: str
) -> None:
    """While all is well, before any price is known, and while the budget cannot be asked."""
    later = work.now() + timedelta(minutes=1)
    probe(work, known, later)
    known.failed(Part.OFFERS, "offers: HTTP 500", work.now())
    probe(work, known, later)
    make_partitions(work.database, work.now())
    price(work.database, {make_item(work.database, title, game="rust"): a_quote()}, work.now())
    known.failed(Part.BUDGET, "away", work.now())
    probe(work, known, later)

    assert asked(exchange, "/") == 0
