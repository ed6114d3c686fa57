"""The legend: above the axes, where no curve can run into it, or at a place inside them."""

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Bbox

from helpers.plots.toolkit.artists import drawn_at
from helpers.plots.toolkit.axes import axes_inches, figure_inches
from helpers.plots.toolkit.style import INK, TEXT

# In units of the text's size, as matplotlib's legend takes them.
HANDLE, PAD, BETWEEN, ROW = 2.2, 0.5, 1.4, 1.5
OPTIONS: dict[str, Any] = {"fontsize": TEXT, "labelcolor": INK}
OPTIONS |= {"handlelength": HANDLE, "handletextpad": PAD, "columnspacing": BETWEEN}

entries_of: WeakKeyDictionary[Axes, tuple] = WeakKeyDictionary()  # as shown last
whole_position: WeakKeyDictionary[Axes, Bbox] = WeakKeyDictionary()  # without a legend above


def legend(ax: Axes, loc: str = "above") -> None:
    """Name the labelled artists, in the order they were drawn.

    `loc` is "above" or a place inside the axes as matplotlib names it. The legend is built anew
    only when its entries change. Above the axes it takes as many rows as it needs, and the axes
    give way from the second on.
    """
    drawn = sorted((a for a in ax.get_children() if a in drawn_at), key=drawn_at.__getitem__)
    handles = [a for a in drawn if not str(a.get_label()).startswith("_")]
    labels = [str(a.get_label()) for a in handles]
    entries = loc, labels, [(a.get_gid(), colour(a)) for a in handles]
    if entries_of.get(ax) == entries:
        return
    entries_of[ax] = entries
    if old := ax.get_legend():
        old.remove()
    if loc == "above":
        columns = fitting_columns(labels, (axes_inches(ax)[0] + 0.15) * 72)
        make_room(ax, -(-len(labels) // columns))
        place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": columns}
        place |= {"frameon": False, "borderaxespad": 0.1, "borderpad": 0.0}
    else:
        make_room(ax, 0)
        place = {"loc": loc, "framealpha": 0.85, "edgecolor": "white"}
    if labels:
        box = ax.legend(handles, labels, **place, **OPTIONS)
        for handle in box.legend_handles:
            if isinstance(handle, LineCollection):  # many thin pale lines stand for one look
                handle.set(alpha=1, linewidth=2)
        if loc != "above":
            box.set(animated=True, zorder=6)  # over the curves: see canvas.Canvas


def make_room(ax: Axes, rows: int) -> None:
    """Lower the top of the axes for a legend of so many rows; the first one has room anyway."""
    whole = whole_position.setdefault(ax, ax.get_position(original=True))
    lowered = max(rows - 1, 0) * ROW * TEXT / 72 / figure_inches(ax)[1]
    ax.set_position((whole.x0, whole.y0, whole.width, whole.height - lowered))


def fitting_columns(labels: list[str], room: float) -> int:
    """The most columns whose widest entries fit side by side into `room` points."""
    widths = np.array([text_width(label) for label in labels])
    for columns in range(len(labels), 1, -1):
        columns_wide = sum(part.max() for part in np.array_split(widths, columns))
        if columns_wide + TEXT * (columns * (HANDLE + PAD) + (columns - 1) * BETWEEN) <= room:
            return columns
    return 1


def text_width(text: str) -> float:
    """The width of a legend's text in points."""
    size = text_to_path.get_text_width_height_descent(text, FontProperties(size=TEXT), False)
    return size[0]


def colour(artist: Any) -> str:
    """An artist's colour, good enough to notice a change."""
    return str(artist.get_facecolor() if isinstance(artist, Patch) else artist.get_color())
