"""/alerts and /removealert: the watches of a chat, changed, put to sleep and removed."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.keyboards import watches as keyboards
from bot.keyboards.common import menu_row
from bot.known import for_known
from bot.messages import watches as messages
from bot.paging import paged
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import marked
from bot.typed import count
from domain.snoozing import Nap, ends
from domain.watches import MOST_WATCHES
from models.alerts import AlertState
from models.queries import firings, titles, watches
from models.queries.alerts import Reason
from telemetry.metrics import ALERTS

PAGE = 6


async def answer(services: Services, asked: Asked) -> Reply:
    """The list; the page is the argument, the first without."""
    own, now = await services.query(lambda session: watches.listed(session, asked.chat_id)), services.now()
    page, speech = paged(own, asked.arg, PAGE), asked.speech
    text = messages.listed(page.shown, page.first, len(own), asked.profile.zone, speech=speech, now=now)
    return Reply((Say(text, keyboards.listed(page.shown, page.first, page.number, page.of, speech)),))


async def show(services: Services, asked: Asked) -> Reply:
    """A watch, and the page of the list that it stands on."""
    watch_id, page = int(asked.args[0]), asked.args[1]
    now, speech = services.now(), asked.speech

    def read(session: Session) -> Reply | None:
        found = watches.one(session, asked.chat_id, watch_id)
        item = titles.quoted(session, found.item_id) if found else None
        if found is None or item is None:
            return None
        text = messages.one(found, item.quote, asked.profile.zone, speech, now)
        asleep = found.snoozed_until is not None and found.snoozed_until > now
        return Reply((Say(text, keyboards.one(found, page, asked.bot, speech, asleep=asleep)),))

    return await services.query(read) or await _gone(services, asked, page)


async def snooze(services: Services, asked: Asked) -> Reply:
    """The watch, its page, and the nap or WAKE."""
    watch_id, page, nap = int(asked.args[0]), asked.args[1], asked.args[2]
    until = None if nap == keyboards.WAKE else ends(Nap(nap), services.now(), asked.profile.zone)
    await services.query(lambda session: watches.snooze(session, asked.chat_id, watch_id, until))
    reply = await show(services, asked.with_args(str(watch_id), page))
    return replace(reply, toast=reply.toast or _rests(asked, until))


async def remove(services: Services, asked: Asked) -> Reply:
    """The watch and its page."""
    watch_id, page = int(asked.args[0]), asked.args[1]
    return await _remove(services, asked, watch_id, page) or await _gone(services, asked, page)


async def remove_numbered(services: Services, asked: Asked) -> Reply:
    """The number of the list."""
    own = await services.query(lambda session: watches.listed(session, asked.chat_id))
    number = count(asked.words, MOST_WATCHES)
    if number and number <= len(own) and (reply := await _remove(services, asked, own[number - 1].id, "1")):
        return reply
    keyboard = ((keyboards.to_list(asked.speech),), menu_row(asked.speech))
    return Reply((Say(messages.no_such_number(len(own), asked.speech), keyboard),))


async def _remove(services: Services, asked: Asked, watch_id: int, page: str) -> Reply | None:
    """None where the chat has no such watch. What it was not told of yet is taken back."""
    now = services.now()

    def write(session: Session) -> tuple[watches.Listed | None, int]:
        found = watches.one(session, asked.chat_id, watch_id)
        if found is None or not watches.remove(session, asked.chat_id, watch_id):
            return None, 0
        return found, firings.withdraw(session, asked.chat_id, watch_id, now)

    (gone, untold), speech = await services.query(write), asked.speech
    ALERTS.labels(AlertState.SUPPRESSED, Reason.CANCELLED).inc(untold)
    if gone is None:
        return None
    keyboard = keyboards.removed(gone.item_id, gone.rule, page, speech)
    return Reply((Say(messages.removed(gone.title, gone.rule, speech), keyboard),))


async def _gone(services: Services, asked: Asked, page: str) -> Reply:
    reply = await answer(services, asked.with_args(page))
    return replace(reply, toast=asked.speech.text("This watch is gone."))


def _rests(asked: Asked, until: datetime | None) -> str:
    if until is None:
        return asked.speech.text("It is awake again.")
    return asked.speech.text("It rests until {moment}.", moment=asked.speech.moment(until, asked.profile.zone))


FEATURE = for_known(
    Feature(
        commands=(
            Command(keyboards.WATCHES, answer, description=marked("your watches")),
            Command(
                "removealert",
                remove_numbered,
                action="settings",
                manages=True,
                description=marked("remove a watch by its number"),
            ),
        ),
        routes=(
            Route(keyboards.WATCHES, answer),
            Route(keyboards.ONE_WATCH, show),
            Route(keyboards.SNOOZE, snooze, action="settings", manages=True),
            Route(keyboards.REMOVE, remove, action="settings", manages=True),
        ),
    )
)
