"""What the bot says of one title, with the buttons, for any language and any name."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.keyboards import market as market_keyboards
from bot.keyboards import watches as watch_keyboards
from bot.keyboards.alert import alert_keyboard, gone_keyboard
from bot.messages import finding, watches
from bot.messages.alert import alert
from bot.messages.arbitrage import deals
from bot.messages.details import details
from bot.messages.history import caption
from bot.messages.market import analysis
from bot.messages.misfits import misfits
from bot.messages.movers import movers
from bot.messages.price import price
from bot.messages.status import Games
from bot.messages.struck import struck
from bot.messages.top import top
from bot.messages.watch import watch
from bot.messages.why import why
from bot.paging import paged
from bot.reply import Say
from bot.speech import Speech
from bot.upstream import Outlook
from domain.conditions import Part, Trouble
from domain.deals import Deal
from domain.filters import Condition, Filter
from domain.quotes import SalesHistory, SaleSide
from domain.watches import Measure, Rule, Turn
from models.payloads import WatchNews
from models.proof import Proof
from models.queries.conditions import Standing
from models.queries.overview import GameOverview, Ranked
from models.queries.pressed import Behind
from models.queries.refused import Refused
from models.queries.search import Found
from models.queries.strikes import Strike
from models.queries.watches import Listed
from tests.factories import NOW, a_sale
from tests.unit.bot.cards import a_card, a_depth, a_past, a_told, a_turnover, a_why, ago, some_movers
from tests.unit.bot.courses import DAY, a_lively_course
from tests.unit.bot.proofs import a_proof, an_exit

Scene = Callable[[Speech, str], list[Say]]  # the title is the second argument

ZONE = "Europe/Berlin"
ALERT = 46_655
BOT = "skinbeat_bot"
WELL = Outlook(Standing(workers=2, seen_at=NOW))
ILL = Outlook(Standing(2, NOW, (Trouble(Part.OFFERS, ago(minutes=3)), Trouble(Part.FEES, ago(hours=2)))))
SCANNED = GameOverview(ago(seconds=20), titles=34_501, oldest=ago(seconds=70), newest=ago(seconds=21), opportunities=2)
GAMES: Games = {
    "csgo": (SCANNED, timedelta(seconds=30)),
    "dota2": (replace(SCANNED, scanned_at=ago(minutes=9), opportunities=1), timedelta(minutes=1)),
    "tf2": (GameOverview(), timedelta(minutes=1)),
    "rust": (SCANNED, None),
}
RULE = Rule(Measure.ASK, Turn.BELOW, 1_000)


def patient(title: str) -> Proof:
    """Without a bid, locked on Steam, with a fee that is not known for certain."""
    return a_proof(
        title=title,
        game="rust",
        level="boost",
        exit="patient",
        instant=None,
        patient=an_exit(1610, 161, 215, return_bps=1742, fee_source="assumed"),
        days_to_sell=Decimal("2.4"),
        unlock_at=NOW + 7 * DAY,
        capacity=1,
        fees_at=ago(days=2),
    )


def told(speech: Speech, title: str) -> list[Say]:
    sure, slow = a_proof(title=title, variant_label="Phase 2"), patient(title)
    return [
        Say(alert(sure, ALERT, speech, NOW, told=12), alert_keyboard(sure, ALERT, speech)),
        Say(alert(slow, ALERT, speech, NOW), alert_keyboard(slow, ALERT, speech)),
    ]


def ended(speech: Speech, title: str) -> list[Say]:
    """Gone, no longer worth it, not to be confirmed, dearer."""
    gone = Strike(
        id=ALERT,
        chat_id=1,
        message_id=2,
        language=speech.language,
        buy=1234,
        told_at=NOW,
        proof=a_proof(title=title),
        gone_at=NOW + timedelta(seconds=40),
        gone_reason="no_offer",
        due_at=NOW,
        lease_until=NOW,
    )
    dearer = replace(gone, gone_at=None, gone_reason=None, proof=a_proof(title=title, buy=1280))
    several = (gone, *(replace(gone, gone_reason=why) for why in ("below_level", "unconfirmed")), dearer)
    return [Say(struck(one, speech), gone_keyboard(ALERT, speech)) for one in several]


def behind(speech: Speech, title: str) -> list[Say]:
    """The bought offer's details, with sales of each side."""
    sales = tuple(a_sale(1_480 + 9 * place, DAY * place, side=side) for place, side in enumerate([*SaleSide] * 8, 1))
    known = Behind(ALERT, 7, 1234, a_proof(title=title), SalesHistory(sales, ago(minutes=12)), ago(seconds=30), None)
    poor = replace(known, proof=patient(title), history=None, gone_at=ago(minutes=5))
    return [Say(text) for one in (known, poor) for text in details(one, ZONE, speech, NOW)]


def best(speech: Speech, title: str) -> list[Say]:
    ranked = [Ranked(a_proof(title=title), ago(seconds=40)), Ranked(patient(title), ago(minutes=4))]
    texts = [top(ranked, GAMES, ILL, speech, NOW), top([], GAMES, WELL, speech, NOW, refused=3)]
    return [Say(text, market_keyboards.top("mine", 1, 2, speech)) for pages in texts for text in pages]


