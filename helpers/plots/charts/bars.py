"""Bars: counts against the binomial distribution, and methods side by side."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import line, mark, note, numbers, replacing, steps
from helpers.plots.toolkit.axes import axes_inches, fixed_ticks, from_zero, limits, titles
from helpers.plots.toolkit.canvas import plain
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import TEXT, style_of, styles


def binomial_bars(ax: Axes, counts: Any, n: int, p: float) -> None:
    """How often each count of n came up, as bars, and Binomial(n, p) as a line over them."""
    counts = numbers(counts).ravel()
    sd = math.sqrt(n * p * (1 - p))
    bin_width = max(1, round(sd / 4))
    low = max(0, int(n * p - 4.5 * sd)) // bin_width * bin_width
    edges = np.arange(low, min(n, n * p + 4.5 * sd) + bin_width + 1, bin_width) - 0.5
    measured = np.histogram(counts, edges)[0] / len(counts)
    bins = [range(math.ceil(a), math.ceil(b)) for a, b in pairwise(edges)]
    expected = [sum(binomial(k, n, p) for k in ks) for ks in bins]
    middles = (edges[:-1] + edges[1:]) / 2
    limits(ax, x=(edges[0], edges[-1]), y=from_zero(1.12 * measured, expected))
    drawn = f"Measured, {len(counts):,} draws"
    steps(ax, "measured", measured, edges, styles["dropout"], label=drawn)
    formula = f"Binomial({n}, {plain(p)})"
    line(ax, "expected", middles, expected, styles["train"], marker="s", label=formula)
    mark(ax, "mean", n * p, styles["now"], f"N×p = {plain(n * p)}")
    titles(ax, x="Neurons off", y="Share of draws")
    legend(ax)


def binomial(k: int, n: int, p: float) -> float:
    """P(K = k) for K ~ Binomial(n, p), by logarithms so that n may be large."""
    if not 0 <= k <= n:
        return 0.0
    if p in (0.0, 1.0):
        return float(k == n * p)
    choose = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(choose + k * math.log(p) + (n - k) * math.log1p(-p))


def bars(
    ax: Axes, names: Sequence[str], means: Any, sds: Any = None, *, ylabel: str = "Test accuracy"
) -> None:
    """One bar for each method from 0 to its mean, which it names, ± one standard deviation."""
    means = numbers(means)
    sds = np.zeros(len(means)) if sds is None else numbers(sds)
    limits(ax, x=(-0.6, len(names) - 0.4), y=from_zero(means + sds))
    row = ax.get_ylim()[1] * TEXT / 72 / axes_inches(ax)[1]  # the height of a text
    cap = {"marker": "_", "markersize": 12, "markeredgewidth": 2.5}
    looks = [style_of(name, i) for i, name in enumerate(names)]
    with replacing(ax, "bar "):
        for i, (style, mean, sd) in enumerate(zip(looks, means, sds, strict=True)):
            steps(ax, f"bar {i}", [mean], [i - 0.36, i + 0.36], style, linewidth=2)
            x, ends = ([i + 0.24] * 2, [mean - sd, mean + sd]) if sd > 0 else ([], [])
            line(ax, f"bar {i} sd", x, ends, styles["train"], **cap)
            # Under the bar's top, or over it if the bar is lower than the text.
            side, y = (
                ("top", mean - 0.3 * row) if mean > 1.8 * row else ("bottom", mean + 0.1 * row)
            )
            at = i - 0.08 if sd > 0 else i
            note(ax, f"bar {i} mean", at, y, f"{mean:.2f}", ha="center", va=side)
    fixed_ticks(ax, "x", range(len(names)), [look.label.replace(" ", "\n") for look in looks])
    titles(ax, y=ylabel)
