"""What /price, /market and /market_analysis read."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.fees import DefaultFee, FeeList, FeeSource
from domain.quotes import AggregatedPrice
from models.database import Database
from models.queries import fees, market, nominees, opportunities, sales
from models.queries.market import Former, Mover, PriceCard
from tests.factories import NOW, a_history, some_sales
from tests.integration.models.verdicts import an_opportunity, evidence_at
from tests.rows import a_claimed, make_item, make_items, make_partitions, price, rows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def history(database: Database, item: int, *steps: tuple[timedelta, int | None], asks: int = 5, bids: int = 5) -> None:
    """The title's ask, changed that long before NOW to so many cents; bids are a tenth below."""
    for ago, ask in steps:
        make_partitions(database, NOW - ago)
        quote = AggregatedPrice("", ask * 9 // 10 if ask else None, bids if ask else 0, ask, asks if ask else 0)
        price(database, {item: quote}, NOW - ago)


def card(database: Database, item: int, now: datetime = NOW) -> PriceCard:
    with database.transaction() as session:
        found = market.price_of(session, item, now)
    assert found is not None
    return found


def know_sales(database: Database, item: int, at: int = 1000) -> None:
    with database.transaction() as session:
        sales.store(session, item, a_history(some_sales([at] * 12)), at)


def movers(database: Database, hours: int = 24, limit: int = 50) -> list[Mover]:
    with database.transaction() as session:
        return market.movers(session, "csgo", hours, NOW, limit)


def test_a_card_of_a_title_that_was_never_read_says_so(database: Database) -> None:
    """A new title has nothing but its name; one that does not exist has no card."""
    item = make_item(database, "AWP | Fade (Factory New)")

    empty = card(database, item)

    assert (empty.title, empty.game) == ("AWP | Fade (Factory New)", "csgo")
    assert (empty.quote, empty.day_ago, empty.week_ago, empty.fee, empty.judged, empty.sales_at) == (None,) * 6
    assert (empty.deals, empty.sold) == ((), ())
    with database.transaction() as session:
        assert market.price_of(session, item + 1, NOW) is None
        assert market.depth(session, item, NOW) is None


def test_former_prices_are_those_that_held_at_the_time(database: Database) -> None:
    """A row is a change: what was asked a day ago may stand in a row five days old."""
    item = make_item(database)
    history(database, item, (5 * DAY, 1000), (DAY - HOUR, 1200), (HOUR, None), (HOUR / 2, 1300))

    found = card(database, item)

    assert found.quote is not None
    assert (found.quote.ask, found.quote.changed_at) == (1300, NOW - HOUR / 2)
    assert found.day_ago == Former(1000)
    assert found.week_ago is None
    assert card(database, item, NOW + DAY - HOUR * 3 / 4).day_ago == Former(None)


def test_a_card_carries_the_fee_of_the_ask(database: Database) -> None:
    """The list's, and an assumed one while the list is unknown."""
    item = make_item(database)
    history(database, item, (HOUR, 1000))
    before = card(database, item).fee
    with database.transaction() as session:
        fees.store(session, "csgo", FeeList(DefaultFee(700, 1), ()), NOW)

    after = card(database, item).fee

    assert before is not None
    assert after is not None
    assert (before.source, before.bps) == (FeeSource.ASSUMED, 1000)
    assert (after.source, after.bps) == (FeeSource.DEFAULT, 700)


def test_a_card_carries_open_deals_the_last_verdict_and_sales(database: Database) -> None:
    """As last verified, with their times."""
    item = make_item(database)
    history(database, item, (HOUR, 1000))
    know_sales(database, item)
    with database.transaction() as session:
        claimed = a_claimed(database, item)
        opportunities.record(session, claimed, [an_opportunity()], evidence_at(0), "accepted")
        nominees.record_verdict(session, claimed, "accepted", {}, NOW)

    found = card(database, item)

    (deal,) = found.deals
    assert (deal.proof.buy, deal.confirmed_at) == (1000, NOW)
    assert found.judged is not None
    assert (found.judged.gate, found.judged.decided_at) == ("accepted", NOW)
    assert found.sales_at == NOW
    assert [one.count for one in found.sold] == [12]


def test_depth_tells_what_crossing_the_spread_costs(database: Database) -> None:
    """Ask 1000, bid 900, assumed fee of 10 %: 810 come back, and 1112 pay the purchase."""
    item = make_item(database)
    history(database, item, (HOUR, 1000))

    with database.transaction() as session:
        depth = market.depth(session, item, NOW)

    assert depth is not None
    assert depth.crossed is not None
    assert (depth.crossed.fee, depth.crossed.net, depth.break_even) == (90, -190, 1112)


def test_an_empty_side_has_no_spread(database: Database) -> None:
    """Nothing on offer means nothing to buy, and no bids nobody to sell to."""
    items = list(make_items(database, 2).values())
    make_partitions(database)
    price(database, {items[0]: AggregatedPrice("", 900, 1, None, 0), items[1]: AggregatedPrice("", None, 0, 1000, 1)})

    with database.transaction() as session:
        without_ask, without_bid = (market.depth(session, item, NOW) for item in items)

    assert without_ask is not None
    assert without_bid is not None
    assert (without_ask.crossed, without_ask.break_even) == (None, None)
    assert (without_bid.crossed, without_bid.break_even) == (None, 1112)


def test_movers_are_the_largest_changes_either_way(database: Database) -> None:
    """In basis points of the former ask, the largest first, no more than asked for."""
    up, down, still, little = make_items(database, 4).values()
    for item in (up, down, still, little):
        know_sales(database, item)
    history(database, up, (2 * DAY, 1000), (HOUR, 1100))
    history(database, down, (2 * DAY, 1000), (HOUR, 800))
    history(database, still, (2 * DAY, 1000))
    history(database, little, (2 * DAY, 1000), (HOUR, 1001))

    found = movers(database)

    assert [(one.item_id, one.former, one.ask, one.change_bps) for one in found] == [
        (down, 1000, 800, -2000),
        (up, 1000, 1100, 1000),
        (little, 1000, 1001, 10),
    ]
    assert movers(database, limit=1) == found[:1]
    assert movers(database, hours=72) == []


def test_movers_leave_out_what_means_nothing(database: Database) -> None:
    """Pennies, thin books, titles that nobody buys and asks that nobody pays; each alone would be first."""
    penny, thin, thinned, unbid, unsold, wish, gone, other = make_items(database, 8).values()
    for item in (penny, thin, thinned, unbid, wish, gone, other):
        know_sales(database, item)
    history(database, penny, (2 * DAY, 20), (HOUR, 45))
    history(database, thin, (2 * DAY, 1000), (HOUR, 2500), asks=2)
    history(database, thinned, (2 * DAY, 1000), asks=2)
    history(database, thinned, (HOUR, 2500))
    history(database, unbid, (2 * DAY, 1000), (HOUR, 2500), bids=2)
    history(database, unsold, (2 * DAY, 1000), (HOUR, 2500))
    history(database, wish, (2 * DAY, 1000), (HOUR, 3001))
    history(database, gone, (2 * DAY, 1000), (HOUR, 2500))
    rows(database, "UPDATE items SET last_seen_at = :at WHERE id = :id RETURNING id", at=NOW - 9 * DAY, id=gone)
    history(database, other, (2 * DAY, 1000), (HOUR, 1010))

    assert [one.item_id for one in movers(database)] == [other]


def test_a_card_is_the_titles_own(database: Database) -> None:
    """Prices, sales and verdicts of the neighbour stay with it."""
    mine, theirs = make_items(database, 2).values()
    history(database, theirs, (2 * DAY, 1000), (HOUR, 1100))
    know_sales(database, theirs)

    found = card(database, mine)

    assert found == replace(found, quote=None, day_ago=None, sold=(), sales_at=None)
