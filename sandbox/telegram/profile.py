"""What people see of the bot before they write to it, in each language (bots/api#setmyname and the like)."""

import re
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.utf16 import utf16_length

LANGUAGE = re.compile(r"([a-z]{2})?")
LONGEST = {"name": 64, "description": 512, "short_description": 120}


class ProfileBook:
    """Name, description and short description, one of each for a language; the language "" is for all others."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], str] = {}

    def set(self, field: str, text: str, language: str) -> None:
        """Replace a text, empty to remove it; ApiError 400 if it is too long or the language is no code."""
        check_language(language)
        if utf16_length(text) > LONGEST[field]:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        if text:
            self._texts[field, language] = text
        else:
            self._texts.pop((field, language), None)

    def get(self, field: str, language: str) -> str:
        """The text in that language, else the one for all others, else an empty one."""
        check_language(language)
        return self._texts.get((field, language)) or self._texts.get((field, ""), "")

    def describe(self) -> list[dict[str, Any]]:
        return [
            {"field": field, "language_code": language, "text": text} for (field, language), text in self._texts.items()
        ]


def check_language(code: str) -> None:
    """ApiError 400 for what is no two-letter ISO 639-1 code; empty is one, too."""
    if not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
