# ruff: noqa: INP001 - a script beside the picture that it makes, not a package
"""Draws alert.png: the alert in alert.json, which a demo run sent, as a chat would show it.

`python docs/pictures/make_alert.py` needs Chromium or Chrome on the PATH and a font with emoji.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from bot.messages.alert import alert
from models.proof import Proof

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTH, HEIGHT, SCALE = 600, 302, 2  # CSS pixels, and pixels for each of them
PAGE = """<!doctype html><meta charset="utf-8"><style>
@font-face {{ font-family: emoji; src: local("Noto Color Emoji"); unicode-range: U+26A1, U+2705, U+1F300-1FAFF; }}
body {{ margin: 0; padding: 18px; background: #0e1621; color: #fff; height: 100vh; box-sizing: border-box;
       font: 15px/1.42 emoji, "DejaVu Sans", sans-serif; }}
.row {{ display: flex; align-items: flex-end; gap: 10px; }}
.face {{ width: 38px; height: 38px; border-radius: 50%; background: linear-gradient(#72d5fd, #2a9ef1); flex: none;
        text-align: center; line-height: 38px; font-size: 18px; }}
.bubble {{ background: #182533; border-radius: 14px 14px 14px 4px; padding: 9px 13px 7px; max-width: 500px; }}
.name {{ color: #6ab3f3; font-weight: bold; font-size: 14px; }}
.text {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
.time {{ color: #6d7f8f; font-size: 12px; text-align: right; }}
a {{ color: #6ab3f3; text-decoration: none; }}
</style><div class="row"><div class="face">S</div><div class="bubble"><div class="name">Skinbeat</div>
<div class="text">{text}</div><div class="time">{time}</div></div></div>"""


def page() -> str:
    """The message's own HTML inside a chat bubble."""
    told = json.loads((HERE / "alert.json").read_text(encoding="utf-8"))
    sent_at = datetime.fromisoformat(told["sent_at"])
    text = alert(Proof.model_validate(told["proof"]), told["alert_id"], sent_at)
    return PAGE.format(text=text, time=f"{sent_at:%H:%M}")


def draw(browser: str, folder: Path) -> None:
    """Screenshot of the page into alert.png. Raises subprocess.CalledProcessError where the browser fails."""
    source = folder / "alert.html"
    source.write_text(page(), encoding="utf-8")
    options = [
        "--headless",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--user-data-dir={folder / 'profile'}",
        f"--window-size={WIDTH},{HEIGHT}",
        f"--force-device-scale-factor={SCALE}",
        f"--screenshot={HERE / 'alert.png'}",
    ]
    if os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium's own sandbox refuses to be started by root
    subprocess.run([browser, *options, source.as_uri()], check=True, capture_output=True)  # noqa: S603  # fixed arguments


def main() -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"No browser on the PATH; install one of {', '.join(BROWSERS)}.")
    with tempfile.TemporaryDirectory() as folder:
        draw(browser, Path(folder))


if __name__ == "__main__":
    main()
