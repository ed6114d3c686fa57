"""Figures without pyplot: made, turned into PNG bytes, shown with a caption."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers.plots.toolkit import png
from helpers.plots.toolkit.artists import drawn_at
from helpers.plots.toolkit.style import FAINT, INK, TEXT

DPI = 100
# Inches around and between the axes. Fixed, because measuring the texts anew for every frame
# (constrained layout) costs more than drawing it, and makes the axes jump.
LEFT, RIGHT, BOTTOM, TOP, BETWEEN = 1.05, 0.3, 0.75, 0.5, 1.1


class Canvas(FigureCanvasAgg):
    """An Agg canvas that keeps its background: axes, ticks, labels and legends, half of a frame.

    The artists of toolkit.artists are `animated`: a plain draw leaves them out, and moving one
    does not make the figure stale, so the background is drawn anew only when it changes.
    """

    background: Any = None

    def frame(self) -> np.ndarray:
        """The pixels of the figure as it is now, (height, width, RGBA)."""
        if self.background is None or self.figure.stale:
            self.draw()
            self.background = self.copy_from_bbox(self.figure.bbox)
        else:
            self.restore_region(self.background)
        renderer = self.get_renderer()
        for ax in self.figure.axes:
            animated = [a for a in ax.get_children() if a.get_animated()]
            for artist in sorted(animated, key=lambda a: (a.zorder, drawn_at.get(a, 0))):
                artist.draw(renderer)
        return np.asarray(self.buffer_rgba())


def figure(
    rows: int = 1,
    cols: int = 1,
    size: tuple[float, float] | None = None,
    heights: Sequence[float] | None = None,
) -> tuple[Figure, Any]:
    """A figure for projection and its axes: one Axes, or an array of them as pyplot gives.

    `size` is in inches of 100 pixels; the default fits the width of a notebook. `heights` are
    the proportions of the rows.
    """
    width, height = size or (9.0, 4.2 * rows)
    fig = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    Canvas(fig)
    inner_width, inner_height = width - LEFT - RIGHT, height - BOTTOM - TOP
    column = (inner_width - BETWEEN * (cols - 1)) / cols
    row = (inner_height - (BOTTOM + TOP) * (rows - 1)) / rows
    axes = fig.subplots(
        rows,
        cols,
        gridspec_kw={
            "left": LEFT / width,
            "right": 1 - RIGHT / width,
            "bottom": BOTTOM / height,
            "top": 1 - TOP / height,
            "wspace": BETWEEN / column,
            "height_ratios": heights,
            "hspace": (BOTTOM + TOP) / row,
        },
    )
    for ax in np.ravel(axes):
        dress(ax)
    return fig, axes


def dress(ax: Axes) -> None:
    """Large text, few ticks, no box: set on the axes, so that rcParams stay as they are."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set(color=INK, linewidth=1.5)
    ax.tick_params(labelsize=TEXT, color=INK, labelcolor=INK, width=1.5, length=5)
    ax.grid(axis="y", color=FAINT, linewidth=1.0)
    ax.set_axisbelow(True)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
        axis.label.set(fontsize=TEXT, color=INK)
    ax.title.set(fontsize=TEXT, color=INK)


def plain(value: float) -> str:
    """A number without padding, for ticks and labels: 0, 0.5, 20, 1e-4."""
    return f"{value:.4g}".replace("e-0", "e-").replace("-", "\N{MINUS SIGN}")


def pixels(fig: Figure) -> np.ndarray:
    """The pixels of a figure made by `figure` as it is now, (height, width, RGBA)."""
    assert isinstance(fig.canvas, Canvas)
    return fig.canvas.frame()


def render(fig: Figure) -> bytes:
    """The figure as PNG bytes for a live frame: fast, and the same for the same picture."""
    return png.fast(pixels(fig))


def render_sharp(fig: Figure) -> bytes:
    """The figure as PNG bytes to keep: twice the pixels each way, packed small."""
    fig.dpi = 2 * DPI
    sharp = png.small(pixels(fig))
    fig.dpi = DPI
    Canvas(fig)  # in place of one that holds 12 MB of pixels which no frame can use
    return sharp


class Picture:
    """A figure as a notebook keeps it: PNG, and a caption for text output and as its alt text."""

    def __init__(self, fig: Figure, caption: str) -> None:
        self.png = render_sharp(fig)
        self.width = round(fig.get_figwidth() * DPI)
        self.caption = caption

    def __repr__(self) -> str:
        return self.caption

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        bundle = {"image/png": self.png, "text/plain": self.caption}
        return bundle, {"image/png": {"width": self.width, "alt": self.caption}}


def show(fig: Figure, caption: str) -> None:
    """Display the figure; the caption says in one sentence what there is to see."""
    display(Picture(fig, caption))
