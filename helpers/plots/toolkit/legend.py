"""The legend: above the axes, where no curve can run into it, or at a place inside them."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from helpers.plots.toolkit.style import INK, TEXT

# In units of the text's size, as matplotlib's legend takes them.
HANDLE, PAD, BETWEEN, ROW = 2.2, 0.5, 1.4, 1.5


def legend(ax: Axes, loc: str = "above") -> None:
    """Name the labelled artists, in the order they were drawn.

    The legend is built anew only when its entries change. Above the axes it takes as many rows
    as it needs, and the axes give way from the second on.
    """
    handles = [a for a in ax.get_children() if a.get_gid() and not a.get_label().startswith("_")]
    handles.sort(key=lambda artist: artist.turn)
    labels = [artist.get_label() for artist in handles]
    entries = [(artist.get_gid(), artist.get_label(), colour(artist)) for artist in handles]
    if getattr(ax, "_course_legend", None) == (loc, entries):
        return
    ax._course_legend = (loc, entries)
    if ax.get_legend():
        ax.get_legend().remove()
    above(ax, handles, labels) if loc == "above" else inside(ax, handles, labels, loc)


def above(ax: Axes, handles: list[Artist], labels: list[str]) -> None:
    """The legend in rows over the axes."""
    box = ax.get_subplotspec().get_position(ax.figure)
    width, height = ax.figure.get_size_inches()
    columns = fitting_columns(labels, (box.width * width + 0.15) * 72)
    extra_rows = max(-(-len(labels) // columns) - 1, 0)
    ax.set_position([box.x0, box.y0, box.width, box.height - extra_rows * ROW * TEXT / 72 / height])
    if labels:
        ax.legend(
            handles, labels, loc="lower left", bbox_to_anchor=(0, 1), ncols=columns,
            frameon=False, borderaxespad=0.1, borderpad=0.0, fontsize=TEXT, labelcolor=INK,
            handlelength=HANDLE, handletextpad=PAD, columnspacing=BETWEEN,
        )


def inside(ax: Axes, handles: list[Artist], labels: list[str], loc: str) -> None:
    """The legend in a pale box at a place as matplotlib names them, over the curves."""
    above(ax, [], [])
    box = ax.legend(
        handles, labels, loc=loc, framealpha=0.85, edgecolor="white", fontsize=TEXT,
        labelcolor=INK, handlelength=HANDLE, handletextpad=PAD,
    )
    box.set(animated=True, zorder=6)  # see canvas.Canvas
    box.turn = 0


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


def colour(artist: Artist) -> str:
    """An artist's colour, good enough to notice a change."""
    return str(artist.get_color() if hasattr(artist, "get_color") else artist.get_facecolor())
