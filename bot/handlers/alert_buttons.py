"""The buttons below an alert. Its number comes first; an alert of another chat is answered as one that is not there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.changing import changed
from bot.command import Feature, Route
from bot.handlers import history
from bot.keyboards import alert as keyboards
from bot.keyboards.market import WEEK
from bot.messages.details import details as behind_it
from bot.reply import Reply
from bot.services import Services
from bot.speech import Speech, marked
from domain.snoozing import Nap, ends
from models.feedback import Verdict
from models.queries import feedback, manners
from models.queries.pressed import Pressed, behind, pressed
from telemetry.metrics import FEEDBACK as SAID

THANKS: Mapping[Verdict, str] = {
    Verdict.BOUGHT: marked("Noted, congratulations! Nothing about this item for 24 hours."),
    Verdict.GONE: marked("Noted: you were told too late. /stats counts it."),
    Verdict.WRONG: marked("Noted, sorry! Nothing about this item for 24 hours, and /stats counts it."),
}


async def chart(services: Services, asked: Asked) -> Reply:
    """A week of the title's price, as a message of its own."""
    found = await _pressed(services, asked)
    if found is None:
        return _nothing(asked.speech)
    return replace(await history.show(services, asked.with_args(str(found.item_id), WEEK)), anew=True)


async def details(services: Services, asked: Asked) -> Reply:
    alert_id, now = int(asked.arg), services.now()
    found = await services.query(lambda session: behind(session, alert_id, asked.chat_id))
    if found is None:
        return _nothing(asked.speech)
    texts = behind_it(found, asked.profile.zone, asked.speech, now)
    return Reply.of(texts, keyboards.details(found.item_id, asked.speech), anew=True)


async def standing(services: Services, asked: Asked) -> Reply:
    """The alert's own buttons again."""
    found = await _pressed(services, asked)
    return Reply(below=keyboards.standing(found, asked.speech)) if found else _nothing(asked.speech)


async def mute(services: Services, asked: Asked) -> Reply:
    """No deal of this item any more, or with UNDO again."""
    found, undo = await _pressed(services, asked), asked.args[1:] == (keyboards.UNDO,)
    if found is None:
        return _nothing(asked.speech)

    def write(session: Session) -> None:
        if undo:
            manners.unmute(session, asked.chat_id, found.item_id)
        else:
            manners.mute(session, asked.chat_id, found.item_id, None)

    await services.query(write)
    said = marked("You hear about deals on this item again.") if undo else marked("Muted: no more deals on this item.")
    below = keyboards.standing(replace(found, muted=not undo), asked.speech)
    return Reply(toast=asked.speech.text(said), below=below)


async def snooze(services: Services, asked: Asked) -> Reply:
    """Without more the naps to choose from; with one of them the chat is left alone, with UNDO no longer."""
    found, now = await _pressed(services, asked), services.now()
    if found is None:
        return _nothing(asked.speech)
    if len(asked.args) == 1:
        until = asked.profile.snoozed_until
        asleep = until is not None and until > now
        return Reply(below=keyboards.naps(found.alert_id, asked.speech, asleep=asleep))
    until = None if asked.args[1] == keyboards.UNDO else ends(Nap(asked.args[1]), now, asked.profile.zone)
    await changed(services, asked, snoozed_until=until)
    return Reply(toast=_rests(asked, until), below=keyboards.standing(found, asked.speech))


async def judge(services: Services, asked: Asked) -> Reply:
    """What became of the deal: bought, gone or wrong."""
    alert_id, verdict, now = int(asked.arg), Verdict(asked.args[1]), services.now()

    def write(session: Session) -> Pressed | None:
        noted = feedback.record(session, alert_id, asked.chat_id, verdict, now)
        return pressed(session, alert_id, asked.chat_id, now) if noted else None

    found = await services.query(write)
    if found is None:
        return _nothing(asked.speech)
    SAID.labels(verdict.value).inc()
    return Reply(toast=asked.speech.text(THANKS[verdict]), below=keyboards.standing(found, asked.speech))


async def _pressed(services: Services, asked: Asked) -> Pressed | None:
    alert_id, now = int(asked.arg), services.now()
    return await services.query(lambda session: pressed(session, alert_id, asked.chat_id, now))


def _rests(asked: Asked, until: datetime | None) -> str:
    if until is None:
        return asked.speech.text("I am awake again.")
    return asked.speech.text("I am quiet until {moment}.", moment=asked.speech.moment(until, asked.profile.zone))


def _nothing(speech: Speech) -> Reply:
    return Reply(toast=speech.text("I do not know this alert any more."))


FEATURE = Feature(
    routes=(
        Route(keyboards.CHART, chart, action="picture"),
        Route(keyboards.DETAILS, details),
        Route(keyboards.DEAL, standing),
        Route(keyboards.MUTE, mute, action="settings", manages=True),
        Route(keyboards.SNOOZE, snooze, action="settings", manages=True),
        Route(keyboards.FEEDBACK, judge, action="feedback", manages=True),
    )
)
