"""Letters in pictures: matplotlib's own DejaVu, without what it cannot show and no wider than there is room."""

from functools import cache
from itertools import groupby
from pathlib import Path

import matplotlib as mpl
from matplotlib.font_manager import FontProperties, get_font

PLAIN, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
MISSING = "…"  # stands for signs that the font lacks: Chinese, new emoji, control characters
LONGEST = 200  # characters that could ever fit


@cache
def font(face: str, pixels: int) -> FontProperties:
    """A face of the fonts that come with matplotlib; a pixel is a point in our pictures."""
    return FontProperties(fname=_path(face), size=pixels)


def legible(text: str, face: str) -> str:
    """The text with each run of signs that the face lacks as one `…`."""
    known = _signs(face)
    runs = groupby(text, key=lambda sign: ord(sign) in known)
    return "".join("".join(run) if shown else MISSING for shown, run in runs)


def fitted(text: str, face: str, pixels: int, room: int) -> str:
    """The legible text, cut to `room` pixels where it is longer."""
    whole = legible(" ".join(text.split()), face)[:LONGEST]
    shown = whole
    while shown and width(shown, face, pixels) > room:
        whole = whole[: min(len(whole) - 1, len(whole) * room // width(shown, face, pixels))].rstrip()
        shown = whole + MISSING
    return shown


def width(text: str, face: str, pixels: int) -> int:
    """How many pixels a legible text takes."""
    drawn = get_font(_path(face))
    drawn.set_size(pixels, 72)
    drawn.set_text(text, 0)
    return int(drawn.get_width_height()[0]) // 64


@cache
def _signs(face: str) -> frozenset[int]:
    return frozenset(get_font(_path(face)).get_charmap())


def _path(face: str) -> Path:
    return Path(mpl.get_data_path(), "fonts", "ttf", face)