def browsed(speech: Speech, title: str) -> list[Say]:
    ranked = [Ranked(a_proof(title=title), ago(seconds=40)), Ranked(patient(title), ago(minutes=4))]
    keyboard = market_keyboards.deals("csgo", "medium", 1, 2, speech)
    texts = deals(paged(ranked, "1", 4), "csgo", "medium", GAMES, WELL, speech=speech, now=NOW)
    return [Say(text, keyboard) for text in texts]


def priced(speech: Speech, title: str) -> list[Say]:
    open_ = a_card(title=title, deals=(Ranked(a_proof(title=title, variant_label="Ruby"), ago(seconds=5)),))
    keyboard = market_keyboards.card(7, "csgo", title, BOT, speech)
    return [Say(price(card, speech, NOW), keyboard) for card in (open_, a_card(title=title))]


def analysed(speech: Speech, title: str) -> list[Say]:
    depth = replace(a_depth(), title=title)
    text = analysis(depth, (a_turnover(variant="Ruby"),), ago(minutes=12), speech, NOW)
    return [Say(text, market_keyboards.of_item(7, speech))]


def moved(speech: Speech, title: str) -> list[Say]:
    found = [replace(one, title=title) for one in some_movers(3)]
    return [
        Say(movers(found, "csgo", 24, 1, speech), market_keyboards.movers(paged(found, "1", 8), "csgo", speech)),
        Say(movers([], "csgo", 24, 1, speech)),
    ]


def explained(speech: Speech, title: str) -> list[Say]:
    deal = Deal(7, "csgo", title, "medium", "instant", 1234, 116, 940, sales_tenths=4, age=90)
    wanted = Filter(levels=frozenset({"pro"}), min_net=200, exteriors=frozenset({"factory-new"}), max_age=60)
    misses = (Condition.LEVEL, Condition.NET, Condition.EXTERIOR, Condition.AGE)
    against = Refused(deal, wanted, misses, muted=True, muted_until=NOW + DAY, off=True)
    lines = list(misfits(against, speech, ZONE))
    heard = a_why(title=title, last=a_past(), told=(a_told(), a_told("suppressed", "gone")), others=3)
    unheard = a_why(title=title, last=a_past(gone_at=None, gone_reason=None), others=1, waits_since=ago(seconds=4))
    keyboard = market_keyboards.of_item(7, speech)
    return [Say(why(one, speech, ZONE, NOW, misfits=lines), keyboard) for one in (heard, unheard)]


def drawn(speech: Speech, title: str) -> list[Say]:
    course = replace(a_lively_course(7 * DAY), title=title)
    return [Say(caption(course, speech), market_keyboards.spans(7, "7d", speech))]


def fired(speech: Speech, title: str) -> list[Say]:
    news = WatchNews(
        watch_id=7,
        game="csgo",
        title=title,
        measure="ask",
        turn="below",
        mark=1000,
        value=990,
        seen_at=ago(seconds=4),
        former=1200,
        former_at=ago(hours=3),
    )
    counts = {"measure": "asks", "turn": "times", "mark": 25_000, "value": 12_500, "former": 4_999}
    changes: tuple[dict[str, object], ...] = ({}, counts)
    return [watch(news.model_dump(mode="json") | change, speech, NOW) for change in changes]


def watched(speech: Speech, title: str) -> list[Say]:
    one = Listed(5, "csgo", title, 7, RULE, True, None, None, 0, None, None)  # armed
    moving = replace(
        one,
        rule=Rule(Measure.BID, Turn.MOVED, 500),
        armed=False,
        base=1200,
        fired=2,
        fired_at=ago(hours=3),
        snoozed_until=NOW + DAY,
    )
    quote, several = a_card().quote, [one, moving]
    return [
        Say(
            watches.listed(several, 1, 2, ZONE, speech=speech, now=NOW),
            watch_keyboards.listed(several, 1, 1, 1, speech),
        ),
        Say(watches.one(moving, quote, ZONE, speech, NOW), watch_keyboards.one(moving, "1", BOT, speech, asleep=True)),
        Say(
            watches.which_kind("csgo", title, quote, speech),
            watch_keyboards.kinds("i7", speech, watch_keyboards.to_item(7, speech)),
        ),
        Say(
            watches.which_value("csgo", title, quote, Measure.ASKS, Turn.TIMES, speech=speech),
            watch_keyboards.values("i7", Measure.ASKS, Turn.TIMES, 18, speech),
        ),
        Say(watches.made(title, RULE, True, quote, speech), watch_keyboards.made(5, 7, speech)),  # new
        Say(watches.removed(title, RULE, speech), watch_keyboards.removed(7, RULE, "1", speech)),
    ]


def sought(speech: Speech, title: str) -> list[Say]:
    found = [Found(7, "csgo", title, 9_000), Found(8, "rust", title, 8_000)]
    keyboard = market_keyboards.suggestions(found, "price", (), speech)
    return [Say(finding.which(found, title, speech), keyboard), Say(finding.nothing(title, speech))]


SCENES: Mapping[str, Scene] = {
    "alert": told,
    "struck": ended,
    "details": behind,
    "top": best,
    "arbitrage": browsed,
    "price": priced,
    "analysis": analysed,
    "movers": moved,
    "why": explained,
    "history": drawn,
    "watch": fired,
    "watches": watched,
    "find": sought,
}
