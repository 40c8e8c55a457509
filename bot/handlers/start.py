from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Command, Feature, Route, games
from bot.handlers.menu import main_menu
from bot.keyboards.onboarding import languages
from bot.links import linked
from bot.messages.welcome import known, welcome
from bot.reply import Reply
from bot.services import Services
from bot.speech import marked
from domain.filters import Filter
from models.queries import alerts, chats, filters, profiles
from models.queries.profiles import Profile

MOST_AT_ONCE = 40  # open opportunities told to a newcomer: at a message a second, what fits before they are too old
WATCH = "watch"  # the route of the watches of a title, whose argument is the item's id


def feature(find: Callable[[str], Route | None]) -> Feature:
    """/start, which finds the screen that a link leads to by the name of its route."""

    async def answer(services: Services, asked: Asked) -> Reply:
        reply, profile = await services.query(lambda session: _begun(session, services, asked, services.now()))
        number, watch = linked(asked.words), find(WATCH)
        if number is None or watch is None:
            return reply
        opened = await watch.screen(services, replace(asked, profile=profile, words="", args=(number,)))
        return replace(opened, says=(*reply.says, *opened.says))

    return Feature(commands=(Command("start", answer, manages=True, description=marked("subscribe to alerts")),))


def _begun(session: Session, services: Services, asked: Asked, now: datetime) -> tuple[Reply, Profile]:
    """Subscribes at once; a newcomer's choice of language follows, anybody else gets the menu."""
    came, moved = _subscribed(session, services, asked, now), _moved(session, asked, now)
    wishes = filters.load(session, asked.chat_id)
    watched = games(session, services.settings)
    profile = profiles.read(session, asked.chat_id)
    if not came:
        return Reply.of(known(moved, wishes, watched, asked.speech, now), main_menu(asked.speech)), profile
    first = not asked.profile.known
    keyboard = languages(asked.speech.language) if first else main_menu(asked.speech)
    return Reply.of(welcome(first, wishes, watched, asked.speech, now), keyboard), profile


def _subscribed(session: Session, services: Services, asked: Asked, now: datetime) -> bool:
    """False where the chat was active already."""
    if not chats.subscribe(session, asked.chat_id, asked.chat_kind, Filter(), now):
        return False
    own = {"language": asked.profile.language, "owner_id": asked.user_id}
    profiles.change(session, asked.chat_id, now, **own)
    max_age = timedelta(seconds=services.settings.alert_max_age)
    if alerts.owe_open(session, asked.chat_id, now=now, max_age=max_age, limit=MOST_AT_ONCE):
        alerts.notify(session)
    return True


def _moved(session: Session, asked: Asked, now: datetime) -> bool:
    """Alerts go to the topic in which /start was last said; False where they did already."""
    if asked.thread_id == asked.profile.thread_id:
        return False
    return profiles.change(session, asked.chat_id, now, thread_id=asked.thread_id)
