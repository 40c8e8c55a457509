"""Features for chats that have subscribed once: what they set has a place only then."""

from dataclasses import replace
from typing import TypeVar

from bot.asked import Asked
from bot.command import Feature, Route, Screen
from bot.keyboards.common import menu_row
from bot.reply import Reply, Say
from bot.services import Services

Named = TypeVar("Named", bound=Route)


def for_known(feature: Feature) -> Feature:
    """The same feature; a chat that never said /start is told to."""
    return Feature(
        tuple(map(_guarded, feature.commands)),
        tuple(map(_guarded, feature.routes)),
        tuple(map(_guarded, feature.questions)),
    )


def _guarded(route: Named) -> Named:
    return replace(route, screen=_known(route.screen))


def _known(screen: Screen) -> Screen:
    async def answer(services: Services, asked: Asked) -> Reply:
        if asked.profile.known:
            return await screen(services, asked)
        text = asked.speech.text(
            "This chat has never been subscribed: /start does that, then there is something to set."
        )
        return Reply((Say(text, (menu_row(asked.speech),)),))

    return answer
