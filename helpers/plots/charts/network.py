"""A network drawn as neurons and edges, whole or after dropout."""

from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import note, numbers, points, replacing, segments
from helpers.plots.toolkit.axes import bare, limits, titles
from helpers.plots.toolkit.style import INK, styles


def network(
    ax: Axes,
    widths: Sequence[int],
    alive: Sequence[Any] | None = None,
    *,
    title: str = "",
    names: Sequence[str] | None = None,
) -> None:
    """Layers of neurons from left to right; those not alive are crossed out and lose their edges.

    `alive` has one mask (width,) for every layer, or None for a layer that is whole. Under each
    layer stands its name: Input, Hidden 1, …, Output, unless `names` gives others.
    """
    known = [None] * len(widths) if alive is None else alive
    whole = [np.ones(n, bool) for n in widths]
    masks = [w if m is None else numbers(m).astype(bool) for w, m in zip(whole, known, strict=True)]
    places = [neurons(i, n) for i, n in enumerate(widths)]
    left_alive = [place[mask] for place, mask in zip(places, masks, strict=True)]
    edges = [np.array(e) for layers in pairwise(left_alive) for e in product(*layers)]
    bare(ax)
    limits(ax, x=(-0.4, len(widths) - 0.6), y=(0, 1))
    segments(ax, "edges", edges, styles["none"], linewidth=1.2)
    on = np.concatenate(masks)
    (on_x, on_y), (off_x, off_y) = (np.concatenate(places)[mask].T for mask in (on, ~on))
    size = min(28.0, 135 / max(widths))  # points; a layer is some 175 high
    look = {"marker": "o", "markersize": size, "markeredgewidth": 1.5}
    points(ax, "on", on_x, on_y, styles["dropout"], markeredgecolor=INK, **look)
    points(ax, "off", off_x, off_y, styles["none"], markerfacecolor="white", **look)
    cross = {"marker": "x", "markersize": size * 0.8, "markeredgewidth": 3}
    points(ax, "crosses", off_x, off_y, styles["data"], **cross)
    if names is None:
        hidden = (f"Hidden\n{i}" for i in range(1, len(widths) - 1))
        names = ["Input", *hidden, "Output"]
    with replacing(ax, "layer "):
        for i, name in enumerate(names):
            note(ax, f"layer {i}", i, -0.02, name, ha="center")
    titles(ax, title=title)


def neurons(layer: int, width: int) -> np.ndarray:
    """Places (width, 2) of the neurons of one layer, centred, one above the other."""
    up = (np.arange(width) + 0.5) / width
    return np.column_stack([np.full(width, float(layer)), up[::-1]])
