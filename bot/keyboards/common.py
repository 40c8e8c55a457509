"""What keyboards share: the way back, the way to the menu, ticks, pages."""

from bot.reply import Button, Keyboard
from bot.speech import Speech

MENU = "menu"  # the route of the main menu


def back(speech: Speech, route: str, *args: str) -> Button:
    return Button(speech.text("‹ Back"), route, args)


def to_menu(speech: Speech) -> Button:
    return Button(speech.text("☰ Menu"), MENU)


def menu_row(speech: Speech) -> tuple[Button, ...]:
    return (to_menu(speech),)


def ticked(label: str, *, on: bool) -> str:
    return f"{'✅' if on else '⬜'} {label}"


def turned(speech: Speech, page: int, of: int, route: str, *args: str) -> Keyboard:
    """The row that turns pages, numbered from 1: the route's last argument is the page. None where all fits one."""
    if of <= 1:
        return ()
    before, after = max(1, page - 1), min(of, page + 1)
    shown = speech.text("page {page}/{of}", page=page, of=of)
    return (
        (
            Button("‹", route, (*args, str(before))),
            Button(shown, route, (*args, str(page))),
            Button("›", route, (*args, str(after))),
        ),
    )
