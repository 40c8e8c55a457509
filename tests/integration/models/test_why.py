"""What /why reads: the last decision, the last deal and who was told."""

from collections.abc import Sequence
from datetime import timedelta

from domain.nomination import Reason
from domain.opportunities import Opportunity
from models.database import Database
from models.queries import nominees, opportunities, why
from models.queries.why import Told, Why
from tests.factories import NOW
from tests.integration.models.verdicts import an_opportunity, evidence_at
from tests.rows import (
    a_claimed,
    a_quote,
    make_chat,
    make_item,
    make_items,
    make_partitions,
    nominate,
    price,
    rows,
    single,
)

ME, OTHERS = 1, (2, 3)
SECOND = timedelta(seconds=1)


def ask(database: Database, item: int, chat: int = ME) -> Why:
    with database.transaction() as session:
        found = why.why(session, item, chat)
    assert found is not None
    return found


def verify(database: Database, item: int, seconds: int, found: Sequence[Opportunity], gate: str) -> None:
    """A verification so many seconds after NOW."""
    claimed = a_claimed(database, item, NOW + seconds * SECOND, reason=Reason.OPEN)
    with database.transaction() as session:
        opportunities.record(session, claimed, found, evidence_at(seconds), gate)
        nominees.record_verdict(session, claimed, gate, {}, NOW + seconds * SECOND)
        nominees.finish(session, claimed)


def deal(database: Database, item: int, seconds: int = 0) -> int:
    """The id of an opportunity that opens so many seconds after NOW."""
    verify(database, item, seconds, [an_opportunity()], "accepted")
    return int(single(database, "SELECT max(id) FROM opportunities WHERE item_id = :item", item=item))


def tell(
    database: Database, opportunity: int, chat: int, state: str = "sent", reason: str | None = "delivered"
) -> None:
    """A chat's alert about the deal in that state."""
    rows(
        database,
        """
        INSERT INTO alerts (chat_id, kind, key, opportunity_id, offer_id, buy, priority, bulk, turn_at, silent, state,
            reason, created_at, expires_at, next_attempt_at, finished_at)
        VALUES (:chat, 'instant', CAST(:key AS text), :id, 'a', 1000, 1, false, :now, false, CAST(:state AS text),
            CAST(:reason AS text), :now, :now, :now, :finished)
        RETURNING id
        """,
        chat=chat,
        id=opportunity,
        key=f"{opportunity}-{state}",
        state=state,
        reason=reason,
        now=NOW,
        finished=NOW if reason else None,
    )


def test_nothing_is_known_of_a_title_that_was_never_looked_at(database: Database) -> None:
    """Only its name; one that does not exist has no answer."""
    item = make_item(database, "AWP | Fade (Factory New)")

    assert ask(database, item) == Why(item, "csgo", "AWP | Fade (Factory New)", None, None, None, None, (), 0)
    with database.transaction() as session:
        assert why.why(session, item + 1, ME) is None


def test_the_last_verdict_and_a_waiting_look_are_told(database: Database) -> None:
    """The gate with its numbers, the aggregated price, and since when it waits."""
    item = make_item(database)
    make_partitions(database)
    price(database, {item: a_quote(900, 1000)})
    claimed = a_claimed(database, item)
    with database.transaction() as session:
        nominees.record_verdict(session, claimed, "few_sales", {"sales": 1, "least": 3}, NOW)
        nominees.finish(session, claimed)
    nominate(database, item, NOW + SECOND, ask=800)

    found = ask(database, item)

    assert found.judged is not None
    assert (found.judged.gate, found.judged.numbers) == ("few_sales", {"sales": 1, "least": 3})
    assert found.quote is not None
    assert (found.quote.bid, found.quote.ask) == (900, 1000)
    assert found.waits_since == NOW + SECOND


def test_a_deal_that_ended_is_told_with_its_reason(database: Database) -> None:
    """Of several the open one, else the one that ended last."""
    item = make_item(database)
    deal(database, item)
    verify(database, item, 40, [], "no_offer")

    ended = ask(database, item).last

    assert ended is not None
    assert (ended.buy, ended.gone_reason, ended.gone_at) == (1000, "no_offer", NOW + 40 * SECOND)

    opened = deal(database, item, 600)

    last = ask(database, item).last
    assert last is not None
    assert (last.opportunity_id, last.gone_at) == (opened, None)


def test_only_the_own_alerts_are_told_and_others_are_counted(database: Database) -> None:
    """Who else was told is nobody's business; how many were is."""
    item, other = make_items(database, 2).values()
    for chat in (ME, *OTHERS):
        make_chat(database, chat)
    opportunity, elsewhere = deal(database, item), deal(database, other)
    tell(database, opportunity, ME, "suppressed", "gone")
    tell(database, opportunity, OTHERS[0])
    tell(database, opportunity, OTHERS[1], "pending", None)
    tell(database, elsewhere, ME)

    mine, theirs = ask(database, item), ask(database, item, OTHERS[1])

    assert mine.told == (Told(1000, "suppressed", "gone", NOW, NOW),)
    assert mine.others == 1
    assert theirs.told == (Told(1000, "pending", None, NOW, None),)
    assert theirs.others == 1
