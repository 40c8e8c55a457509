"""The buttons of the digest: how often, sorted by what, from how many deals on."""

from bot.keyboards.settings import chosen, part
from bot.messages.settings import GROUPINGS, RHYTHMS
from bot.reply import Button, Keyboard, grid
from bot.speech import Speech
from domain.windows import Every, Grouping
from models.queries.profiles import Profile

SET_RHYTHM, SET_GROUPING, SET_LEAST = "set_rhythm", "set_grouping", "set_least"
LEAST = (1, 3, 5, 10)


def digest(profile: Profile, speech: Speech) -> Keyboard:
    often = (
        Button(chosen(speech.text(RHYTHMS[one]), now=one == profile.digest), SET_RHYTHM, (one.value,)) for one in Every
    )
    sorted_by = (
        Button(chosen(speech.text(GROUPINGS[one]), now=one == profile.digest_group), SET_GROUPING, (one.value,))
        for one in Grouping
    )
    least = (
        Button(
            chosen(speech.text("from {number}", number=speech.number(one)), now=one == profile.digest_least),
            SET_LEAST,
            (str(one),),
        )
        for one in LEAST
    )
    return part((*grid(often, 3), *grid(sorted_by, 2), *grid(least, 4)), speech)
