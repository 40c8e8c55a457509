"""A title's price course as a PNG for a phone in dark mode. Drawn by matplotlib's Agg canvas without pyplot's state."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.pictures.errors import NothingToDrawError
from bot.pictures.labels import Labels
from bot.pictures.lettering import BOLD, PLAIN, fitted, font, legible, width
from bot.pictures.scale import bounds, marks
from domain.money import Cents
from models.queries.charts import Course, Step

SIZE = (1080, 810)  # pixels; a phone shows them about 1:2
DPI = 72  # a point is a pixel
LARGE, MIDDLE, SMALL = 34, 26, 24  # letters in pixels
LEFT, RIGHT, TOP, BOTTOM = 150, 40, 195, 70  # margins in pixels
GROUND, PAPER, GRID, TEXT, FAINT = "#17212b", "#1c2733", "#2f3d4c", "#f2f5f8", "#9fb0c0"
ASK, BID, SALE, GAP = "#ffb454", "#5eb5f7", "#7ee08a", "#ffffff1a"

Seconds: TypeAlias = float  # since the course began
Line: TypeAlias = tuple[
    list[Seconds], list[Any]
]  # with cents, or None where it breaks: matplotlib's stub knows no None


def render(course: Course, labels: Labels, size: tuple[int, int] = SIZE) -> bytes:
    """The PNG, `size` in pixels. NothingToDrawError without a single price or sale."""
    prices = [price for step in course.steps for price in (step.ask, step.bid) if price is not None]
    prices += [sale.price for sale in course.sales]
    if not prices:
        raise NothingToDrawError(f"nothing is known of {course.title} since {course.since:%Y-%m-%d %H:%M}")
    figure = Figure(figsize=(size[0] / DPI, size[1] / DPI), dpi=DPI, facecolor=GROUND)
    canvas = FigureCanvasAgg(figure)
    axes = _axes(figure, size)
    _lines(axes, course, labels)
    _sales(axes, course, labels)
    _gaps(axes, course, labels)
    _scales(axes, course, labels, bounds(prices))
    _head(canvas, labels, size)
    _legend(canvas, axes, size)
    with BytesIO() as png:
        figure.savefig(png, format="png", facecolor=GROUND, pil_kwargs={"compress_level": 4})
        return png.getvalue()


def _axes(figure: Figure, size: tuple[int, int]) -> Axes:
    wide, high = size
    inner = (LEFT / wide, BOTTOM / high, (wide - LEFT - RIGHT) / wide, (high - TOP - BOTTOM) / high)
    axes = figure.add_axes(inner, facecolor=PAPER)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.grid(color=GRID, linewidth=2)
    axes.tick_params(length=0, pad=10, labelcolor=FAINT)
    axes.set_axisbelow(True)
    return axes


def _gaps(axes: Axes, course: Course, labels: Labels) -> None:
    for place, (start, end) in enumerate(course.gaps):
        label = labels.unread if place == 0 else None
        axes.axvspan(_x(course, start), _x(course, end), facecolor=GAP, edgecolor=FAINT, hatch="//", label=label)


def _lines(axes: Axes, course: Course, labels: Labels) -> None:
    """Both sides with their last price in the legend; where a side was empty or nothing was read there is no line."""
    sides = (
        (labels.ask, ASK, [step.ask for step in course.steps]),
        (labels.bid, BID, [step.bid for step in course.steps]),
    )
    for name, colour, prices in sides:
        label = f"{name} {labels.money(prices[-1])}" if prices and prices[-1] is not None else name
        x, y = line(course, prices)
        axes.plot(x, y, color=colour, linewidth=4, solid_capstyle="round", label=label)


def _sales(axes: Axes, course: Course, labels: Labels) -> None:
    """Full dots where a listing was bought, rings where a bid was filled."""
    for name, listed, fill in ((labels.sold, True, SALE), (labels.filled, False, GROUND)):
        sales = [sale for sale in course.sales if sale.listed is listed]
        if sales:
            x, y = [_x(course, sale.at) for sale in sales], [sale.price for sale in sales]
            label = f"{name} {len(sales)}"
            axes.scatter(x, y, s=120, c=fill, edgecolors=SALE, linewidths=3, zorder=3, label=label)


def _scales(axes: Axes, course: Course, labels: Labels, limits: tuple[Cents, Cents]) -> None:
    axes.set_xlim(0, _x(course, course.until))
    axes.set_ylim(*limits)
    ticks = marks(*limits)
    money = labels.money if any(tick % 100 for tick in ticks) else labels.round_money
    axes.set_yticks(ticks, [legible(money(tick), PLAIN) for tick in ticks])
    axes.set_xticks([_x(course, at) for at, _ in labels.times], [legible(text, PLAIN) for _, text in labels.times])
    for text in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        text.set_fontproperties(font(PLAIN, SMALL))
        text.set_parse_math(False)


def _head(canvas: FigureCanvasAgg, labels: Labels, size: tuple[int, int]) -> None:
    """The title, and below it what is drawn and how old it is."""
    wide, high = size
    rows = ((labels.title, BOLD, LARGE, TEXT, 52), (labels.below, PLAIN, MIDDLE, FAINT, 94))
    for words, face, pixels, colour, below in rows:
        text = fitted(words, face, pixels, wide - 2 * RIGHT)
        place = (RIGHT / wide, 1 - below / high)
        canvas.figure.text(*place, text, color=colour, fontproperties=font(face, pixels), parse_math=False)


def _legend(canvas: FigureCanvasAgg, axes: Axes, size: tuple[int, int]) -> None:
    """One row above the axes, two where one is too narrow."""
    wide, high = size
    handles, names = axes.get_legend_handles_labels()
    texts = [f" {legible(name, PLAIN)}" for name in names]
    needed = sum(width(text, PLAIN, SMALL) + 2 * SMALL for text in texts)
    legend = axes.legend(
        handles,
        texts,
        loc="lower left",
        bbox_to_anchor=(RIGHT / wide, 1 - (TOP - 15) / high),
        bbox_transform=canvas.figure.transFigure,
        ncols=5 if needed <= wide - 2 * RIGHT else 3,
        prop=font(PLAIN, SMALL),
        frameon=False,
        labelcolor=TEXT,
        handlelength=1,
        handletextpad=0,
        columnspacing=1,
        borderpad=0,
        borderaxespad=0,
    )
    for entry in legend.get_texts():
        entry.set_parse_math(False)


def line(course: Course, prices: Sequence[Cents | None]) -> Line:
    """The stairs of one side: each of `prices` holds from its step to the next, but not through a gap."""
    x: list[Seconds] = []
    y: list[Any] = []
    for start, end, price in _stairs(course, prices):
        if x and x[-1] != _x(course, start):
            x.append(_x(course, start))
            y.append(None)
        x += [_x(course, start), _x(course, end)]
        y += [price, price]
    return x, y


def _stairs(course: Course, prices: Sequence[Cents | None]) -> Iterator[tuple[datetime, datetime, Cents | None]]:
    last = Step(max(course.seen_at or course.until, course.steps[-1].at), None, None) if course.steps else None
    ends = [*course.steps, last] if last else []
    for (step, following), price in zip(pairwise(ends), prices, strict=True):
        for start, end in _known(step.at, following.at, course.gaps):
            yield start, end, price


def _known(
    start: datetime, end: datetime, gaps: Sequence[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of a time that lie in no gap, the oldest first."""
    for dark, light in gaps:
        if light <= start or dark >= end:
            continue
        if start < dark:
            yield start, dark
        start = light
    if start < end:
        yield start, end


def _x(course: Course, at: datetime) -> Seconds:
    return (at - course.since).total_seconds()
