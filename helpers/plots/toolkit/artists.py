"""Draw or move: each artist has a name on its axes, and drawing it again only moves it.

So one drawing function serves a notebook cell, which draws once, and a live lab, which draws
a dozen times a second. The same call gives the same picture on fresh and on used axes.

Data may be lists, arrays, tensors or None; without data nothing is shown. `props` are matplotlib
properties that override the style; an artist with a `label` is in the legend.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from contourpy import contour_generator
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Polygon, StepPatch
from matplotlib.text import Text

from helpers.plots.toolkit.style import INK, TEXT, Style

A = TypeVar("A", bound=Artist)

# When each artist was last drawn, counted over all of them. This, not when it was made, decides
# what covers what at one zorder, and the order of the legend.
drawn_at: WeakKeyDictionary[Artist, int] = WeakKeyDictionary()
clock = count(1)


def draw_or_move(ax: Axes, name: str, make: Callable[[], A], props: dict[str, Any]) -> A:
    """The artist called `name`, made on first use, with these properties."""
    artist: Any = next((a for a in ax.get_children() if a.get_gid() == name), None)
    if artist is None:
        artist = ax.add_artist(make())
        artist.set(gid=name, animated=True)  # animated: see canvas.Canvas
    artist.set(**props | {"label": props.get("label") or "_"})
    drawn_at[artist] = next(clock)
    return artist


@contextmanager
def replacing(ax: Axes, prefix: str) -> Iterator[None]:
    """Remove the artists whose names start with `prefix` and that the block did not draw."""
    start = next(clock)
    yield
    for artist in ax.get_children():
        if (artist.get_gid() or "").startswith(prefix) and drawn_at[artist] < start:
            artist.remove()


def numbers(values: Any) -> np.ndarray:
    """A list, array or tensor as a float array; None as an empty one."""
    if values is None:
        return np.empty(0)
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    return np.asarray(values, dtype=float)


def line(ax: Axes, name: str, x: Any, y: Any, style: Style, **props: Any) -> Line2D:
    """A curve without markers."""
    make = partial(Line2D, [], [], solid_capstyle="round")
    artist = draw_or_move(ax, name, make, style.stroke | props)
    return move(artist, numbers(x), numbers(y))


def points(ax: Axes, name: str, x: Any, y: Any, style: Style, **props: Any) -> Line2D:
    """Markers without a curve."""
    look = {"marker": style.marker, "color": style.color, "markersize": 9}
    artist = draw_or_move(ax, name, partial(Line2D, [], [], linestyle=""), look | props)
    return move(artist, numbers(x), numbers(y))


def move(artist: Line2D, x: np.ndarray, y: np.ndarray) -> Line2D:
    """Set the data, unless they are the same: then matplotlib keeps the path it made of them."""
    if not (np.array_equal(artist.get_xdata(), x) and np.array_equal(artist.get_ydata(), y)):
        artist.set_data(x, y)
    return artist


def contours(
    ax: Axes, name: str, x: Any, y: Any, z: Any, levels: Any, style: Style, **props: Any
) -> Line2D:
    """Contours of z (len(y), len(x)) at the levels, as one broken line."""
    lines_at: Any = contour_generator(x, y, z).lines
    gap = np.full((1, 2), np.nan)
    pieces = [part for level in levels for piece in lines_at(level) for part in (piece, gap)]
    x, y = np.concatenate(pieces or [gap]).T
    return line(ax, name, x, y, style, **props)


def polygon(ax: Axes, name: str, outline: Any, style: Style, **props: Any) -> Polygon:
    """A pale area inside an outline (n, 2)."""
    look = {"facecolor": style.color, "alpha": 0.22}
    make = partial(Polygon, [[0, 0]], linewidth=0, zorder=1)
    artist = draw_or_move(ax, name, make, look | props)
    artist.set_xy(outline if len(outline) else [[np.nan, np.nan]])
    return artist


def band(ax: Axes, name: str, x: Any, low: Any, high: Any, style: Style, **props: Any) -> Polygon:
    """A pale area between two curves."""
    x, low, high = numbers(x), numbers(low), numbers(high)
    outline = np.column_stack([np.r_[x, x[::-1]], np.r_[low, high[::-1]]])
    return polygon(ax, name, outline, style, **props)


def mark(
    ax: Axes,
    name: str,
    x: float | None,
    style: Style,
    text: str = "",
    *,
    height: float = 0.98,
    **props: Any,
) -> Line2D:
    """A vertical line at x, with a short English text beside it at a height from 0 to 1.

    The text is on the side with more room: set the limits of the axes first.
    """
    across = ax.get_xaxis_transform()
    make = partial(Line2D, [], [], transform=across, zorder=1.5)
    artist = draw_or_move(ax, name, make, style.stroke | props)
    artist.set_data(([], []) if x is None else ([x, x], [0, 1]))
    side = "left"
    if x is not None and text:
        share = ax.transAxes.inverted().transform(across.transform((x, height)))[0]
        side, text = ("right", f"{text} ") if share > 0.6 else ("left", f" {text}")
    note(ax, f"{name} text", x, height, text, color=style.color, transform=across, ha=side)
    return artist


def note(ax: Axes, name: str, x: float | None, y: float, text: str, **props: Any) -> Text:
    """A short English text at (x, y), in data coordinates unless a `transform` is given."""
    look = {"color": INK, "transform": ax.transData, "text": text, "visible": x is not None}
    make = partial(Text, fontsize=TEXT, verticalalignment="top", clip_on=False)
    artist = draw_or_move(ax, name, make, look | props)
    artist.set_position((0 if x is None else x, y))
    return artist


def steps(ax: Axes, name: str, heights: Any, edges: Any, style: Style, **props: Any) -> StepPatch:
    """A histogram: n filled heights between n + 1 edges."""
    look = {"fill": True, "facecolor": (style.color, 0.4), "edgecolor": style.color}
    artist = draw_or_move(ax, name, partial(StepPatch, [0.0], [0.0, 1.0]), look | props)
    artist.set_data(numbers(heights), numbers(edges), 0)
    return artist


def segments(ax: Axes, name: str, pieces: Any, style: Style, **props: Any) -> LineCollection:
    """Many thin lines at once: a list of (n, 2) arrays of points."""
    look = {"color": style.color, "linewidth": 1.5}
    artist = draw_or_move(ax, name, partial(LineCollection, []), look | props)
    artist.set_segments(list(pieces))
    return artist


def image(
    ax: Axes, name: str, pixels: Any, extent: tuple[float, float, float, float], **props: Any
) -> AxesImage:
    """Pixels (rows, columns[, RGB]) over (left, right, bottom, top), the first row on top."""
    make = partial(AxesImage, ax, zorder=0, resample=True)
    artist = draw_or_move(ax, name, make, {"extent": extent} | props)
    artist.set_data(numbers(pixels))
    return artist


def arrow(ax: Axes, name: str, start: Any, end: Any, style: Style, **props: Any) -> FancyArrowPatch:
    """An arrow in data coordinates."""
    look = {"color": style.color, "linewidth": style.width, "mutation_scale": 24}
    make = partial(FancyArrowPatch, (0, 0), (1, 1), arrowstyle="-|>", shrinkA=0, shrinkB=0)
    artist = draw_or_move(ax, name, make, look | props)
    artist.set_positions(tuple(numbers(start)), tuple(numbers(end)))
    return artist
