"""What a screen gives back: texts with buttons, pictures and files; no Telegram in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Self, TypeAlias


@dataclass(frozen=True, slots=True)
class Button:
    """A label with what a press asks for: a route of ours with its arguments, or a page on the web."""

    label: str
    route: str = ""
    args: tuple[str, ...] = ()
    url: str = ""


Keyboard: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class File:
    """A document to download."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Say:
    """One message: HTML text of at most 4,096 units, or 1,024 with a picture (PNG) or file."""

    text: str
    keyboard: Keyboard = ()
    picture: bytes = b""
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What the next text that this person types here answers: handed to the question's screen with `args`."""

    kind: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say. After a press the first message takes the place of the one with the button, unless `anew`.

    `toast` shows for a moment over the chat, after a press only. `below` replaces the buttons of the pressed message,
    whose text stays. `asks` opens a question. `refused` gives what is said instead of the rest where Telegram does not
    take one of the messages, from its place among `says` and Telegram's words.
    """

    says: tuple[Say, ...] = ()
    toast: str = ""
    below: Keyboard = ()
    asks: Question | None = None
    anew: bool = False
    refused: Callable[[int, str], Say] | None = None

    @classmethod
    def of(cls, texts: Iterable[str], keyboard: Keyboard = (), **more: object) -> Self:
        """Texts one after another, the keyboard below the last."""
        says = [Say(text) for text in texts]
        if says:
            says[-1] = replace(says[-1], keyboard=keyboard)
        return cls(tuple(says), **more)  # type: ignore[arg-type]  # keywords are those of Reply


def column(*buttons: Button) -> Keyboard:
    """One button a row."""
    return tuple((button,) for button in buttons)


def grid(buttons: Iterable[Button], wide: int) -> Keyboard:
    """Rows of `wide` buttons."""
    row = list(buttons)
    return tuple(tuple(row[start : start + wide]) for start in range(0, len(row), wide))
