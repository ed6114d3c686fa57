"""A network drawn as neurons and edges, whole or after dropout."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import numbers, points, segments
from helpers.plots.toolkit.axes import bare, limits, titles
from helpers.plots.toolkit.style import INK, styles

ALIVE, DEAD = styles["dropout"].named("On"), styles["none"].named("Off")


def network(
    ax: Axes, widths: Sequence[int], alive: Sequence[Any] | None = None, *, title: str = ""
) -> None:
    """Layers of neurons from left to right; those not alive are crossed out and lose their edges.

    `alive` has one mask (width,) for every layer, or None for a layer that is whole.
    """
    masks = [
        np.ones(n, bool) if alive is None or alive[i] is None else numbers(alive[i]).astype(bool)
        for i, n in enumerate(widths)
    ]
    places = [neurons(i, n) for i, n in enumerate(widths)]
    edges = [
        np.array([a, b])
        for i in range(len(widths) - 1)
        for a in places[i][masks[i]]
        for b in places[i + 1][masks[i + 1]]
    ]
    bare(ax)
    limits(ax, x=(-0.3, len(widths) - 0.7), y=(-0.1, 1.1))
    on, off = np.concatenate(masks), ~np.concatenate(masks)
    all_places = np.concatenate(places)
    size = min(28.0, 135 / max(widths))  # points; a layer is some 175 high
    segments(ax, "edges", edges, styles["none"], linewidth=1.2)
    points(ax, "on", *all_places[on].T, ALIVE, marker="o", markersize=size, markeredgecolor=INK,
           markeredgewidth=1.5)
    points(ax, "off", *all_places[off].T, DEAD, marker="o", markersize=size,
           markerfacecolor="white", markeredgewidth=1.5)
    points(ax, "crosses", *all_places[off].T, styles["L1"], marker="x", markersize=size * 0.8,
           markeredgewidth=3)
    titles(ax, title=title)


def neurons(layer: int, width: int) -> np.ndarray:
    """Places (width, 2) of one layer's neurons, centred, one above the other."""
    up = (np.arange(width) + 0.5) / width
    return np.column_stack([np.full(width, float(layer)), up[::-1]])
