"""Who is told of a verified deal: written in the transaction that verifies it."""

import pytest

import tasks.fees
import tasks.verify
from domain.audience import PER_UNIT
from domain.filters import Filter
from domain.nomination import Reason
from domain.words import spaced
from models.queries import filters
from sandbox.exchange.exchange import Exchange
from sandbox.exchange.market import Plant
from tasks.services import Services
from tests.rows import make_chat, make_item, nominate, rows, single


@pytest.fixture
def plant(exchange: Exchange) -> Plant:
    """A Rust item that is worth buying and sells at once."""
    return next(one for one in exchange.market.plants if one.exit == "instant" and one.level == "medium")


@pytest.fixture
def item(work: Services, plant: Plant) -> int:
    tasks.fees.refresh_fees(plant.game)
    return make_item(work.database, plant.title, game=plant.game, at=work.now())


def verify(work: Services, item: int) -> None:
    nominate(work.database, item, work.now(), reason=Reason.OPEN)
    tasks.verify.verify_item()


def wish(work: Services, chat_id: int, wanted: Filter) -> None:
    make_chat(work.database, chat_id)
    with work.database.transaction() as session:
        filters.save(session, chat_id, "rust", wanted)


def test_what_filters_ask_for_is_stored_with_the_deal(work: Services, plant: Plant, item: int) -> None:
    """As the exchange's block and listing say it."""
    verify(work, item)

    (row,) = rows(work.database, "SELECT * FROM opportunities")
    assert row.type == plant.title.rpartition(" ")[2].lower()
    assert row.words == spaced(plant.title)
    assert row.sales_tenths == round(float(row.evidence["sales_per_day"]) * 10)
    assert row.listed_at <= work.now()
    assert (row.exterior, row.hero, row.classes, row.stattrak, row.float_millionths) == ("", "", [], None, None)


def test_only_those_are_told_whose_filter_the_deal_meets(work: Services, plant: Plant, item: int) -> None:
    """By amounts, words and traits; each alert knows how many were told."""
    kind = plant.title.rpartition(" ")[2]
    wish(work, 1, Filter())
    wish(work, 2, Filter(min_net=plant.net, types=frozenset({kind.lower()}), include=frozenset({kind.casefold()})))
    wish(work, 3, Filter(min_net=plant.net + 1))
    wish(work, 4, Filter(types=frozenset({"no-such-thing"})))
    wish(work, 5, Filter(exclude=frozenset({kind.casefold()})))
    wish(work, 6, Filter(on=False))

    verify(work, item)

    alerts = rows(work.database, "SELECT chat_id, told FROM alerts ORDER BY chat_id")
    assert [tuple(row) for row in alerts] == [(1, 2), (2, 2)]


def test_no_more_are_told_than_the_units_are_worth(work: Services, item: int) -> None:
    """The best fit among them."""
    for chat_id in range(1, 41):
        make_chat(work.database, chat_id)
    wish(work, 99, Filter(min_net=1))

    verify(work, item)

    capacity = single(work.database, "SELECT capacity FROM opportunities")
    told = [row.chat_id for row in rows(work.database, "SELECT chat_id FROM alerts")]
    assert capacity == 1
    assert len(told) == PER_UNIT
    assert 99 in told
