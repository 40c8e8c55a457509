"""The buttons below a deal: buy it, look behind it, hear less, say what became of it."""

from bot.keyboards.common import back, menu_row
from bot.keyboards.market import HISTORY, PRICE, WEEK
from bot.keyboards.settings import chosen
from bot.links import offer_url
from bot.messages.settings import NAPS
from bot.reply import Button, Keyboard
from bot.speech import Speech
from models.feedback import Verdict
from models.proof import Proof
from models.queries.pressed import Pressed

# Routes, each with the alert's id. MUTE with UNDO hears of the item again, SNOOZE with a nap sleeps.
CHART, DETAILS, MUTE, SNOOZE, FEEDBACK, DEAL = "chart", "details", "mute", "snooze", "fb", "deal"
UNDO = "off"


def alert_keyboard(
    deal: Proof | Pressed, alert_id: int, speech: Speech, *, said: Verdict | None = None, muted: bool = False
) -> Keyboard:
    """While the deal stands; what the reader `said` of it is marked."""
    number = str(alert_id)
    mute = (
        Button(speech.text("🔔 Unmute item"), MUTE, (number, UNDO))
        if muted
        else Button(speech.text("🔕 Mute item"), MUTE, (number,))
    )
    return (
        (_shop(deal, speech),),
        _behind(alert_id, speech),
        (mute, Button(speech.text("💤 Snooze"), SNOOZE, (number,))),
        _feedback(alert_id, speech, said),
    )


def moved_keyboard(deal: Proof | Pressed, alert_id: int, speech: Speech, said: Verdict | None = None) -> Keyboard:
    """When the deal costs more now, and still pays: `deal` is today's."""
    return ((_shop(deal, speech),), _behind(alert_id, speech), _feedback(alert_id, speech, said))


def gone_keyboard(alert_id: int, speech: Speech, said: Verdict | None = None) -> Keyboard:
    """When the deal is gone: what it was, and what the reader made of it."""
    return (_behind(alert_id, speech), _feedback(alert_id, speech, said))


def standing(pressed: Pressed, speech: Speech) -> Keyboard:
    """Below an alert as its message reads now."""
    number, said = pressed.alert_id, pressed.said
    if pressed.struck and pressed.gone:
        return gone_keyboard(number, speech, said)
    if pressed.struck:
        return moved_keyboard(pressed, number, speech, said)
    return alert_keyboard(pressed, number, speech, said=said, muted=pressed.muted)


def naps(alert_id: int, speech: Speech, *, asleep: bool) -> Keyboard:
    """How long to be left alone, in the place of an alert's buttons."""
    number = str(alert_id)
    rows = ((Button(f"💤 {speech.text(label)}", SNOOZE, (number, nap.value)),) for nap, label in NAPS.items())
    wake = ((Button(speech.text("🔔 Wake up now"), SNOOZE, (number, UNDO)),),) if asleep else ()
    return (*rows, *wake, (back(speech, DEAL, number),))


def details(item_id: int, speech: Speech) -> Keyboard:
    item = str(item_id)
    return (
        (Button(speech.text("💲 Price"), PRICE, (item,)), Button(speech.text("📈 History"), HISTORY, (item, WEEK))),
        menu_row(speech),
    )


def _shop(deal: Proof | Pressed, speech: Speech) -> Button:
    return Button(speech.text("🛒 Open on DMarket"), url=offer_url(deal.game, deal.title, deal.offer_id))


def _behind(alert_id: int, speech: Speech) -> tuple[Button, ...]:
    return (
        Button(speech.text("📈 Chart"), CHART, (str(alert_id),)),
        Button(speech.text("🔍 Details"), DETAILS, (str(alert_id),)),
    )


def _feedback(alert_id: int, speech: Speech, said: Verdict | None) -> tuple[Button, ...]:
    return tuple(
        Button(chosen(label, now=verdict is said), FEEDBACK, (str(alert_id), verdict.value))
        for verdict, label in (
            (Verdict.BOUGHT, speech.text("✅ Bought")),
            (Verdict.GONE, speech.text("💨 Gone")),
            (Verdict.WRONG, speech.text("❌ Wrong")),
        )
    )
