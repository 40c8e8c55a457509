"""The market commands work with the rights of the bot's database user."""

from datetime import timedelta

from sqlalchemy.engine import make_url

from migrations.roles import BOT, apply
from models.database import Database
from models.queries import charts, market, search, why
from tests.factories import NOW
from tests.rows import a_quote, make_item, make_partitions, price

PASSWORD = "bot-canary-22"


def test_the_bots_user_may_ask_everything_that_it_shows(database_url: str, database: Database) -> None:
    """Finding a title, its card, its book, its course, its story, and the movers of a game."""
    item = make_item(database, "AK-47 | Redline (Field-Tested)")
    make_partitions(database)
    price(database, {item: a_quote(900, 1000)})
    apply(database_url, {"BOT_DB_PASSWORD": PASSWORD})
    url = make_url(database_url).set(drivername="postgresql+psycopg2", username="skinbeat_bot", password=PASSWORD)
    own = Database(url.render_as_string(hide_password=False))

    with own.transaction() as session:
        found = search.find(session, "redline ak")
        answers = (
            market.price_of(session, item, NOW),
            market.depth(session, item, NOW),
            charts.course(session, item, timedelta(days=7), NOW),
            why.why(session, item, 1),
        )
        movers = market.movers(session, "csgo", 24, NOW)
    own.dispose()

    assert [one.item_id for one in found] == [item]
    assert None not in answers
    assert movers == []
    assert all(BOT[table] == ("SELECT",) for table in ("price_history", "sales_references", "verdicts", "reduced_fees"))
