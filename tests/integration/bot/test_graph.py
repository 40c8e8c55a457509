"""No dead end: whatever can be pressed or typed is answered, in every language and whoever made the button."""

import pytest
from redis import Redis
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.app import menu
from bot.commands import COMMANDS, ROUTES
from bot.handlers.menu import ENTRIES
from bot.keyboards.alert import DEAL, FEEDBACK
from bot.keyboards.common import MENU
from bot.seal import Seal
from bot.speech import LANGUAGES
from domain.filters import Filter
from domain.watches import Measure, Rule, Turn
from models.database import Database
from models.mutes import Mute
from models.queries import filters, watches
from tests.integration.bot.conftest import StartBot
from tests.integration.bot.graph import Walk
from tests.integration.bot.rows import an_opportunity, clock, owe
from tests.integration.bot.telegram import Line, Person, Telegram, buttons

ADA, BOB = 501, 502
TITLES = 10  # more than one page of muted items
BEGINNING = "ob_"  # routes of a newcomer's first steps: their way on is the next step


def a_walk(telegram: Telegram, database: Database, redis: Redis) -> Walk:
    """Through chats with something in every list; each title has an open deal."""
    with database.transaction() as session:
        items = [an_opportunity(session, title=f"AK-47 | Number {number}").item_id for number in range(TITLES)]

    def prepare(session: Session, chat_id: int) -> None:
        session.execute(insert(Mute), [{"chat_id": chat_id, "item_id": item_id} for item_id in items])
        filters.save(session, chat_id, "csgo", Filter(include=frozenset({"ak 47"})))
        watches.add(session, chat_id, items[0], Rule(Measure.ASK, Turn.BELOW, 1_000), clock())

    return Walk(telegram, database, redis, prepare)


def everything(walk: Walk) -> None:
    """Every command that anybody may use, by newcomers and with words, and an alert; then every button of it all."""
    names = [name for name, command in COMMANDS.items() if command.role is None]
    walk.ask([f"/{name}" for name in names], known=False)
    for words in ("", " AK-47 | Number 1", " number", " number below 5", " nothing like it"):
        walk.ask(f"/{name}{words}" for name in names)
    walk.receive(lambda chat_id: owe(walk.database, [chat_id], title="AWP | Told of"))
    walk.press_all()


def test_every_button_of_every_screen_is_answered(
    start_bot: StartBot, telegram: Telegram, database: Database, redis_client: Redis
) -> None:
    """Nothing is dead or out of reach, every screen has a way on, and nothing goes wrong meanwhile."""
    bot = start_bot()
    walk = a_walk(telegram, database, redis_client)
    everything(walk)

    pressed = {found.press.route for found in walk.seen.values()}
    assert pressed == {name for name, route in ROUTES.items() if route.role is None}
    refusals = ("out of date", "Too fast")
    assert not [asked for asked, line in walk.answers if any(words in line["text"] for words in refusals)]
    assert [asked for asked, line in walk.answers if buttons(line) and not leads_on(walk, line)] == []
    assert not [word for word in ("was not handled", "did not get through", "not be answered") if word in bot.log]


def leads_on(walk: Walk, line: Line) -> bool:
    """The way to the menu is below it, or it is the menu, a newcomer's step, or an alert or leads back to one."""
    data = [button["callback_data"] for button in buttons(line) if "callback_data" in button]
    routes = {press.route for one in data if (press := walk.seal.unpack(line["chat_id"], one))}
    menu_itself = routes >= {route for route, _ in ENTRIES}
    return bool(routes & {MENU, FEEDBACK, DEAL}) or menu_itself or any(route.startswith(BEGINNING) for route in routes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_commands(start_bot: StartBot, telegram: Telegram, language: str) -> None:
    """Registered with Telegram as they are answered; others see the English ones."""
    start_bot()
    telegram.chat(ADA)

    registered = telegram.commands(ADA, language=language)
    assert registered == [one.to_dict() for one in menu(language)]
    assert telegram.commands(ADA, language="zh") == [one.to_dict() for one in menu("en")]
    assert {one["command"] for one in registered} == {
        name for name, one in COMMANDS.items() if one.description and one.role is None
    }


def stale(telegram: Telegram, chat_id: int, data: str) -> str:
    """What the toast says after a press with these data on a message of the bot."""
    person = Person(telegram, chat_id)
    message = person.says("/help").sees("/status")["message_id"]
    seen = telegram.messages()[-1]["seq"]
    telegram.press(chat_id, message, data, forged=True)
    toast = telegram.wait_for("out of date", chat_id, since=seen)[0]
    telegram.wait_for("/status", chat_id, since=seen)
    return str(toast["text"])


def test_a_button_that_is_not_ours_brings_the_help(start_bot: StartBot, telegram: Telegram) -> None:
    """Made up, made for another chat, changed, or of a route that is gone: a polite answer and fresh buttons."""
    start_bot()
    seal = Seal(telegram.sandbox.token)
    foreign, gone = seal.pack(BOB, "settings"), seal.pack(ADA, "scan_all")
    changed = seal.pack(ADA, "set_cap", ("5",)).replace(":5", ":6")

    for data in ("", "\0", "settings", foreign, gone, changed):
        telegram.chat(ADA)
        assert stale(telegram, ADA, data) == "This button is out of date."


def test_a_button_of_a_forgotten_message_is_answered(start_bot: StartBot, telegram: Telegram) -> None:
    """Telegram tells of an old message nothing but its number: the screen comes as a new one."""
    start_bot()
    telegram.chat(ADA, spoke=True)
    telegram.press(ADA, 999, Seal(telegram.sandbox.token).pack(ADA, "menu"), forged=True)

    (answer,) = telegram.wait_for("What would you like to see?", ADA)
    assert answer["kind"] == "send"
