"""Experiments repeated with other seeds: each result beside its partner of the same seed."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import numbers, points, segments
from helpers.plots.toolkit.axes import fixed_ticks, from_zero, limits, titles
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import styles


def paired(
    ax: Axes, before: Any, after: Any, *, names: tuple[str, str], ylabel: str = "Loss"
) -> None:
    """Two results for every seed, joined by a line; `before` may be empty.

    before, after (seeds,); values that are not finite are left out.
    """
    before, after = numbers(before), numbers(after)
    limits(ax, x=(-0.35, 1.35), y=from_zero(before, after))
    both = np.column_stack([before, after]) if len(before) else np.empty((0, 2))
    pieces = [np.column_stack([(0, 1), pair]) for pair in both if np.isfinite(pair).all()]
    segments(ax, "pairs", pieces, styles["truth"], linewidth=1.5)
    groups = {"before": (0, before, styles["none"]), "after": (1, after, styles["valid"])}
    for name, (x, values, style) in groups.items():
        values = values[np.isfinite(values)]
        look = {"markersize": 8, "marker": "o", "alpha": 0.8}
        points(ax, name, np.full(len(values), x), values, style, **look)
    fixed_ticks(ax, "x", [0, 1] if len(before) else [1], list(names if len(before) else names[1:]))
    titles(ax, y=ylabel)
    legend(ax)
