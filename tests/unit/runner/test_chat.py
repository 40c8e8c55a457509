from typing import Any

import pytest

from sandbox.runner.chat import as_shown


def line(kind: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "message_id": 7, "text": text, "reply_markup": None, **more}


KEYBOARD = {
    "inline_keyboard": [
        [{"text": "Open", "url": "https://dmarket.com"}, {"text": "Chart", "callback_data": "c"}],
        [{"text": "Mute", "callback_data": "m"}],
    ]
}


@pytest.mark.parametrize(
    ("happened", "seen"),
    [
        (line("send", "AK-47\nBuy $12.34"), "AK-47\nBuy $12.34"),
        (line("send", "AK-47", reply_markup=KEYBOARD), "AK-47\n[Open] [Chart]\n[Mute]"),
        (line("send", "hi", reply_markup={"force_reply": True}), "hi"),
        (line("edit", "gone after 40 s"), "(message 7 changed)\ngone after 40 s"),
        (
            line("send", "24 h", media={"kind": "photo", "width": 900, "height": 600}),
            "(picture 900×600)\n24 h",
        ),
        (
            line("send", media={"kind": "document", "file_name": "export.json", "file_size": 1234}),
            "(file export.json, 1,234 bytes)",
        ),
        (line("answer", "Muted"), "(toast: Muted)"),
        (line("answer"), ""),
        (line("delete"), "(message 7 deleted)"),
    ],
)
def test_console_shows_what_a_person_sees(happened: dict[str, Any], seen: str) -> None:
    """Texts with their buttons below, pictures and files as one line, changes and toasts as such."""
    assert as_shown(happened) == seen
