"""The main menu: what can be reached by a button, in the place of any message."""

from bot.asked import Asked
from bot.command import Command, Feature, Route
from bot.keyboards.common import MENU
from bot.reply import Button, Keyboard, Reply, Say, grid
from bot.services import Services
from bot.speech import Speech, marked

# The route and the label of each button, in the menu's order.
ENTRIES = (
    ("top", marked("💰 Top deals")),
    ("arbitrage", marked("⚖️ Arbitrage")),
    ("market", marked("📊 Market")),
    ("alerts", marked("👁 Watches")),
    ("stats", marked("📈 Statistics")),
    ("digest", marked("🗞 Digest")),
    ("filters", marked("🎛 Filters")),
    ("settings", marked("⚙️ Settings")),
    ("status", marked("🩺 Status")),
    ("help", marked("❓ Help")),
)


def main_menu(speech: Speech) -> Keyboard:
    return grid((Button(speech.text(label), route) for route, label in ENTRIES), 2)


async def answer(_services: Services, asked: Asked) -> Reply:
    return Reply((Say(asked.speech.text("<b>What would you like to see?</b>"), main_menu(asked.speech)),))


FEATURE = Feature(
    commands=(Command(MENU, answer, description=marked("everything at a glance")),), routes=(Route(MENU, answer),)
)
