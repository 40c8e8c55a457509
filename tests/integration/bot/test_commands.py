from bot.app import menu
from models.database import Database
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.rows import chat_row, outbox, owe, states
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


def test_the_menu_holds_the_commands_that_are_answered(start_bot: StartBot, telegram: Telegram) -> None:
    """Each one answers in its own words; anything else brings the help."""
    start_bot()
    telegram.chat(ADA)
    offered = {command["command"] for command in telegram.commands()}
    answers = {
        "/help": "/status: how fresh the data of each game is",
        "/start": "Subscribed.",
        "/top": "No open opportunity right now.",
        "/status": "This chat is subscribed.",
        "/stop": "Stopped.",
    }

    assert offered == {command.command for command in menu()} == {name.removeprefix("/") for name in answers}
    for said, answered in answers.items():
        telegram.say(ADA, said)
        telegram.wait_for(answered, ADA)
    telegram.say(ADA, "/nonsense")
    telegram.wait_for(answers["/help"], ADA, times=2)


def test_a_group_subscribes_stops_and_comes_back(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Its alerts end with /stop and come again after the next /start."""
    start_bot()
    telegram.chat(GROUP, "group")
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
