"""One-dimensional regression: one fit, and many refits fanning out."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import line, numbers, points, segments
from helpers.plots.toolkit.axes import around, limits, titles
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import styles


def fit_1d(
    ax: Axes, x: Any, fit: Any, *, truth: Any = None, data: tuple[Any, Any] | None = None
) -> None:
    """A fitted curve over x, the true curve, and the data points (x, y) it was fitted to."""
    truth_and_data(ax, x, truth, data, fit)
    line(ax, "fit", numbers(x).ravel(), numbers(fit).ravel(), styles["fit"], label="Fit", zorder=3)
    legend(ax)


def spread(
    ax: Axes,
    x: Any,
    fits: Any,
    *,
    truth: Any = None,
    data: tuple[Any, Any] | None = None,
    mean: bool = False,
) -> None:
    """Refits (runs, len(x)) on redrawn data, thin, and their median or mean: variance as a fan."""
    x, fits = numbers(x).ravel(), numbers(fits)
    truth_and_data(ax, x, truth, data, fits)
    look = {"linewidth": styles["refits"].width, "alpha": max(0.12, min(0.6, 8 / len(fits)))}
    pieces = [np.column_stack([x, fit]) for fit in fits]
    segments(ax, "fits", pieces, styles["refits"], label=f"{len(fits)} refits", **look)
    # One wild refit of high degree can carry the mean off the axes, but not the median.
    label, middle = ("Mean", np.mean) if mean else ("Median", np.median)
    line(ax, "middle", x, middle(fits, axis=0), styles["fit"], label=label, zorder=3)
    legend(ax)


def truth_and_data(ax: Axes, x: Any, truth: Any, data: tuple[Any, Any] | None, fits: Any) -> None:
    """The true curve and the data. They alone set the limits, whatever the fits do."""
    x, truth = numbers(x).ravel(), numbers(truth).ravel()
    data_x, data_y = (numbers(part).ravel() for part in data or ((), ()))
    low, high = around(*[v for v in (truth, data_y) if len(v)] or [fits])
    room = 0.15 * (high - low)
    limits(ax, x=around(x), y=(low - room, high + room))
    label = "Truth" if len(truth) else None
    line(ax, "truth", x[: len(truth)], truth, styles["truth"], label=label, zorder=2.5)
    label = "Train data" if len(data_x) else None
    points(ax, "data", data_x, data_y, styles["data"], label=label, zorder=2.2)
    titles(ax, x="x", y="y")
