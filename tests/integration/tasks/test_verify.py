import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import psycopg2
import pytest
import requests
from sqlalchemy.exc import ProgrammingError
from structlog.testing import capture_logs

import tasks.fees
import tasks.verify
from domain.nomination import Reason
from domain.opportunities import Evidence
from models.alerts import Alert
from models.chats import ChatState
from models.opportunities import OpportunityRow
from models.proof import Proof
from models.queries.alerts import CHANNEL
from models.queries.nominees import LEASE, Claimed
from models.verification import LastVerdict, SalesReference
from sandbox.exchange.exchange import Exchange
from sandbox.exchange.market import Plant
from tasks.services import Services
from tasks.verify import gather, settle
from tests.integration.tasks.conftest import asked, strike
from tests.rows import claim_nominee, counts, make_chat, make_item, nominate, rows, single

STATES = "SELECT state, gone_reason, offer_id, buy FROM opportunities ORDER BY id"
READS = ("v2/offers", "targets-by-title", "last-sales")
STRIKES = "SELECT count(*) FROM alerts WHERE strike_due_at IS NOT NULL"
ALERTS = "SELECT chat_id, offer_id, buy, state FROM alerts ORDER BY id"


@pytest.fixture
def plant(exchange: Exchange) -> Plant:
    """A true opportunity with an instant exit at the default fee."""
    return next(one for one in exchange.market.plants if one.exit == "instant" and one.level == "medium")


@pytest.fixture
def item(work: Services, plant: Plant) -> int:
    return make_item(work.database, plant.title, game=plant.game, at=work.now())


def claim(work: Services, item: int) -> Claimed:
    """The title nominated, whatever the last verdict was, and claimed."""
    nominate(work.database, item, work.now(), reason=Reason.OPEN)
    claimed = claim_nominee(work.database, work.now())
    assert claimed is not None
    return claimed


def verify(work: Services, item: int) -> None:
    """Nominate the title, whatever the last verdict was, and run the task on it."""
    nominate(work.database, item, work.now(), reason=Reason.OPEN)
    tasks.verify.verify_item()


def plenty() -> float:
    return time.monotonic() + 15


