"""The bot's timer: watches, digests, explanations of silence, broadcasts and daily reports."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.messages.digest import parts
from bot.services import DATABASE_AWAY, Services, reason
from bot.speech import speech
from bot.steering import BROADCAST_SECONDS, REPORT_SECONDS, broadcast, reports
from bot.upstream import Outlook, outlook
from domain.conditions import NEEDED
from domain.kinds import Kind
from models.queries import alerts, digested, digests, firings, reasons, silence
from models.queries.digests import Due
from models.queries.silence import Silent
from telemetry.logs import logger

log = logger(__name__)

One = TypeVar("One")
Round = Callable[[Session, datetime], bool]

WATCH_SECONDS, DIGEST_SECONDS, SILENCE_SECONDS = 1.0, 5.0, 60.0  # between two looks where nothing is left to do
EXPLAINED_FOR = timedelta(hours=2)  # how long a reason is worth telling
WATCHES, DIGESTS, SILENCES = 200, 10, 10  # in one transaction: a fraction of a second


class Rounds:
    """`run` goes on until cancelled. Any number of bots may: what one holds, the others pass over.

    Each round is one transaction, which writes the messages to the outbox and moves on what they came from. Digests
    and explanations have a lane of their own there (domain.turns), so a hundred thousand of them hold up no deal.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    async def run(self) -> None:
        async with asyncio.TaskGroup() as side_by_side:
            for rounds, seconds in (
                ((look, fire), WATCH_SECONDS),
                ((digest,), DIGEST_SECONDS),
                ((explain,), SILENCE_SECONDS),
                ((broadcast,), BROADCAST_SECONDS),
                ((reports(self._services.settings.admin_users),), REPORT_SECONDS),
            ):
                side_by_side.create_task(self._repeat(rounds, seconds))

    async def _repeat(self, rounds: Sequence[Round], wait_seconds: float) -> None:
        """One after another, again at once while any left something to do. What goes wrong is tried again."""
        while True:
            try:
                more = [await self._do(one) for one in rounds]
            except DATABASE_AWAY as error:
                log.warning("watches, digests and explanations wait for the database", reason=reason(error))
                more = []
            except Exception:  # the edge of a round: deals go on, whatever is wrong with digests
                log.exception("a round broke off")
                more = []
            if not any(more):
                await asyncio.sleep(wait_seconds)  # between two looks

    async def _do(self, work: Round) -> bool:
        now = self._services.now()
        return await self._services.query(lambda session: work(session, now))


def look(session: Session, now: datetime) -> bool:
    """Look at the prices of watches that asked for it; whether more may wait, as for each round."""
    return firings.look_due(session, now, WATCHES) == WATCHES


def fire(session: Session, now: datetime) -> bool:
    """Let watches fire that saw a price they wait for."""
    return firings.settle(session, now, WATCHES) == WATCHES


def digest(session: Session, now: datetime) -> bool:
    """Write the digests of chats whose window has ended."""
    due, number = digests.claim(session, now, DIGESTS)
    if _each(session, due, lambda one: _write_digest(session, one, now)):
        alerts.notify(session)
    return number == DIGESTS


def explain(session: Session, now: datetime) -> bool:
    """Explain to chats why they were told nothing."""
    silent, number = silence.claim(session, now, SILENCES)
    view = outlook(session, now)
    if _each(session, silent, lambda one: _write_silence(session, one, view, now)):
        alerts.notify(session)
    return number == SILENCES


def _each(session: Session, ones: Iterable[One], write: Callable[[One], bool]) -> bool:
    """Write for each; whether anything was. One that cannot be written does not stop those behind it."""
    written = False
    for one in ones:
        try:
            with session.begin_nested():
                written |= write(one)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # the edge of one chat: whatever is wrong with it is its own
            log.exception("a digest or an explanation was left out", error=repr(error))
    return written


def _write_digest(session: Session, due: Due, now: datetime) -> bool:
    """Whether there was enough for a digest. Its key is the window: written once."""
    news = digested.news(session, due)
    if news is None:
        return False
    written = False
    for part in parts(news, speech(due.language)):
        key, payload = f"{due.window.end.isoformat()}:{part.part}", part.model_dump(mode="json")
        written |= alerts.owe(session, due.chat_id, Kind.DIGEST, key, payload, now=now, expires_at=due.until)
    return written


def _write_silence(session: Session, chat: Silent, view: Outlook, now: datetime) -> bool:
    news = reasons.news(session, chat, now, down=view.blind, down_since=_since(view))
    key, payload = now.isoformat(), news.model_dump(mode="json")
    return alerts.owe(session, chat.chat_id, Kind.SILENCE, key, payload, now=now, expires_at=now + EXPLAINED_FOR)


def _since(view: Outlook) -> datetime | None:
    """Since when deals are missed, as far as anybody said."""
    if not view.workers.workers:
        return view.workers.seen_at
    return min((one.since for one in view.workers.troubles if one.part in NEEDED), default=None)
