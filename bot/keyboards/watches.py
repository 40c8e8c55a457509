"""The buttons of watches: what to watch, from which value on, and the list of a chat's own."""

from collections.abc import Sequence

from bot.keyboards.common import back, menu_row, to_menu, turned
from bot.keyboards.market import PRICE, WATCH, share
from bot.messages.settings import NAPS
from bot.messages.watch import condition
from bot.messages.watches import KINDS
from bot.reply import Button, Keyboard, column, grid
from bot.speech import Speech
from domain.money import ONE
from domain.watches import Measure, Rule, Turn, limits
from models.queries.watches import Listed

WATCHES = "alerts"
EDIT, KIND, SET, SET_ITEM, TYPE, VALUE = "w_edit", "w_kind", "w_set", "w_item", "w_type", "w_value"
ONE_WATCH, REMOVE, SNOOZE = "w_one", "w_remove", "w_snooze"
WAKE = "off"
OF_ITEM, OF_WATCH = "i", "w"  # what a target's number counts: titles for a new watch, watches for a changed one
_SHARES = (500, 1_000, 2_000)  # basis points
_FACTORS = (15_000, 20_000, 30_000)


def target_of(kind: str, number: int) -> str:
    """What a watch is made of or changed, as one argument: `i17` is title 17, `w5` watch 5."""
    return f"{kind}{number}"


def kinds(target: str, speech: Speech, back_to: Button) -> Keyboard:
    """What can be watched."""
    rows = (Button(speech.text(label), KIND, (target, measure.value, turn.value)) for measure, turn, label in KINDS)
    return (*grid(rows, 2), (back_to, to_menu(speech)))


def to_list(speech: Speech) -> Button:
    return Button(speech.text("👁 My watches"), WATCHES)


def to_item(item_id: int, speech: Speech) -> Button:
    return back(speech, PRICE, str(item_id))


def to_watch(watch_id: int, speech: Speech) -> Button:
    return back(speech, ONE_WATCH, str(watch_id), "1")


def to_kinds(target: str, speech: Speech) -> Button:
    kind, number = target[0], target[1:]
    return back(speech, WATCH if kind == OF_ITEM else EDIT, number)


def values(target: str, measure: Measure, turn: Turn, now: int | None, speech: Speech) -> Keyboard:
    """Values around the one of `now`, None where it is not known, or typed."""
    offered = [
        Button(condition(measure, turn, mark, speech), SET, (target, measure.value, turn.value, str(mark)))
        for mark in presets(measure, turn, now)
    ]
    typing = Button(speech.text("✏️ Type it"), TYPE, (target, measure.value, turn.value))
    return (*column(*offered), (typing,), (to_kinds(target, speech), to_menu(speech)))


def presets(measure: Measure, turn: Turn, now: int | None) -> list[int]:
    """Marks to choose from: for limits 5, 10 and 20 % from the value of now."""
    if turn is Turn.MOVED:
        return list(_SHARES)
    if turn is Turn.TIMES:
        return list(_FACTORS)
    if not now:
        return []
    sign = 1 if turn is Turn.ABOVE else -1
    least, most = limits(measure, turn)
    marks = (now * (ONE + sign * share) // ONE for share in _SHARES)
    return list(dict.fromkeys(mark for mark in marks if least <= mark <= most and mark != now))


def made(watch_id: int, item_id: int, speech: Speech) -> Keyboard:
    """Below a watch that was just made or changed."""
    return (
        (to_list(speech), Button(speech.text("✏️ Change"), EDIT, (str(watch_id),))),
        (to_item(item_id, speech), to_menu(speech)),
    )


def listed(shown: Sequence[Listed], first: int, page: int, of: int, speech: Speech) -> Keyboard:
    """The numbers of a page's watches from `first` on."""
    numbers = (Button(str(number), ONE_WATCH, (str(one.id), str(page))) for number, one in enumerate(shown, first))
    return (*grid(numbers, 3), *turned(speech, page, of, WATCHES), menu_row(speech))


def one(watch: Listed, page: str, bot: str, speech: Speech, *, asleep: bool) -> Keyboard:
    """`page` is where it stands in the list, `bot` this bot's username."""
    number = str(watch.id)
    naps = tuple(Button(f"💤 {speech.text(label)}", SNOOZE, (number, page, nap.value)) for nap, label in NAPS.items())
    wake = ((Button(speech.text("🔔 Wake up now"), SNOOZE, (number, page, WAKE)),),) if asleep else ()
    return (
        (
            Button(speech.text("✏️ Change"), EDIT, (number,)),
            Button(speech.text("🗑 Remove"), REMOVE, (number, page)),
        ),
        *grid(naps, 2),
        *wake,
        (share(watch.item_id, watch.title, bot, speech),),
        (back(speech, WATCHES, page), to_menu(speech)),
    )


def removed(item_id: int, rule: Rule, page: str, speech: Speech) -> Keyboard:
    again = (target_of(OF_ITEM, item_id), rule.measure.value, rule.turn.value, str(rule.mark))
    return ((Button(speech.text("↩️ Undo"), SET, again),), (back(speech, WATCHES, page), to_menu(speech)))
