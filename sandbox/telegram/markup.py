from typing import Any

from sandbox.telegram.errors import bad_request

LARGEST_CALLBACK_DATA = 64
MOST_BUTTONS = 100
URL_SCHEMES = ("http://", "https://", "tg://", "ton://")
KEYBOARDS = ("inline_keyboard", "remove_keyboard", "force_reply")
# The fields of bots/api#inlinekeyboardbutton of which exactly one must be there.
ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def check_markup(markup: dict[str, Any]) -> dict[str, Any]:
    """The reply markup if Telegram would take it (empty: none); ApiError 400 otherwise.

    Reply keyboards are refused because nobody can press them here.
    """
    if "keyboard" in markup:
        raise bad_request("this sandbox has no reply keyboards, only inline ones")
    if markup and not any(name in markup for name in KEYBOARDS):
        raise bad_request("object expected as reply markup")
    buttons = buttons_of(markup)
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return markup


def buttons_of(markup: dict[str, Any]) -> list[dict[str, Any]]:
    """All buttons of an inline keyboard, row by row; ApiError 400 if it is not rows of objects."""
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays')
    buttons = [button for row in rows for button in row]
    if not all(isinstance(button, dict) for button in buttons):
        raise bad_request("inline keyboard button must be an Object")
    return buttons


def _check_button(button: dict[str, Any]) -> None:
    if not button.get("text"):
        raise bad_request("inline keyboard button text must be non-empty")
    if sum(name in button for name in ACTIONS) != 1:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if "callback_data" in button:
        size = len(str(button["callback_data"]).encode())
        if not 1 <= size <= LARGEST_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(URL_SCHEMES):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
