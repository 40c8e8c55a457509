"""Everything that can be asked, in the order of Telegram's menu. A new feature is a file in bot/handlers/ and a place
in this list.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from bot.command import Command, Feature, Route
from bot.handlers import (
    admin,
    alert_buttons,
    arbitrage,
    audit,
    broadcast,
    cancel,
    cap,
    digest,
    export,
    feedback,
    filter_fields,
    filters,
    history,
    language,
    market,
    market_analysis,
    menu,
    mute,
    onboarding,
    price,
    privacy,
    quiet,
    report,
    roles,
    settings,
    snooze,
    sounds,
    start,
    stats,
    status,
    stop,
    top,
    watch,
    watches,
    why,
    zone,
)
from bot.handlers import help as help_


def _route(name: str) -> Route | None:
    return ROUTES.get(name)


_ACTING: tuple[Feature, ...] = (
    start.feature(_route),
    menu.FEATURE,
    top.FEATURE,
    arbitrage.FEATURE,
    market.FEATURE,
    price.FEATURE,
    history.FEATURE,
    market_analysis.FEATURE,
    watch.FEATURE,
    watches.FEATURE,
    why.FEATURE,
    stats.FEATURE,
    alert_buttons.FEATURE,
    filters.FEATURE,
    filter_fields.FEATURE,
    digest.FEATURE,
    mute.FEATURE,
    snooze.FEATURE,
    settings.FEATURE,
    sounds.FEATURE,
    zone.FEATURE,
    quiet.FEATURE,
    cap.FEATURE,
    language.FEATURE,
    feedback.FEATURE,
    export.FEATURE,
    privacy.FEATURE,
    status.FEATURE,
    stop.FEATURE,
    cancel.FEATURE,
    onboarding.FEATURE,
    admin.FEATURE,
    report.FEATURE,
    broadcast.FEATURE,
    roles.FEATURE,
    audit.FEATURE,
)
FEATURES = (*_ACTING, help_.about(_ACTING))

Named = TypeVar("Named", bound=Route)


def _by_name(routes: Iterable[Named]) -> Mapping[str, Named]:
    found: dict[str, Named] = {}
    for route in routes:
        if route.name in found:
            raise ValueError(f"two features are called {route.name!r}")
        found[route.name] = route
    return found


COMMANDS: Mapping[str, Command] = _by_name(command for feature in FEATURES for command in feature.commands)
ROUTES: Mapping[str, Route] = _by_name(route for feature in FEATURES for route in feature.routes)
QUESTIONS: Mapping[str, Route] = _by_name(route for feature in FEATURES for route in feature.questions)
HELP = COMMANDS["help"]