def command(exchange: Exchange, name: str, **body: Any) -> Any:
    answer = requests.post(f"{exchange.url}/_sandbox/{name}", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def send_all(work: Services) -> None:
    """As if the bot had delivered what is owed."""
    rows(work.database, "UPDATE alerts SET state = 'sent' RETURNING id")


def verdict(work: Services) -> Any:
    (row,) = rows(work.database, "SELECT gate, numbers FROM verdicts")
    return row


def test_a_true_opportunity_is_opened_and_owed_to_active_chats(work: Services, plant: Plant, item: int) -> None:
    """At its real price and net gain, with the evidence; who said /stop is owed nothing."""
    make_chat(work.database, 1)
    make_chat(work.database, 2, state=ChatState.STOPPED)
    tasks.fees.refresh_fees("rust")

    verify(work, item)

    (row,) = rows(work.database, "SELECT * FROM opportunities")
    proof = Proof.model_validate(row.evidence)
    assert (row.state, row.offer_id, row.buy, row.net, row.level) == (
        "open",
        plant.offer_id,
        plant.buy,
        plant.net,
        plant.level,
    )
    assert (proof.title, proof.exit, proof.sales_count > 0) == (plant.title, "instant", True)
    assert rows(work.database, ALERTS) == [(1, plant.offer_id, plant.buy, "pending")]
    assert verdict(work).gate == "accepted"
    assert single(work.database, "SELECT count(*) FROM nominees") == 0


def test_the_alerts_are_rows_of_the_same_transaction(work: Services, item: int) -> None:
    """Where they cannot be written there is no opportunity, no verdict, and the title still waits."""
    make_chat(work.database, 1)
    claimed = claim(work, item)
    evidence = gather(work, claimed, plenty())
    rows(work.database, "ALTER TABLE alerts RENAME TO away; SELECT 1")

    with pytest.raises(ProgrammingError):
        settle(work, claimed, evidence)

    assert counts(work.database, OpportunityRow, LastVerdict) == [0, 0]
    assert single(work.database, "SELECT item_id FROM nominees") == item


def test_the_numbers_of_a_rejection_are_kept(work: Services, exchange: Exchange) -> None:
    """So that it can be asked why there was no alert: here there are no sales that would prove the price."""
    trap = next(one for one in exchange.market.traps if one.kind == "no_sales")
    item = make_item(work.database, trap.title, game=trap.game, at=work.now())

    verify(work, item)

    kept = verdict(work)
    assert kept.gate == "few_sales"
    assert (kept.numbers["sales"], kept.numbers["least"], kept.numbers["ask"] > 0) == (0, 3, True)
    assert rows(work.database, STATES) == []


def test_what_was_told_of_a_deal_that_is_gone_is_to_be_struck_out(
    work: Services, exchange: Exchange, plant: Plant, item: int, database_url: str
) -> None:
    """In the transaction that finds it gone, and the bots are woken; not before."""
    make_chat(work.database, 1)
    verify(work, item)
    send_all(work)
    verify(work, item)
    before = single(work.database, STRIKES)
    command(exchange, "take", offerId=plant.offer_id)
    with closing(psycopg2.connect(database_url)) as bot:
        bot.autocommit = True
        bot.cursor().execute(f"LISTEN {CHANNEL}")
        verify(work, item)
        bot.cursor().execute("SELECT 1")
        heard = len(bot.notifies)

    assert (before, single(work.database, STRIKES), heard) == (0, 1, 1)


def test_an_offer_that_was_bought_ends_its_opportunity(
    work: Services, exchange: Exchange, plant: Plant, item: int
) -> None:
    """With the gate that decided as the reason."""
    verify(work, item)
    command(exchange, "take", offerId=plant.offer_id)

    verify(work, item)

    assert rows(work.database, STATES) == [("gone", "below_level", plant.offer_id, plant.buy)]


@pytest.mark.parametrize("fall", [(960, True), (990, False)])
def test_a_chat_is_told_again_when_the_price_fell_enough(
    work: Services, exchange: Exchange, plant: Plant, item: int, fall: tuple[int, bool]
) -> None:
    """At least three percent; a little cheaper is no news to who was told."""
    permille, told = fall
    make_chat(work.database, 1)
    verify(work, item)
    send_all(work)
    price = plant.buy * permille // 1000
    moved = command(exchange, "reprice", offerId=plant.offer_id, priceCents=price)["offerId"]

    verify(work, item)

    assert rows(work.database, STATES) == [("open", None, moved, price)]
    assert rows(work.database, ALERTS)[1:] == ([(1, moved, price, "pending")] if told else [])


def test_who_waits_for_the_former_price_is_owed_the_new_one(
    work: Services, exchange: Exchange, plant: Plant, item: int
) -> None:
    """The alert on its way is no longer true and will be held back, so another one takes its place."""
    make_chat(work.database, 1)
    verify(work, item)
    price = plant.buy * 990 // 1000
    moved = command(exchange, "reprice", offerId=plant.offer_id, priceCents=price)["offerId"]

    verify(work, item)

    assert rows(work.database, ALERTS)[1:] == [(1, moved, price, "pending")]


@pytest.mark.parametrize("fault", list(product(["error500", "truncate", "reshape"], READS)))
def test_an_outage_ends_no_opportunity(
    work: Services, exchange: Exchange, plant: Plant, item: int, fault: tuple[str, str]
) -> None:
    """The title waits for another try with one line of log; what stands, stands."""
    verify(work, item)
    forget_sales_age(work)
    strike(exchange, *fault)

    with capture_logs() as logs:
        verify(work, item)

    assert rows(work.database, STATES) == [("open", None, plant.offer_id, plant.buy)]
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["upstream degraded"]
    assert rows(work.database, "SELECT attempts, lease_until FROM nominees") == [(1, None)]
    assert verdict(work).gate == "accepted"


@pytest.mark.parametrize("path", ["v2/offers", "last-sales"])
def test_an_empty_answer_in_place_of_what_is_known_ends_no_opportunity(
    work: Services, exchange: Exchange, plant: Plant, item: int, path: str
) -> None:
    """Offers beside a total of more, no sales where there were some: a failed read, not the end of the market."""
    verify(work, item)
    forget_sales_age(work)
    sales = rows(work.database, "SELECT sales, price FROM sales_references")
    strike(exchange, "empty", path)

    verify(work, item)

    assert rows(work.database, STATES) == [("open", None, plant.offer_id, plant.buy)]
    assert rows(work.database, "SELECT sales, price FROM sales_references") == sales


def forget_sales_age(work: Services) -> None:
    """The sales were read so long ago that they have to be read again."""
    rows(work.database, "UPDATE sales_references SET observed_at = observed_at - interval '2 hours' RETURNING price")


def test_a_title_that_can_never_be_read_gets_a_verdict(work: Services) -> None:
    """A slash does not fit into the exchange's path: asking again cannot help, and the verdict says why."""
    item = make_item(work.database, "Salt / Pepper", game="rust", at=work.now())

    with capture_logs() as logs:
        verify(work, item)

    kept = verdict(work)
    assert kept.gate == "unreadable"
    assert "without a slash" in kept.numbers["reason"]
    assert [(line["event"], line["permanent"]) for line in logs if "permanent" in line] == [("upstream degraded", True)]
    assert single(work.database, "SELECT count(*) FROM nominees") == 0


def test_sales_that_are_fresh_are_not_read_again(work: Services, exchange: Exchange, item: int) -> None:
    """They are the scarcest call; offers and bids are read live each time."""
    verify(work, item)
    verify(work, item)

    counts = [asked(exchange, path) for path in ("last-sales", "v2/offers", "targets-by-title")]
    assert counts == [1, 2, 2]


def test_evidence_that_became_too_old_decides_nothing(work: Services, plant: Plant, item: int) -> None:
    """A worker that was suspended between reading and deciding: the opportunity stands, the title waits."""
    verify(work, item)
    claimed = claim(work, item)
    evidence = gather(work, claimed, plenty())
    old = _older(evidence, work.limits.live_age + timedelta(seconds=1))

    settle(work, claimed, old)

    assert rows(work.database, STATES) == [("open", None, plant.offer_id, plant.buy)]
    assert verdict(work).gate == "accepted"
    assert rows(work.database, "SELECT lease_until FROM nominees") == [(None,)]


def _older(evidence: Evidence, age: timedelta) -> Evidence:
    return replace(evidence, offers_at=evidence.offers_at - age, bids_at=evidence.bids_at - age)


def test_a_worker_that_was_overtaken_records_nothing(work: Services, item: int) -> None:
    """The verdict is that of whoever holds the title now."""
    make_chat(work.database, 1)
    claimed = claim(work, item)
    evidence = gather(work, claimed, plenty())
    claim_nominee(work.database, work.now() + LEASE)

    settle(work, claimed, evidence)

    assert counts(work.database, OpportunityRow, LastVerdict, Alert, SalesReference) == [0, 0, 0, 0]
    assert single(work.database, "SELECT attempts FROM nominees") == 2


def test_a_message_too_many_asks_nothing(work: Services, exchange: Exchange) -> None:
    """Nothing waits, so nothing is read."""
    tasks.verify.verify_item()

    assert len(exchange.traffic.log) == 0
    assert rows(work.database, STATES) == []
