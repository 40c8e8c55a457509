"""How loud each kind of message is and how far apart."""

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.keyboards import settings as keyboards
from bot.known import for_known
from bot.messages import settings as messages
from bot.reply import Reply, Say
from bot.services import Services
from domain.kinds import Kind, Loudness
from models.queries import holding, manners
from models.queries.manners import Manners


async def answer(services: Services, asked: Asked) -> Reply:
    own = await services.query(lambda session: manners.read(session, asked.chat_id))
    shown = [kind for kind in Kind if kind is not Kind.REPORT or asked.role]  # reports go to those with a role alone
    text = messages.sounds_screen(own, shown, asked.speech)
    return Reply((Say(text, keyboards.sounds(shown, asked.speech)),))


async def one(services: Services, asked: Asked) -> Reply:
    kind = Kind(asked.arg)
    own = await services.query(lambda session: manners.read(session, asked.chat_id)[kind])
    return _screen(kind, own, asked)


async def choose_loudness(services: Services, asked: Asked) -> Reply:
    return await _changed(services, asked, loudness=Loudness(asked.args[1]))


async def choose_pause(services: Services, asked: Asked) -> Reply:
    return await _changed(services, asked, pause=timedelta(seconds=int(asked.args[1])))


async def _changed(
    services: Services, asked: Asked, *, loudness: Loudness | None = None, pause: timedelta | None = None
) -> Reply:
    kind, now = Kind(asked.arg), services.now()

    def write(session: Session) -> Manners:
        manners.change(session, asked.chat_id, kind, loudness=loudness, cooldown=pause)
        holding.look_again(session, asked.chat_id, now)
        return manners.read(session, asked.chat_id)[kind]

    return _screen(kind, await services.query(write), asked)


def _screen(kind: Kind, own: Manners, asked: Asked) -> Reply:
    text = messages.sound_screen(kind, own, asked.speech)
    return Reply((Say(text, keyboards.sound(kind, own, asked.speech)),))


FEATURE = for_known(
    Feature(
        commands=(Command("alertsettings", answer),),
        routes=(
            Route(keyboards.SOUNDS, answer),
            Route(keyboards.SOUND, one),
            Route(keyboards.SET_SOUND, choose_loudness, action="settings", manages=True),
            Route(keyboards.SET_PAUSE, choose_pause, action="settings", manages=True),
        ),
    )
)
