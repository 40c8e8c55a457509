"""What the bot says of a chat's own affairs, with the buttons, for any language; titles where some are named."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from bot.commands import COMMANDS
from bot.handlers.menu import main_menu
from bot.keyboards import digest as digest_keyboards
from bot.keyboards import filters as filter_keyboards
from bot.keyboards import mute as mute_keyboards
from bot.keyboards import onboarding as onboarding_keyboards
from bot.keyboards import settings as settings_keyboards
from bot.keyboards.common import menu_row
from bot.messages import filters, mute, onboarding, settings
from bot.messages.digest import digest
from bot.messages.settings import Own
from bot.messages.silence import silence
from bot.messages.stats import stats
from bot.messages.status import status
from bot.messages.summary import summary
from bot.messages.welcome import farewell, known, usage, welcome
from bot.paging import paged
from bot.reply import Keyboard, Say
from bot.speech import Speech
from domain.filters import Condition, Filter
from domain.kinds import Kind, Loudness
from domain.silence import Cause
from domain.windows import Every, Grouping
from models.feedback import Verdict
from models.payloads import DigestDeal, DigestGroup, DigestNews, NearMiss, SilenceNews, SummaryDeal, SummaryNews
from models.queries.manners import Manners, Muted
from models.queries.overview import Ranked
from models.queries.profiles import Profile
from models.queries.stats import Stats
from models.queries.tallies import Tally
from tests.factories import NOW
from tests.unit.bot.cards import ago
from tests.unit.bot.courses import DAY
from tests.unit.bot.proofs import a_proof
from tests.unit.bot.scenes import GAMES, ILL, WELL, ZONE, Scene

MINE = Profile(
    1,
    zone=ZONE,
    snoozed_until=NOW + timedelta(hours=8),
    quiet_from=23 * 60 + 30,
    quiet_until=8 * 60,
    daily_cap=20,
    digest="daily",
    digest_least=1,
)
MANNERS = {kind: Manners() for kind in Kind} | {
    Kind.WATCH: Manners(Loudness.SILENT, timedelta(minutes=5)),
    Kind.DIGEST: Manners(Loudness.OFF),
}
NARROW = Filter(
    levels=frozenset({"boost", "pro"}),
    exits=frozenset({"instant"}),
    price_from=350,
    price_to=2_500,
    min_net=75,
    min_return_bps=750,
    min_sales_tenths=15,
    max_age=5_400,
    include=frozenset({"karambit", "night ops"}),
    exteriors=frozenset({"field-tested", "factory-new"}),
    float_below=70_000,
    stattrak=False,
    souvenir=True,
)
WISHES = {game: Filter() for game in GAMES} | {"csgo": NARROW, "tf2": Filter(on=False)}
TALLIES = {"csgo": Tally(12, 41), "rust": Tally(1, 1)}


def stood(speech: Speech, _title: str) -> list[Say]:
    texts = [*status(GAMES, ILL, True, speech, NOW), *status(GAMES, WELL, False, speech, NOW)]  # told
    return [Say(text, (menu_row(speech),)) for text in texts]


def greeted(speech: Speech, _title: str) -> list[Say]:
    """The first words, those to one who came back, the help and the farewells."""
    commands = [(one.name, one.description) for one in COMMANDS.values() if one.description and not one.role]
    intervals = {key: interval for key, (_, interval) in GAMES.items()}
    texts = (
        welcome(True, WISHES, GAMES, speech, NOW),  # the first time
        known(True, WISHES, GAMES, speech, NOW),  # in another topic
        usage(commands, intervals, speech),
        farewell(True, speech),  # was subscribed
        farewell(False, speech),  # was not
    )
    return [Say(text, main_menu(speech)) for pages in texts for text in pages]


def begun(speech: Speech, title: str) -> list[Say]:
    """The three taps and their end."""
    watched = {game: one.on for game, one in WISHES.items()}
    example = Ranked(a_proof(title=title), NOW)
    ends = [onboarding.done(WISHES, one, games=GAMES, outlook=WELL, speech=speech, now=NOW) for one in (example, None)]
    return [
        Say(onboarding.language_step(speech), onboarding_keyboards.languages(speech.language)),
        Say(onboarding.games_step(speech), onboarding_keyboards.games(watched, speech)),
        Say(onboarding.budget_step(speech), onboarding_keyboards.budgets(speech)),
        *(Say(text, main_menu(speech)) for pages in ends for text in pages),
    ]


def settled(speech: Speech, _title: str) -> list[Say]:
    """The overview of a newcomer and of somebody who set everything, and each part."""
    fresh = settings.overview(Profile(1), Own({kind: Manners() for kind in Kind}, 0, None), speech, NOW)
    made = settings.overview(MINE, Own(MANNERS, 3, NOW + DAY), speech, NOW)
    parts: list[tuple[str, Keyboard]] = [
        (fresh, settings_keyboards.settings(speech)),
        (made, ()),
        (settings.language_screen(speech), settings_keyboards.languages(speech)),
        (settings.zone_screen(MINE, speech, NOW), settings_keyboards.zones(MINE, speech, NOW)),
        (settings.zone_question(speech), ()),
        (settings.zone_unknown("Atlantis", speech), ()),
        (settings.quiet_screen(MINE, speech), settings_keyboards.quiet(MINE, speech)),
        (settings.quiet_question(speech), ()),
        (settings.until_question(23 * 60, speech), ()),
        (settings.nap_screen(MINE, speech, NOW), settings_keyboards.naps(speech, asleep=True)),
        (settings.sounds_screen(MANNERS, list(Kind), speech), settings_keyboards.sounds(Kind, speech)),
        (
            settings.sound_screen(Kind.WATCH, MANNERS[Kind.WATCH], speech),
            settings_keyboards.sound(Kind.WATCH, MANNERS[Kind.WATCH], speech),
        ),
        (settings.cap_screen(MINE, speech), settings_keyboards.caps(MINE, speech)),
        (settings.cap_question(1_000, speech), ()),
        (settings.digest_screen(MINE, NOW + DAY, speech), digest_keyboards.digest(MINE, speech)),
    ]
    return [Say(text, keyboard) for text, keyboard in parts]


def filtered(speech: Speech, _title: str) -> list[Say]:
    """All games, one with every condition, and a field of each form."""
    fields = (Condition.EXTERIOR, Condition.PRICE, Condition.INCLUDE, Condition.STATTRAK)
    shown = [
        Say(
            filters.of_field("csgo", NARROW, one, TALLIES["csgo"], speech),
            filter_keyboards.of_field("csgo", NARROW, one, 1, speech),
        )
        for one in fields
    ]
    return [
        Say(filters.overview(WISHES, TALLIES, speech), filter_keyboards.overview(WISHES, speech)),
        Say(
            filters.of_game("csgo", NARROW, TALLIES["csgo"], speech),
            filter_keyboards.of_game("csgo", NARROW, speech),
        ),
        Say(filters.of_game("tf2", Filter(), None, speech), filter_keyboards.of_game("tf2", Filter(), speech)),
        *shown,
        *(Say(filters.question(one, speech)) for one in (Condition.PRICE, Condition.AGE, Condition.HERO)),
        Say(filters.liquidity(WISHES, speech), filter_keyboards.liquidity(WISHES, speech)),
        Say(filters.sure_reset("csgo", speech), filter_keyboards.sure("csgo", filter_keyboards.RESET, speech)),
        Say(filters.sure_copy("csgo", speech), filter_keyboards.sure("csgo", filter_keyboards.COPY, speech)),
    ]


def digested(speech: Speech, title: str) -> list[Say]:
    deal = DigestDeal(
        title=title,
        variant="",
        game="csgo",
        level="medium",
        buy=1_234,
        net=116,
        return_bps=940,
        opened_at=ago(hours=3),
        gone_at=None,
    )
    ruby = {"title": "★ Karambit | Doppler (Factory New)", "variant": "Ruby", "level": "pro", "buy": 99_900}
    gone = deal.model_copy(update=ruby | {"net": 25_000, "return_bps": 2_502, "gone_at": ago(hours=2, minutes=59)})
    several = {
        Grouping.TYPE: "instant",
        Grouping.GAME: "csgo",
        Grouping.PRIORITY: "pro",
        Grouping.TIME: NOW.isoformat(),
    }
    return [
        digest(
            DigestNews(
                every=every,
                grouping=grouping,
                zone=ZONE,
                start=NOW - DAY,
                end=NOW,
                number=16,
                groups=(DigestGroup(key=key, number=16, more=14, deals=(deal, gone)),),
                part=1,
                parts=2,
            ).model_dump(mode="json"),
            speech,
            NOW,
        )
        for every, (grouping, key) in zip([*Every][-4:], several.items(), strict=True)
    ]


def summed(speech: Speech, title: str) -> list[Say]:
    deal = SummaryDeal(game="csgo", title=title, level="pro", offer_id="o-1", buy=10_050, net=2_100, return_bps=2_089)
    news = SummaryNews(
        begin=ago(hours=8), end=NOW, zone=ZONE, matched=12, still=2, best=(deal, deal), waiting=1
    ).model_dump(mode="json")
    return [summary(news | change, speech, NOW) for change in ({}, {"still": 0, "best": [], "matched": 1})]


def silent(speech: Speech, title: str) -> list[Say]:
    """Each cause, of one deal and of many, and the nearest misses of a number and of something else."""
    near = (
        NearMiss(title=title, game="csgo", condition="net", had=165, asked=200),
        NearMiss(title=title, game="csgo", condition="price", had=1234, asked=1000),
        NearMiss(title=title, game="csgo", condition="exterior"),
    )
    news = [
        *((cause, number, None) for cause in Cause if cause is not Cause.NEAREST for number in (1, 12)),
        *((Cause.NEAREST, 12, miss) for miss in near),
    ]
    said = (
        SilenceNews(cause=cause, hours=26, number=number, zone=ZONE, since=ago(hours=5), miss=miss)
        for cause, number, miss in news
    )
    texts = [silence(one.model_dump(mode="json"), speech, NOW).text for one in said]
    return [Say(text) for text in dict.fromkeys(texts)]


def counted(speech: Speech, _title: str) -> list[Say]:
    nothing = Stats(Counter(), 0, 0, 0, 0, 0, Counter())
    kinds = {Kind.INSTANT: 21, Kind.PATIENT: 10, Kind.WATCH: 2, Kind.DIGEST: 1, Kind.SUMMARY: 5}
    verdicts = {Verdict.BOUGHT: 3, Verdict.GONE: 1, Verdict.WRONG: 1}
    much = Stats(Counter(kinds), 31, 2, 27, 5, 1, Counter(verdicts))
    return [Say(stats(nothing, much, speech), (menu_row(speech),))]


def hushed(speech: Speech, title: str) -> list[Say]:
    muted = [Muted(7, "csgo", title, None), Muted(8, "csgo", title, NOW + DAY)]
    page, empty = paged(muted, "1", 8), paged(muted[:0], "1", 8)
    return [
        Say(mute.muted_list(page, ZONE, speech), mute_keyboards.muted_list(page, speech)),
        Say(mute.muted_list(empty, ZONE, speech)),
        Say(mute.item_muted(title, speech), mute_keyboards.item_muted(7, speech)),
    ]


SCENES: Mapping[str, Scene] = {
    "status": stood,
    "welcome": greeted,
    "onboarding": begun,
    "settings": settled,
    "filters": filtered,
    "digest": digested,
    "summary": summed,
    "silence": silent,
    "stats": counted,
    "mute": hushed,
}
