"""What a newcomer reads on the way: three steps, and what is watched in the end."""

from datetime import datetime

from bot.messages.outage import outages
from bot.messages.status import Games, degraded, scans
from bot.messages.top import entry
from bot.messages.welcome import watching
from bot.messages.wording import pages
from bot.speech import Speech
from bot.upstream import Outlook
from domain.filters import Wishes
from models.queries.overview import Ranked


def language_step(speech: Speech) -> str:
    return speech.text("<b>Step 1 of 3.</b> Which language shall I speak?")


def games_step(speech: Speech) -> str:
    return speech.text("<b>Step 2 of 3.</b> Which games do you trade?")


def budget_step(speech: Speech) -> str:
    return speech.text("<b>Step 3 of 3.</b> How much may one purchase cost?")


def levels_step(speech: Speech) -> str:
    return speech.text("<b>Step 3 of 3.</b> What may one purchase cost? Each band has its own least return.")


def done(
    wishes: Wishes, example: Ranked | None, *, games: Games, outlook: Outlook, speech: Speech, now: datetime
) -> list[str]:
    """What is watched from now on, and the best open deal that fits, if there is one."""
    head = speech.text("✅ <b>All set.</b> {watching}", watching=watching(wishes, speech))
    wrong = [*outages(outlook, speech, now), *degraded(games, speech, now)]
    if example:
        shown = [speech.text("Open right now, for example:"), entry(1, example, speech, now)]
    elif wrong:
        shown = [speech.text("⚠️ I cannot tell whether there is an opportunity right now.")]
    else:
        shown = [
            speech.text("Nothing that fits is open right now; the next one comes here by itself."),
            scans(games, speech, now),
        ]
    change = speech.text("Everything can be changed: /filters what you are told about, /settings how.")
    return pages([head, "", *shown, "", change, *wrong])
