"""Weights: histograms with exact zeros shown, the two penalties, sparse coefficients."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import line, mark, numbers, points, replacing, segments, steps
from helpers.plots.toolkit.axes import around, decades, limits, logarithmic, rung, titles
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import RING, Style, style_of, styles

L1, L2 = styles["L1"], styles["L2"]


def flat(weights: Any) -> np.ndarray:
    """One array of all weights of a list of matrices, or of a single one."""
    matrices = weights if isinstance(weights, list | tuple) else [weights]
    return np.concatenate([numbers(w).ravel() for w in matrices])


def weight_histogram(
    ax: Axes, groups: Mapping[str, Any], *, bins: int = 41, reach: float | None = None
) -> None:
    """Histograms of weights, e.g. {"L1": weights(model)}, counts on a logarithmic axis.

    Weights that are exactly 0 stand as a spike on top of a point, and their share is named.
    `reach` fixes the axis at ±reach, for histograms that are to be compared.
    """
    values = {name: flat(weights) for name, weights in groups.items()}
    reach = reach or rung(max(np.abs(v).max(initial=1e-3) for v in values.values()))
    edges = np.linspace(-reach, reach, bins + 1)
    limits(ax, x=(-reach, reach))
    logarithmic(ax, "y", 0.7, 1.8 * max(map(len, values.values())))  # room for a point on top

    with replacing(ax, "group "):
        for i, (name, v) in enumerate(values.items()):
            style, zeros = style_of(name, i), int((v == 0).sum())
            counts = np.maximum(np.histogram(v[v != 0], edges)[0], 0.1)
            look = {"facecolor": (style.color, 0.3), "linestyle": style.line, "linewidth": 2.5}
            look["label"] = f"{style.label}: {zeros / len(v):.0%} exactly 0"
            steps(ax, f"group {name}", counts, edges, style, **look)
            x, y, top = ([0, 0], [0.1, zeros], [zeros]) if zeros else ([], [], [])
            line(ax, f"group {name} 0", x, y, style, linestyle="-", linewidth=5)
            points(ax, f"group {name} top", x[:1], top, style, markersize=13)
    titles(ax, x="Weight", y="Count")
    legend(ax)


def penalty_and_slope(left: Axes, right: Axes, *, at: float | None = None) -> None:
    """|w| and w² on the left, their slopes on the right; `at` marks one weight on all four."""
    w = np.linspace(-2, 2, 201)
    for ax, y in ((left, (-0.25, 4.0)), (right, (-4.2, 4.2))):
        limits(ax, x=(-2, 2), y=y)
    line(left, "L1", w, np.abs(w), L1, label="L1: |w|")
    line(left, "L2", w, w**2, L2, label="L2: w²")
    broken = np.where(w == 0, np.nan, np.sign(w))
    line(right, "L1", w, broken, L1, label="L1: ±1")
    line(right, "L2", w, 2 * w, L2, label="L2: 2w")
    here = numbers([] if at is None else [at])
    for ax, one, two in ((left, np.abs(here), here**2), (right, np.sign(here), 2 * here)):
        points(ax, "at L1", here, one, L1, markersize=14)
        points(ax, "at L2", here, two, L2, markersize=14)
    titles(left, x="Weight w", y="Penalty")
    titles(right, x="Weight w", y="Slope")
    legend(left)
    legend(right)


def stems(ax: Axes, truth: Any, estimate: Any, style: Style = L1) -> None:
    """True coefficients as rings, estimated ones as stems; an estimate of exactly 0 has none."""
    truth, estimate = numbers(truth).ravel(), numbers(estimate).ravel()
    limits(ax, x=(-1, len(truth)), y=around(truth))
    kept, useful = np.flatnonzero(estimate), np.flatnonzero(truth)
    segments(ax, "stems", [[(i, 0.0), (i, estimate[i])] for i in kept], style, linewidth=2.5)
    label = f"{style.label}: {len(kept)} of {len(truth)} not 0"
    points(ax, "estimate", kept, estimate[kept], style, markersize=8, label=label)
    ring = RING | {"label": "Truth", "markersize": 15}
    points(ax, "truth", useful, truth[useful], styles["data"], **ring)
    titles(ax, x="Feature", y="Coefficient")
    legend(ax)


def paths(
    ax: Axes,
    alphas: Any,
    coefficients: Any,
    *,
    useful: Sequence[int] = (),
    now: float | None = None,
    style: Style = L1,
) -> None:
    """Coefficients (len(alphas), features) against α; those at the `useful` indices stand out."""
    alphas, coefficients = numbers(alphas), numbers(coefficients)
    logarithmic(ax, "x", *decades(alphas))
    limits(ax, y=around(coefficients))
    pieces = [np.column_stack([alphas, column]) for column in coefficients.T]
    chosen = [piece for i, piece in enumerate(pieces) if i in useful]
    others = [piece for i, piece in enumerate(pieces) if i not in useful]
    label = "Other" if chosen and others else None
    segments(ax, "other", others, styles["none"], linewidth=1.2, label=label)
    label = "Useful" if chosen else None
    segments(ax, "useful", chosen, style, linewidth=style.width, label=label)
    mark(ax, "now", now, styles["now"], label=None if now is None else "Now")
    titles(ax, x="α", y="Coefficient")
    legend(ax)
