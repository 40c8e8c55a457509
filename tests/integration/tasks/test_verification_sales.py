import pytest

import tasks.verify
from models.queries import sales
from sandbox.exchange.exchange import Exchange
from sandbox.exchange.market import Plant
from tasks.services import Services
from telemetry.metrics import VERIFICATION_SALES
from tests.factories import a_history
from tests.rows import make_item, nominate


@pytest.fixture
def plant(work: Services, exchange: Exchange) -> Plant:
    """A true opportunity whose title waits for verification."""
    plant = exchange.market.plants[0]
    nominate(work.database, make_item(work.database, plant.title, game="rust", at=work.now()), work.now())
    return plant


def counted(source: str) -> float:
    value: float = VERIFICATION_SALES.labels(source)._value.get()
    return value


def test_a_verification_that_has_to_read_the_sales_is_counted(work: Services, plant: Plant) -> None:
    """Nobody knew them."""
    fresh, read = counted("fresh"), counted("read")

    tasks.verify.verify_item()

    assert (counted("fresh") - fresh, counted("read") - read) == (0, 1)


def test_a_verification_whose_sales_were_known_is_counted(work: Services, plant: Plant) -> None:
    """They were read ahead of need."""
    item = make_item(work.database, plant.title, game="rust", at=work.now())
    with work.database.transaction() as session:
        sales.store(session, item, a_history(observed_at=work.now()), plant.sell)
    fresh, read = counted("fresh"), counted("read")

    tasks.verify.verify_item()

    assert (counted("fresh") - fresh, counted("read") - read) == (1, 0)
