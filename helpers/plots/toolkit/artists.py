"""Draw or move: each artist has a name on its axes, and drawing it again only moves it.

So one drawing function serves a notebook cell, which draws once, and a live lab, which draws
a dozen times a second. What was drawn before leaves no trace: the same call gives the same
picture on fresh and on used axes. An artist without data (None, or empty) is hidden.
"""

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, TypeVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Polygon, StepPatch
from matplotlib.text import Text

from helpers.plots.toolkit.style import INK, TEXT, Style

A = TypeVar("A", bound=Artist)
TURNS = count()


def named(ax: Axes, name: str, make: Callable[[], A]) -> A:
    """The artist called `name`, made on first use, and last in turn among its equals.

    The turn, not the age, decides what covers what at one zorder, and the order of the legend.
    """
    artist = next((a for a in ax.get_children() if a.get_gid() == name), None)
    if artist is None:
        artist = make()
        artist.set(gid=name, animated=True, label="_")  # animated: see canvas.Canvas
    artist.turn = next(TURNS)
    return artist


def forget(ax: Axes, prefix: str, keep: Iterable[str] = ()) -> None:
    """Remove the artists whose names start with `prefix`, except those to keep."""
    kept = set(keep)
    for artist in ax.get_children():
        name = artist.get_gid()
        if name is not None and name.startswith(prefix) and name not in kept:
            artist.remove()


def numbers(values: Any) -> np.ndarray:
    """A list, array or tensor as a float array; None as an empty one."""
    if values is None:
        return np.empty(0)
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    return np.asarray(values, dtype=float)


def line(
    ax: Axes, name: str, x: Any, y: Any, style: Style, *, label: str | None = None,
    **properties: Any,
) -> Line2D:
    """A curve without markers; it enters the legend if it has a label."""
    artist = named(ax, name, lambda: ax.add_line(Line2D([], [], solid_capstyle="round")))
    artist.set_data(numbers(x), numbers(y))
    look = {"color": style.color, "linestyle": style.line, "linewidth": style.width}
    artist.set(**(look | properties), label=label or "_")
    return artist


def points(
    ax: Axes, name: str, x: Any, y: Any, style: Style, *, label: str | None = None,
    **properties: Any,
) -> Line2D:
    """Markers without a curve."""
    artist = named(ax, name, lambda: ax.add_line(Line2D([], [], linestyle="")))
    artist.set_data(numbers(x), numbers(y))
    look = {"marker": style.marker, "color": style.color, "markersize": 9}
    artist.set(**(look | properties), label=label or "_")
    return artist


def polygon(
    ax: Axes, name: str, outline: Any, style: Style, *, label: str | None = None,
    **properties: Any,
) -> Polygon:
    """A pale area inside an outline (n, 2)."""
    artist = named(ax, name, lambda: ax.add_patch(Polygon([[0, 0]], linewidth=0, zorder=1)))
    artist.set_xy(outline if len(outline) else [[np.nan, np.nan]])
    look = {"facecolor": style.color, "alpha": 0.22}
    artist.set(**(look | properties), label=label or "_")
    return artist


def band(
    ax: Axes, name: str, x: Any, low: Any, high: Any, style: Style, *, label: str | None = None,
    **properties: Any,
) -> Polygon:
    """The area between two curves, pale."""
    x, low, high = numbers(x), numbers(low), numbers(high)
    outline = np.column_stack([np.r_[x, x[::-1]], np.r_[low, high[::-1]]])
    return polygon(ax, name, outline, style, label=label, **properties)


def mark(
    ax: Axes, name: str, x: float | None, style: Style, text: str = "", *, height: float = 0.98,
    label: str | None = None, **properties: Any,
) -> Line2D:
    """A vertical line at x, its short English text beside it at a height from 0 to 1."""
    across = ax.get_xaxis_transform()
    artist = named(ax, name, lambda: ax.add_line(Line2D([], [], transform=across, zorder=1.5)))
    artist.set_data([] if x is None else [x, x], [] if x is None else [0, 1])
    look = {"color": style.color, "linestyle": style.line, "linewidth": style.width}
    artist.set(**(look | properties), label=label or "_")
    note(ax, f"{name} text", x, height, text, color=style.color, transform=across, beside=True)
    return artist


def note(
    ax: Axes, name: str, x: float | None, y: float, text: str, *, color: str = INK,
    transform: Any = None, beside: bool = False, **properties: Any,
) -> Text:
    """A short English text at (x, y), in data coordinates unless a transform is given.

    `beside` puts it next to the place, on the side where the axes (whose limits must be set
    before) have more room.
    """
    where = transform or ax.transData
    artist = named(ax, name, lambda: ax.text(0, 0, "", fontsize=TEXT, va="top"))
    artist.set(visible=x is not None and bool(text), text=text, color=color, transform=where)
    if x is None:
        return artist
    artist.set_position((x, y))
    if beside:
        left = ax.transAxes.inverted().transform(where.transform((x, y)))[0] > 0.6
        artist.set(ha="right" if left else "left", text=f"{text} " if left else f" {text}")
    artist.set(**properties)
    return artist


def steps(
    ax: Axes, name: str, heights: Any, edges: Any, style: Style, *, label: str | None = None,
    **properties: Any,
) -> StepPatch:
    """A histogram: n filled heights between n + 1 edges."""
    heights, edges = numbers(heights), numbers(edges)
    artist = named(ax, name, lambda: ax.add_patch(StepPatch([0.0], [0.0, 1.0], baseline=0)))
    artist.set_data(heights, edges, 0)
    look = {"fill": True, "facecolor": (style.color, 0.4), "edgecolor": style.color}
    artist.set(**(look | properties), label=label or "_")
    return artist


def segments(
    ax: Axes, name: str, pieces: Any, style: Style, *, label: str | None = None,
    **properties: Any,
) -> LineCollection:
    """Many thin lines at once: a list of (n, 2) arrays of points."""
    artist = named(ax, name, lambda: ax.add_collection(LineCollection([]), autolim=False))
    artist.set_segments(list(pieces))
    look = {"color": style.color, "linewidth": 1.5}
    artist.set(**(look | properties), label=label or "_")
    return artist


def image(
    ax: Axes, name: str, pixels: Any, extent: tuple[float, float, float, float], **properties: Any
) -> AxesImage:
    """Pixels (rows, columns[, RGB]) over (left, right, bottom, top), the first row on top."""
    pixels = numbers(pixels)
    artist = named(ax, name, lambda: ax.imshow(pixels, aspect="auto", zorder=0))
    artist.set_data(pixels)
    artist.set(extent=extent, **properties)
    return artist


def arrow(
    ax: Axes, name: str, start: Any, end: Any, style: Style, **properties: Any
) -> FancyArrowPatch:
    """An arrow in data coordinates."""
    artist = named(
        ax,
        name,
        lambda: ax.add_patch(
            FancyArrowPatch((0, 0), (1, 1), arrowstyle="-|>", shrinkA=0, shrinkB=0)
        ),
    )
    artist.set_positions(tuple(numbers(start)), tuple(numbers(end)))
    look = {"color": style.color, "linewidth": style.width, "mutation_scale": 24}
    artist.set(**(look | properties))
    return artist
