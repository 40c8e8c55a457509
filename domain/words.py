"""Titles as words: what a person types is found in them whole, never as a part of another word."""

import re
import unicodedata

# Letters and digits make a word, signs part words; the star that Steam sets before knives and gloves is one by itself.
_WORD = re.compile(r"[^\W_]+|★")


def phrase(text: str) -> str:
    """`Night Ops` as `night ops`: words in lower case parted by one space, "" where there is none.

    Upper and lower case, composed and decomposed letters, and all signs but ★ make no difference: `AK-47 |` is `ak 47`.
    """
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())))


def spaced(title: str) -> str:
    """A title's words with a space on both sides of each: where ` key ` stands in it, the word is in the title."""
    return f" {phrase(title)} "


def has(title: str, words: str) -> bool:
    """Whether a phrase (as `phrase` makes them) stands in a title, its words whole and side by side."""
    return f" {words} " in spaced(title)
