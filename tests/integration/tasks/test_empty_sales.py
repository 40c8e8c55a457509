"""A list of sales that comes back empty: an answer, or an exchange in trouble."""

import pytest

import tasks.fees
import tasks.verify
from domain.nomination import Reason
from sandbox.exchange.exchange import Exchange
from tasks.services import Services
from tests.integration.tasks.conftest import asked, strike
from tests.rows import make_item, nominate, single


@pytest.fixture
def item(work: Services, exchange: Exchange) -> int:
    """A title with a true opportunity."""
    plant = next(one for one in exchange.market.plants if one.exit == "instant" and one.level == "medium")
    return make_item(work.database, plant.title, game=plant.game, at=work.now())


def gate(work: Services) -> str:
    return str(single(work.database, "SELECT gate FROM verdicts"))


def same_aggregate(work: Services, item: int) -> int:
    """Nominate the title by the numbers it was nominated by before; 0 where their verdict still stands."""
    return nominate(work.database, item, work.now(), reason=Reason.INSTANT, bid=5, ask=4)


def test_no_sales_at_first_sight_is_not_believed(work: Services, exchange: Exchange, item: int) -> None:
    """An exchange in trouble empties its lists: the next nomination by the same aggregate reads them anew."""
    tasks.fees.refresh_fees("rust")
    strike(exchange, "empty", "last-sales")
    same_aggregate(work, item)
    tasks.verify.verify_item()
    first = gate(work)

    strike(exchange, "off")
    same_aggregate(work, item)
    tasks.verify.verify_item()

    assert (first, gate(work)) == ("few_sales", "accepted")


def test_no_sales_twice_is_believed(work: Services, exchange: Exchange, item: int) -> None:
    """The verdict then stands while the aggregate does not move."""
    tasks.fees.refresh_fees("rust")
    strike(exchange, "empty", "last-sales")
    for _ in range(2):
        same_aggregate(work, item)
        tasks.verify.verify_item()

    assert asked(exchange, "last-sales") == 2
    assert same_aggregate(work, item) == 0
