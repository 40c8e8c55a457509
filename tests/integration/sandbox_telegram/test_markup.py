import pytest

from tests.integration.sandbox_telegram.driver import USER, Driver


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "a", "callback_data": "ä" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "", "callback_data": "a"}, "inline keyboard button text must be non-empty"),
        ({"text": "a"}, "text buttons are unallowed in the inline keyboard"),
        ({"text": "a", "url": "x", "callback_data": "b"}, "text buttons are unallowed in the inline keyboard"),
        ({"text": "a", "url": "ftp://x"}, "inline keyboard button URL 'ftp://x' is invalid: Wrong HTTP URL"),
        ("a", "inline keyboard button must be an Object"),
    ],
)
def test_bad_button_is_refused(driver: Driver, button: object, refusal: str) -> None:
    """Callback data have 1 to 64 bytes, and a button does exactly one thing."""
    answer = driver.refusal("sendMessage", chat_id=USER, text="a", reply_markup={"inline_keyboard": [[button]]})

    assert answer == f"400 Bad Request: {refusal}"


def test_keyboard_has_rows_and_at_most_100_buttons(driver: Driver) -> None:
    """A flat list and a wall of buttons are refused."""
    button = {"text": "a", "callback_data": "a" * 64}

    flat = driver.refusal("sendMessage", chat_id=USER, text="a", reply_markup={"inline_keyboard": [button]})
    wall = driver.refusal("sendMessage", chat_id=USER, text="a", reply_markup={"inline_keyboard": [[button]] * 101})
    none = driver.refusal("sendMessage", chat_id=USER, text="a", reply_markup={"buttons": []})
    reply = driver.refusal("sendMessage", chat_id=USER, text="a", reply_markup={"keyboard": [["a"]]})

    assert flat.endswith("should be an Array of Arrays")
    assert wall == "400 Bad Request: reply markup is too long"
    assert none == "400 Bad Request: object expected as reply markup"
    assert reply == "400 Bad Request: this sandbox has no reply keyboards, only inline ones"


def test_only_inline_keyboards_can_be_edited_in(driver: Driver) -> None:
    """A forced reply belongs to a new message."""
    force = {"force_reply": True}
    message_id = driver.send(reply_markup=force)

    refusal = driver.refusal("editMessageText", chat_id=USER, message_id=message_id, text="b", reply_markup=force)

    assert refusal == "400 Bad Request: inline keyboard expected"
