"""Weights: histograms with exact zeros shown, the two penalties, sparse coefficients."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import (
    line,
    mark,
    note,
    numbers,
    points,
    replacing,
    segments,
    steps,
)
from helpers.plots.toolkit.axes import (
    around,
    decades,
    fitting,
    from_zero,
    limits,
    logarithmic,
    powers_of_ten,
    rung,
    titles,
)
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import RING, Style, style_of, styles

L1, L2 = styles["L1"], styles["L2"]


def flat(weights: Any) -> np.ndarray:
    """One array of all weights of a list of matrices, or of a single one."""
    matrices = weights if isinstance(weights, list | tuple) else [weights]
    return np.concatenate([numbers(w).ravel() for w in matrices])


def weight_histogram(
    ax: Axes,
    groups: Mapping[str, Any],
    *,
    bins: int = 41,
    reach: float | None = None,
    top: float | None = None,
    log: bool = False,
) -> None:
    """Histograms of weights, e.g. {"L1": weights(model)}; those exactly 0 have a bar of their own.

    That bar is solid, and its share of all weights stands on it. `reach` fixes the horizontal
    axis at ±reach and `top` the other at that share, for histograms that are to be compared;
    `log` shows counts on a logarithmic axis instead, for the few weights far out; the same axes
    must keep to one of the two.
    """
    values = {name: flat(weights) for name, weights in groups.items()}
    reach = reach or rung(max(np.abs(v).max(initial=1e-3) for v in values.values()))
    edges = np.linspace(-reach, reach, bins + 1)
    floor = 0.1 if log else 0.0
    limits(ax, x=(-reach, reach))

    highest = 0.0
    with replacing(ax, "group "):
        for i, (name, v) in enumerate(values.items()):
            style, zeros, unit = style_of(name, i), int((v == 0).sum()), 1 if log else len(v)
            label = style.label if zeros else f"{style.label}: no weight exactly 0"
            counts = np.maximum(np.histogram(v[v != 0], edges)[0] / unit, floor)
            look = {"facecolor": (style.color, 0.3), "linestyle": style.line, "linewidth": 2.5}
            steps(ax, f"group {name}", counts, edges, style, label=label, **look)
            here = max(zeros / unit, floor)
            side = reach / bins
            solid = {"facecolor": style.color, "visible": zeros > 0, "zorder": 2.5}
            steps(ax, f"group {name} 0", [here], [-side, side], style, **solid)
            at, text = 1.5 * side if zeros else None, f"{percent(zeros, len(v))} exactly 0"
            note(ax, f"group {name} share", at, here, text, color=style.color, va="center")
            highest = max(highest, here, counts.max())
    if log:
        logarithmic(ax, "y", 0.7, 1.8 * max(map(len, values.values())))
    else:
        limits(ax, y=(0, top) if top else from_zero(1.04 * highest))
    titles(ax, x="Weight", y="Count" if log else "Share of weights")
    legend(ax)


def percent(part: int, whole: int) -> str:
    """A share in percent that is 0% or 100% only if it is exactly so."""
    share = part / whole
    return f"{share:.0%}" if 0.01 <= share <= 0.99 or share in (0, 1) else f"{share:.1%}"


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
    weights: Any,
    *,
    useful: Sequence[int] = (),
    now: float | None = None,
    style: Style = L1,
    reach: float | None = None,
) -> None:
    """Weights (len(alphas), features) against α; those at the `useful` indices stand out.

    A weight that becomes exactly 0 ends in a ring there. `reach` fixes the vertical axis at
    ±reach, for paths that are to be compared, e.g. of L1 and L2 on two axes.
    """
    alphas, weights = numbers(alphas), numbers(weights)
    alphas, weights = alphas[alphas > 0], weights[alphas > 0]
    low, high = decades(alphas)
    logarithmic(ax, "x", low, high, fitting(ax, powers_of_ten(low, high)))
    limits(ax, y=(-reach, reach) if reach else around(weights, 0.0))
    line(ax, "zero", ax.get_xlim(), (0, 0), styles["train"], linewidth=1.5, zorder=1.5)
    zero = weights == 0
    stays = zero & np.vstack([zero[:1], zero[:-1]])  # 0 and not just become so
    shown = np.where(stays, np.nan, weights).T
    pieces = [np.column_stack([alphas, column]) for column in shown]
    chosen = [piece for i, piece in enumerate(pieces) if i in useful]
    others = [piece for i, piece in enumerate(pieces) if i not in useful]
    label = "Other" if chosen and others else None
    segments(ax, "other", others, styles["none"], linewidth=1.2, label=label)
    label = f"{style.label}, useful" if chosen else None
    segments(ax, "useful", chosen, style, linewidth=style.width, label=label)
    row, feature = np.nonzero(zero & ~stays)
    for name, picked, look in (
        ("other", ~np.isin(feature, useful), styles["none"]),
        ("useful", np.isin(feature, useful), style),
    ):
        ring = {"marker": "o", "markerfacecolor": "white", "markeredgewidth": 2.5, "zorder": 4}
        ring["label"] = "Exactly 0" if name == "useful" and len(row) else None
        ring["markersize"] = 11 if name == "useful" else 7
        points(ax, f"{name} 0", alphas[row[picked]], 0 * row[picked], look, **ring)
    mark(ax, "now", now, styles["now"])
    titles(ax, x="α", y="Weight")
    legend(ax)
