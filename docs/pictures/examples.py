# ruff: noqa: INP001 - a script beside the pictures that it makes, not a package
"""What the pictures show where the scenes of the tests are about layout and not about a believable market: here all
numbers of a picture fit each other.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from bot.keyboards import filters as filter_keyboards
from bot.keyboards import settings as settings_keyboards
from bot.keyboards import watches as watch_keyboards
from bot.keyboards.alert import details as below_details
from bot.keyboards.common import menu_row
from bot.keyboards.market import card as below_card
from bot.keyboards.market import spans
from bot.messages import filters, settings, watches
from bot.messages.details import details
from bot.messages.digest import digest
from bot.messages.history import caption
from bot.messages.price import price
from bot.messages.settings import Own
from bot.messages.status import status
from bot.pictures.chart import render
from bot.pictures.labels import labels
from bot.reply import Say
from bot.speech import Speech
from bot.upstream import Outlook
from domain.filters import Filter
from domain.games import GAMES
from domain.kinds import Kind, Loudness
from domain.quotes import Sale, SalesHistory, SaleSide
from domain.windows import Every, Grouping
from models.payloads import DigestDeal, DigestGroup, DigestNews
from models.proof import Proof
from models.queries.charts import Course, Sold
from models.queries.conditions import Standing
from models.queries.manners import Manners
from models.queries.overview import GameOverview
from models.queries.pressed import Behind
from models.queries.profiles import Profile
from models.queries.tallies import Tally
from tests.factories import NOW, TITLE
from tests.unit.bot.cards import a_card, a_turnover, quote_at
from tests.unit.bot.courses import DAY, a_lively_course
from tests.unit.bot.scenes import BOT, RULE, ZONE, fired

Row: TypeAlias = tuple[str, str, str, str, int, int, int, int, int | None]

LATER = timedelta(seconds=20)  # from the alert to the press of a button below it
# Sales of listings as (hours before the newest, cents, float), and bids that were filled as (hours, cents). Three of
# four of the first brought what the alert calls the patient price.
LISTED = (
    *((0, 869, "0.4012"), (9, 842, "0.4377"), (21, 851, "0.4201"), (33, 835, "0.4464"), (50, 890, "0.3859")),
    *((66, 829, "0.4490"), (81, 861, "0.4116"), (99, 847, "0.4333"), (112, 824, "0.4478"), (129, 880, "0.3921")),
    *((147, 855, "0.4250"), (160, 818, "0.4481"), (178, 872, "0.3988"), (200, 849, "0.4305")),
)
FILLED = ((27, 592), (90, 585), (171, 590))
WISH = Filter(
    levels=frozenset({"standard", "medium"}),
    price_from=500,
    price_to=2_500,
    min_net=75,
    min_return_bps=750,
    min_sales_tenths=15,
    max_age=5_400,
    exclude=frozenset({"sticker", "graffiti"}),
    exteriors=frozenset({"factory-new", "minimal-wear"}),
    float_below=100_000,
    stattrak=False,
)
MINE = Profile(1, zone=ZONE, quiet_from=23 * 60 + 30, quiet_until=8 * 60, daily_cap=20, digest="daily")
NEXT_DIGEST = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Berlin
# Deals of a day: title, variant, game, level, cents to buy, net cents, basis points, hours before its end, seconds
# until it was gone (None: still open).
DEALS: tuple[Row, ...] = (
    ("AK-47 | Redline (Field-Tested)", "", "csgo", "medium", 1_234, 116, 940, 3, None),
    ("★ Karambit | Doppler (Factory New)", "Ruby", "csgo", "pro", 99_900, 25_000, 2_502, 7, 70),
    ("AWP | Asiimov (Battle-Scarred)", "", "csgo", "advanced", 6_150, 812, 1_320, 16, 252),
    ("Inscribed Demon Eater", "", "dota2", "advanced", 3_420, 405, 1_184, 11, 1_890),
    ("Lifeline SAR", "", "rust", "medium", 1_830, 317, 1_732, 21, None),
)

# Titles, seconds since the last scan, ages of the newest and the oldest price in seconds, open opportunities.
STANDINGS = {"csgo": (21_480, 8, 1, 74, 14), "dota2": (9_310, 31, 4, 118, 3), "rust": (3_900, 940, 940, 961, 1)}


def the_details(told: dict[str, object], speech: Speech) -> list[Say]:
    """Behind the alert that a demo run sent, with sales that prove its prices."""
    proof, sent_at = Proof.model_validate(told["proof"]), datetime.fromisoformat(str(told["sent_at"]))
    history = SalesHistory(tuple(sorted(_sales(proof), key=lambda one: one.at, reverse=True)), proof.sales_at)
    known = Behind(int(str(told["alert_id"])), 7, proof.buy, proof, history, proof.offers_at, None)
    texts = details(known, ZONE, speech, sent_at + LATER)
    return [Say(text, below_details(7, speech)) for text in texts]


def _sales(proof: Proof) -> Iterator[Sale]:
    newest = proof.newest_sale_at or proof.sales_at
    for hours, cents, float_value in LISTED:
        yield Sale(cents, newest - _ago(hours), SaleSide.OFFER, float_value=Decimal(float_value))
    for hours, cents in FILLED:
        yield Sale(cents, newest - _ago(hours), SaleSide.TARGET)


def _ago(hours: int) -> timedelta:
    """So many hours and some minutes."""
    return timedelta(hours=hours, minutes=hours * 7 % 53)


def the_price(speech: Speech) -> list[Say]:
    """A title that is no deal, judged by the careful price below it."""
    card = a_card(sold=(a_turnover(careful=1080, middle=1135, upper=1190),))
    return [Say(price(card, speech, NOW), below_card(7, card.game, TITLE, BOT, speech))]


def the_history(speech: Speech) -> list[Say]:
    """A lively week in which listings were bought at the ask of their moment and bids filled at theirs."""
    course = _traded(a_lively_course(7 * DAY))
    picture = render(course, labels(course, speech, ZONE))
    return [Say(caption(course, speech), spans(7, "7d", speech), picture=picture)]


def _traded(course: Course) -> Course:
    sold = []
    for place, step in enumerate(course.steps[4::8]):
        listed = place % 3 != 0
        cents = step.ask if listed else step.bid
        if cents is not None:
            sold.append(Sold(step.at, cents, listed))
    return replace(course, sales=tuple(reversed(sold)))


def the_watch(speech: Speech) -> list[Say]:
    """One that is made at $12.00, and what it says when it fires."""
    made = watches.made(TITLE, RULE, True, quote_at(1_080, 1_200), speech)  # new
    return [Say(made, watch_keyboards.made(5, 7, speech)), fired(speech, TITLE)[0]]


def the_filters(speech: Speech) -> list[Say]:
    """Of one game, with conditions that a trader could have."""
    text = filters.of_game("csgo", WISH, Tally(12, 41), speech)
    return [Say(text, filter_keyboards.of_game("csgo", WISH, speech))]


def the_settings(speech: Speech) -> list[Say]:
    """Of somebody who has set a few."""
    manners = {kind: Manners() for kind in Kind} | {Kind.WATCH: Manners(Loudness.SILENT)}
    text = settings.overview(MINE, Own(manners, 3, NEXT_DIGEST), speech, NOW)
    return [Say(text, settings_keyboards.settings(speech))]


def the_digest(speech: Speech) -> list[Say]:
    """Of a day, from nine to nine, by game."""
    end = NEXT_DIGEST - DAY
    found = [_digested(end, one) for one in DEALS]
    games = dict.fromkeys(one.game for one in found)
    groups = ((game, tuple(one for one in found if one.game == game)) for game in games)
    news = DigestNews(
        every=Every.DAILY,
        grouping=Grouping.GAME,
        zone=ZONE,
        start=end - DAY,
        end=end,
        number=len(found),
        groups=tuple(DigestGroup(key=game, number=len(deals), more=0, deals=deals) for game, deals in groups),
    )
    return [digest(news.model_dump(mode="json"), speech, NOW)]


def _digested(end: datetime, deal: Row) -> DigestDeal:
    title, variant, game, level, buy, net, return_bps, hours, stood = deal
    opened_at = end - timedelta(hours=hours)
    return DigestDeal(
        title=title,
        variant=variant,
        game=game,
        level=level,
        buy=buy,
        net=net,
        return_bps=return_bps,
        opened_at=opened_at,
        gone_at=None if stood is None else opened_at + timedelta(seconds=stood),
    )


def the_status(speech: Speech) -> list[Say]:
    """All is well; the operators have paused one game, and one was switched off."""
    well = Outlook(Standing(workers=3, seen_at=NOW))
    planned = {key: (_standing_of(key), timedelta(seconds=game.scan_interval)) for key, game in GAMES.items()}
    games = planned | {"tf2": (GameOverview(), None)}
    return [Say(text, (menu_row(speech),)) for text in status(games, well, True, speech, NOW)]  # told


def _standing_of(game: str) -> GameOverview:
    titles, ended, newest, oldest, deals = STANDINGS.get(game, (0, 0, 0, 0, 0))
    at, first, last = (NOW - timedelta(seconds=one) for one in (ended, oldest, newest))
    return GameOverview(at, titles=titles, oldest=first, newest=last, opportunities=deals, paused=game == "rust")


def told_by_demo() -> dict[str, object]:
    """The alert that a demo run sent, as alert.json holds it."""
    told: dict[str, object] = json.loads((Path(__file__).parent / "alert.json").read_text(encoding="utf-8"))
    return told
