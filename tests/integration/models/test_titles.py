"""The title behind a number, for screens."""

from models.database import Database
from models.queries import titles
from tests.factories import NOW
from tests.rows import a_quote, make_item, make_partitions, price


def test_a_title_has_its_game_and_its_last_price(database: Database) -> None:
    """One that was never priced has none; a number that no title has is nothing."""
    make_partitions(database)
    priced, bare = make_item(database, "Priced"), make_item(database, "Bare", game="rust")
    price(database, {priced: a_quote(900, 1000)})

    with database.transaction() as session:
        first, second, nothing = (titles.quoted(session, number) for number in (priced, bare, 999_999))
        names = [titles.title_of(session, number) for number in (priced, 999_999)]

    assert first is not None
    assert first.quote is not None
    assert (first.item_id, first.game, first.title, first.quote.ask, first.quote.seen_at) == (
        priced, "csgo", "Priced", 1000, NOW,
    )  # fmt: skip
    assert second == titles.Quoted(bare, "rust", "Bare", None)
    assert nothing is None
    assert names == ["Priced", None]
