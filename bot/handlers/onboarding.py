"""A newcomer's three taps: language, games, budget. The chat is subscribed before the first; they only narrow."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.command import Feature, Route, games
from bot.fields import toggled
from bot.handlers.menu import main_menu
from bot.keyboards import onboarding as keyboards
from bot.known import for_known
from bot.messages import onboarding as messages
from bot.reply import Reply, Say
from bot.services import Services
from bot.speech import speech
from bot.upstream import outlook
from bot.wishes import Standing, change, read
from domain.filters import Condition
from domain.levels import LEVELS
from models.proof import Proof
from models.queries import filters, matching, profiles
from models.queries.overview import Ranked


async def language_step(_services: Services, asked: Asked) -> Reply:
    return Reply((Say(messages.language_step(asked.speech), keyboards.languages(asked.speech.language)),))


async def choose_language(services: Services, asked: Asked) -> Reply:
    """First tap: the language, from now on the chat's own."""
    now, language = services.now(), asked.arg
    await services.query(
        lambda session: profiles.change(session, asked.chat_id, now, language=speech(language).language)
    )
    spoken = replace(asked, profile=replace(asked.profile, language=language))
    return await games_step(services, spoken)


async def games_step(services: Services, asked: Asked) -> Reply:
    wishes = await services.query(lambda session: filters.load(session, asked.chat_id))
    watched = {key: one.on for key, one in wishes.items()}
    return Reply((Say(messages.games_step(asked.speech), keyboards.games(watched, asked.speech)),))


async def toggle_game(services: Services, asked: Asked) -> Reply:
    await change(services, asked, lambda one: replace(one, on=not one.on), asked.arg)
    return await games_step(services, asked)


async def all_games(services: Services, asked: Asked) -> Reply:
    """Second tap: every game."""
    await change(services, asked, lambda one: replace(one, on=True))
    return await budget_step(services, asked)


async def budget_step(services: Services, asked: Asked) -> Reply:
    """Second tap: the games that are ticked; one at least."""
    wishes = await services.query(lambda session: filters.load(session, asked.chat_id))
    if not any(one.on for one in wishes.values()):
        return Reply(toast=asked.speech.text("Choose at least one game."))
    return Reply((Say(messages.budget_step(asked.speech), keyboards.budgets(asked.speech)),))


async def levels_step(services: Services, asked: Asked) -> Reply:
    """Instead of a budget: the bands one by one."""
    return _levels(await read(services, asked), asked)


async def toggle_level(services: Services, asked: Asked) -> Reply:
    """The same for every game; the last one stays."""
    return _levels(await change(services, asked, lambda one: toggled(one, Condition.LEVEL, asked.arg)), asked)


def _levels(standing: Standing, asked: Asked) -> Reply:
    chosen = frozenset(level for one in standing.wishes.values() for level in one.levels)
    return Reply((Say(messages.levels_step(asked.speech), keyboards.levels(chosen, asked.speech)),))


async def end(services: Services, asked: Asked) -> Reply:
    """Third tap: the levels up to a price, or those that were chosen, and what that brings right now."""
    keys = list(LEVELS)
    upto = keys[: keys.index(asked.arg) + 1] if asked.arg in LEVELS else keys
    if asked.arg != keyboards.OWN_LEVELS:
        await change(services, asked, lambda one: replace(one, levels=frozenset(upto)))
    return await services.query(lambda session: _done(services, session, asked, services.now()))


def _done(services: Services, session: Session, asked: Asked, now: datetime) -> Reply:
    fresh = now - timedelta(seconds=services.settings.alert_max_age)
    best = next(iter(matching.open_deals(session, asked.chat_id, now, fresh, limit=1)), None)
    example = Ranked(Proof.model_validate(best.evidence), best.confirmed_at) if best else None
    texts = messages.done(
        filters.load(session, asked.chat_id),
        example,
        games=games(session, services.settings),
        outlook=outlook(session, now),
        speech=asked.speech,
        now=now,
    )
    return Reply.of(texts, main_menu(asked.speech))


FEATURE = for_known(
    Feature(
        routes=(
            Route(keyboards.LANGUAGES_STEP, language_step),
            Route(keyboards.LANGUAGE, choose_language, action="settings", manages=True),
            Route(keyboards.GAMES_STEP, games_step, action="settings", manages=True),
            Route(keyboards.GAME, toggle_game, action="settings", manages=True),
            Route(keyboards.ALL_GAMES, all_games, action="settings", manages=True),
            Route(keyboards.BUDGET_STEP, budget_step, action="settings", manages=True),
            Route(keyboards.LEVELS_STEP, levels_step, action="settings", manages=True),
            Route(keyboards.LEVEL, toggle_level, action="settings", manages=True),
            Route(keyboards.BUDGET, end, action="settings", manages=True),
        )
    )
)
