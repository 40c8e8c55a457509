"""The buttons of the market's screens: games and levels, a title and what can be asked of it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from bot.keyboards.common import back, menu_row, to_menu, turned
from bot.keyboards.mute import MUTE_ITEM
from bot.keyboards.settings import chosen
from bot.links import share_url, title_url, watch_url
from bot.messages.wording import level_emoji
from bot.paging import Page
from bot.reply import Button, Keyboard, grid
from bot.speech import Speech, marked
from domain.games import GAMES
from domain.levels import LEVELS
from models.queries.market import Mover
from models.queries.search import Found

PRICE, HISTORY, ANALYSIS, WHY, WATCH = "price", "history", "market_analysis", "why", "watch"
MARKET, MOVERS = "market", "movers"
ARBITRAGE, ARBITRAGE_GAME, DEALS = "arbitrage", "arb_game", "arb"
TOP = "top"
MINE, ALL = "mine", "all"
DAY, WEEK, MONTH = "24h", "7d", "30d"
SPANS: Mapping[str, timedelta] = {DAY: timedelta(days=1), WEEK: timedelta(days=7), MONTH: timedelta(days=30)}
_SPANS = {DAY: marked("24 h"), WEEK: marked("7 d"), MONTH: marked("30 d")}


def suggestions(found: Iterable[Found], route: str, args: tuple[str, ...], speech: Speech) -> Keyboard:
    """A number for each title: they are too long for labels."""
    numbers = (Button(str(number), route, (str(one.item_id), *args)) for number, one in enumerate(found, 1))
    return (*grid(numbers, 4), menu_row(speech))


def card(item_id: int, game: str, title: str, bot: str, speech: Speech) -> Keyboard:
    """Below a title's price; `bot` is this bot's username."""
    item = (str(item_id),)
    return (
        (Button(speech.text("🛒 Open on DMarket"), url=title_url(game, title)),),
        (
            Button(speech.text("📈 History"), HISTORY, (*item, WEEK)),
            Button(speech.text("📊 Depth"), ANALYSIS, item),
            Button(speech.text("❓ Why"), WHY, item),
        ),
        (Button(speech.text("👁 Watch"), WATCH, item), Button(speech.text("🔕 Mute"), MUTE_ITEM, item)),
        (share(item_id, title, bot, speech), to_menu(speech)),
    )


def share(item_id: int, title: str, bot: str, speech: Speech) -> Button:
    """Passes on a link that opens the title's watches in a chat with the bot of this username."""
    return Button(speech.text("📤 Share"), url=share_url(watch_url(bot, item_id), title))


def of_item(item_id: int, speech: Speech, rows: Keyboard = ()) -> Keyboard:
    """Below something about a title: the way back is its price."""
    return (*rows, (back(speech, PRICE, str(item_id)), to_menu(speech)))


def spans(item_id: int, span: str, speech: Speech) -> Keyboard:
    row = tuple(
        Button(chosen(speech.text(label), now=key == span), HISTORY, (str(item_id), key))
        for key, label in _SPANS.items()
    )
    return of_item(item_id, speech, (row,))


def market(speech: Speech) -> Keyboard:
    games = (Button(game.label, MOVERS, (key, "1")) for key, game in GAMES.items())
    return (*grid(games, 2), menu_row(speech))


def movers(page: Page[Mover], game: str, speech: Speech) -> Keyboard:
    """The numbers of a page's titles, each leading to a price."""
    numbers = (Button(str(number), PRICE, (str(one.item_id),)) for number, one in enumerate(page.shown, page.first))
    return (
        *grid(numbers, 4),
        *turned(speech, page.number, page.of, MOVERS, game),
        (back(speech, MARKET), to_menu(speech)),
    )


def arbitrage(counts: Mapping[str, int], speech: Speech) -> Keyboard:
    """Every game with the number of its open deals."""
    games = (Button(_counted(game.label, counts.get(key, 0)), ARBITRAGE_GAME, (key,)) for key, game in GAMES.items())
    return (*grid(games, 2), menu_row(speech))


def levels(game: str, counts: Mapping[str, int], speech: Speech) -> Keyboard:
    """Every level with the number of its open deals, and all together."""
    several = (
        Button(_counted(f"{level_emoji(key)} {key}", counts.get(key, 0)), DEALS, (game, key, "1")) for key in LEVELS
    )
    every = Button(_counted(speech.text("All levels"), sum(counts.values())), DEALS, (game, ALL, "1"))
    return (*grid((*several, every), 2), (back(speech, ARBITRAGE), to_menu(speech)))


def deals(game: str, level: str, page: int, of: int, speech: Speech) -> Keyboard:
    turning = turned(speech, page, of, DEALS, game, level)
    return (*turning, (back(speech, ARBITRAGE_GAME, game), to_menu(speech)))


def top(whose: str, page: int, of: int, speech: Speech) -> Keyboard:
    """`whose` deals are shown: those of the chat's filters, or all."""
    toggle = (
        Button(chosen(speech.text("🎛 My filters"), now=whose == MINE), TOP, (MINE, "1")),
        Button(chosen(speech.text("🌍 Everything"), now=whose == ALL), TOP, (ALL, "1")),
    )
    return (toggle, *turned(speech, page, of, TOP, whose), menu_row(speech))


def _counted(label: str, number: int) -> str:
    return f"{label} · {number}" if number else label
