from datetime import timedelta

from sqlalchemy import select

from models.database import Database
from models.opportunities import OpportunityRow
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.rows import an_opportunity, chat_row, clock, outbox, owe, states
from tests.integration.bot.telegram import Telegram

ADA = 501
GROUP = -77


def test_start_alone_brings_every_alert(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """A chat that only ever sent /start is told of an opportunity, with exact title and price."""
    start_bot()
    telegram.chat(ADA)
    telegram.say(ADA, "/start")
    telegram.wait_for("Subscribed.", ADA)

    owe(database, [ADA], title="★ Karambit | <Lore> & Co (Factory New)", level="boost")

    (message,) = telegram.wait_for("★ Karambit | <Lore> & Co (Factory New)", ADA)
    assert "$12.34" in message["text"]
    eventually(lambda: states(database) == [("sent", "delivered")], "the alert is recorded as sent")
    assert outbox(database)[0].message_id == message["message_id"]


def test_a_newcomer_is_told_what_is_open_right_now(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Only what was proven a moment ago, the best first, and a second /start repeats nothing."""
    with database.transaction() as session:
        an_opportunity(session, title="Good one", cents_per_day=100)
        an_opportunity(session, title="Best one", cents_per_day=900)
        an_opportunity(session, title="Stale one", at=clock() - timedelta(minutes=10))
        an_opportunity(session, title="Gone one", state="gone")
    start_bot()
    telegram.chat(ADA)
    telegram.say(ADA, "/start")
    eventually(lambda: states(database) == [("sent", "delivered")] * 2, "both that stand are told")
    telegram.say(ADA, "/stop")
    telegram.wait_for("Stopped.", ADA)
    telegram.say(ADA, "/start")
    telegram.wait_for("Subscribed.", ADA, times=2)

    assert [alert.offer_id for alert in outbox(database)] == [row.offer_id for row in by_rank(database)]
    assert len(outbox(database)) == 2


def by_rank(database: Database) -> list[OpportunityRow]:
    statement = select(OpportunityRow).where(OpportunityRow.confirmed_at > clock() - timedelta(minutes=5))
    with database.transaction() as session:
        open_ones = statement.where(OpportunityRow.state == "open").order_by(OpportunityRow.cents_per_day.desc())
        return list(session.scalars(open_ones))


def test_unknown_input_brings_the_help(start_bot: StartBot, telegram: Telegram) -> None:
    """In a private chat whatever is no command and no answer."""
    start_bot()
    telegram.chat(ADA)
    telegram.say(ADA, "/nonsense")
    telegram.wait_for("/status: how fresh the data of each game is", ADA)
    telegram.say(ADA, "hello?")

    telegram.wait_for("/status: how fresh the data of each game is", ADA, times=2)


def test_a_group_subscribes_stops_and_comes_back(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Its alerts end with /stop and come again after the next /start."""
    start_bot()
    telegram.group(GROUP, admin=-GROUP)
    telegram.say(GROUP, "/start")
    telegram.wait_for("Subscribed.", GROUP)
    telegram.say(GROUP, "/stop")
    telegram.wait_for("Stopped.", GROUP)
    owe(database, [GROUP], title="while away")
    eventually(lambda: states(database) == [("suppressed", "stopped")], "nothing is told while stopped")
    telegram.say(GROUP, "/start")
    telegram.wait_for("Subscribed.", GROUP, times=2)
    owe(database, [GROUP], title="back again")

    telegram.wait_for("back again", GROUP)
    row = chat_row(database, GROUP)
    assert row is not None
    assert (row.kind, row.state) == ("group", "active")
    assert not [line for line in telegram.messages() if "while away" in line["text"]]


def test_an_unknown_command_in_a_group_is_left_to_others(start_bot: StartBot, telegram: Telegram) -> None:
    """Only what is meant for this bot is answered there."""
    start_bot()
    telegram.chat(GROUP, "group")
    telegram.say(GROUP, "/nonsense")
    telegram.say(GROUP, "/help")
    telegram.wait_for("/status: how fresh", GROUP)

    assert len(telegram.messages()) == 1
