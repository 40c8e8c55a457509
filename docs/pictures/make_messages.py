# ruff: noqa: INP001 - a script beside the pictures that it makes, not a package
"""Draws the messages in the documents as a chat would show them: alert.png is the alert in alert.json, which a demo run
sent, the others are the examples in examples.py and the scenes that the tests compare with approved texts.

`python docs/pictures/make_messages.py`, with the project on PYTHONPATH, needs Chromium or Chrome on the PATH and a font
with emoji. Names of pictures as arguments draw only these.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from pathlib import Path

import examples
from PIL import Image

from bot.keyboards.alert import alert_keyboard
from bot.messages.alert import alert
from bot.reply import Keyboard, Say
from bot.speech import Speech, speech
from models.proof import Proof
from tests.factories import TITLE
from tests.unit.bot import own_scenes, scenes

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTH, SCALE = 600, 2  # CSS pixels, and pixels for each of them
COLOURS = 160  # a quarter of the size, and no difference to be seen
EMOJI = "U+2600-2604, U+2696, U+2699, U+26A0-26A1, U+267B, U+2705, U+270F, U+274C-2757, U+2B05-2B1C, U+1F300-1FAFF"
STYLE = f"""@font-face {{ font-family: emoji; src: local("Noto Color Emoji"); unicode-range: {EMOJI}; }}
body {{ margin: 0; background: #0e1621; color: #fff; font: 15px/1.42 emoji, "DejaVu Sans", sans-serif; }}
main {{ padding: 18px; width: {WIDTH - 36}px; }}
.row {{ display: flex; align-items: flex-end; gap: 10px; margin-bottom: 10px; }}
.face {{ width: 38px; height: 38px; border-radius: 50%; background: linear-gradient(#72d5fd, #2a9ef1); flex: none;
        text-align: center; line-height: 38px; font-size: 18px; }}
.said {{ width: 506px; }}
.bubble {{ background: #182533; border-radius: 14px 14px 14px 4px; padding: 9px 13px 7px; }}
.bubble img {{ width: 100%; border-radius: 8px; }}
.name {{ color: #6ab3f3; font-weight: bold; font-size: 14px; }}
.text {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
.time {{ color: #6d7f8f; font-size: 12px; text-align: right; }}
.keys {{ display: flex; gap: 4px; margin-top: 4px; }}
.keys span {{ flex: 1; background: #2b3a4a; border-radius: 7px; padding: 6px 4px; text-align: center;
             font-size: 14px; }}
a {{ color: #6ab3f3; text-decoration: none; }}"""
MEASURE = "<script>document.title = 'height=' + document.querySelector('main').offsetHeight</script>"


def the_alert(speaking: Speech) -> list[Say]:
    """The one that a demo run sent."""
    told = examples.told_by_demo()
    proof, number = Proof.model_validate(told["proof"]), int(str(told["alert_id"]))
    text = alert(proof, number, speaking, datetime.fromisoformat(str(told["sent_at"])))
    return [Say(text, alert_keyboard(proof, number, speaking))]


ENGLISH = speech("en")
PICTURES: Mapping[str, Callable[[], list[Say]]] = {
    "alert": lambda: the_alert(ENGLISH),
    "languages": lambda: [said for language in ("ru", "es", "de") for said in the_alert(speech(language))],
    "onboarding": lambda: own_scenes.begun(ENGLISH, TITLE)[:3],
    "gone": lambda: scenes.ended(ENGLISH, TITLE)[:1],
    "details": lambda: examples.the_details(examples.told_by_demo(), ENGLISH),
    "price": lambda: examples.the_price(ENGLISH),
    "history": lambda: examples.the_history(ENGLISH),
    "watch": lambda: examples.the_watch(ENGLISH),
    "filters": lambda: examples.the_filters(ENGLISH),
    "settings": lambda: examples.the_settings(ENGLISH),
    "digest": lambda: examples.the_digest(ENGLISH),
    "status": lambda: examples.the_status(ENGLISH),
    "silence": lambda: own_scenes.silent(ENGLISH, TITLE)[-3:-2],
}


def page(says: list[Say]) -> str:
    """Each message as a bubble with its buttons below."""
    said = "".join(map(_bubble, says))
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><main>{said}</main>{MEASURE}'


def _bubble(said: Say) -> str:
    picture = f'<img src="data:image/png;base64,{b64encode(said.picture).decode()}">' if said.picture else ""
    bubble = f'<div class="name">Skinbeat</div>{picture}<div class="text">{said.text}</div>'
    with_keys = f'<div class="bubble">{bubble}</div>{_keys(said.keyboard)}'
    return f'<div class="row"><div class="face">S</div><div class="said">{with_keys}</div></div>'


def _keys(keyboard: Keyboard) -> str:
    rows = ("".join(f"<span>{escape(button.label)}</span>" for button in row) for row in keyboard)
    return "".join(f'<div class="keys">{row}</div>' for row in rows)


def draw(browser: str, name: str, folder: Path) -> None:
    """Screenshot of the page as high as it is. Raises subprocess.CalledProcessError where the browser fails."""
    source = folder / f"{name}.html"
    source.write_text(page(PICTURES[name]()), encoding="utf-8")
    options = ["--headless", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder / 'profile'}"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium's own sandbox refuses to be started by root
    measured = _run([browser, *options, f"--window-size={WIDTH},800", "--dump-dom", source.as_uri()])
    height = re.search(r"height=(\d+)", measured)
    options += [f"--window-size={WIDTH},{height[1] if height else 800}", f"--force-device-scale-factor={SCALE}"]
    picture = HERE / f"{name}.png"
    _run([browser, *options, f"--screenshot={picture}", source.as_uri()])
    shrink(picture)


def shrink(picture: Path) -> None:
    """Fewer colours in the same file."""
    with Image.open(picture) as drawn:
        few = drawn.convert("RGB").quantize(COLOURS)
    few.save(picture, optimize=True)


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  # fixed arguments


def find_browser() -> str:
    """Its path; ends the program where there is none."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"No browser on the PATH; install one of {', '.join(BROWSERS)}.")
    return browser


def main() -> None:
    browser = find_browser()
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or PICTURES:
            draw(browser, name, Path(folder))


if __name__ == "__main__":
    main()
