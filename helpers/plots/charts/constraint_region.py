"""Two weights: contours of the loss, the region of the constraint, and where it leads."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import arrow, contours, line, note, numbers, points, polygon
from helpers.plots.toolkit.axes import rung, same_units, titles
from helpers.plots.toolkit.canvas import plain
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import styles

CORNERS = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], dtype=float)


def constraint_region(
    ax: Axes,
    loss: Callable[[np.ndarray, np.ndarray], np.ndarray],
    kind: Literal["L1", "L2"],
    s: float,
    *,
    minimiser: Any,
    solution: Any,
    path: Any = None,
    reach: float | None = None,
) -> None:
    """Contours of loss(W₁, W₂) and the region |W₁| + |W₂| ≤ s (L1) or W₁² + W₂² ≤ s (L2).

    A pink arrow leads from 0 to the minimiser of the loss, an ochre one to the constrained
    solution, both computed by the caller; `path` (n, 2) are solutions for other s. The axes
    show at least −0.6 reach to reach on both.
    """
    minimiser, solution = numbers(minimiser).ravel(), numbers(solution).ravel()
    style = styles[kind]
    polygon(ax, "region", outline(kind, s), style, alpha=0.3)
    text = f"{'|W₁| + |W₂|' if kind == 'L1' else 'W₁² + W₂²'} ≤ {plain(s)}"
    look = {"color": style.color, "ha": "right", "va": "bottom", "backgroundcolor": "white"}
    note(ax, "constraint", 0.96, 0.04, text, transform=ax.transAxes, **look)
    x, y = numbers(path).reshape(-1, 2).T
    line(ax, "path", x, y, styles["truth"], zorder=2.4, linestyle=":")
    for name, end in (("minimiser", minimiser), ("constraint solution", solution)):
        style = styles[name]
        arrow(ax, f"{name} arrow", (0, 0), end, style, zorder=3, mutation_scale=18)
        dot = {"label": style.label, "markersize": 12, "zorder": 2.9}
        points(ax, name, end[:1], end[1:], style, **dot)
    titles(ax, x="W₁", y="W₂")
    legend(ax)

    reach = reach or rung(1.3 * np.abs(minimiser).max())
    same_units(ax, (-0.6 * reach, reach), (-0.6 * reach, reach))
    loss_contours(ax, loss, minimiser, solution)


def outline(kind: str, s: float) -> np.ndarray:
    """The border of the region: a diamond of half-diagonal s, or a circle of radius √s."""
    if kind == "L1":
        return s * CORNERS
    angle = np.linspace(0, 2 * np.pi, 121)
    return np.sqrt(s) * np.column_stack([np.cos(angle), np.sin(angle)])


def loss_contours(ax: Axes, loss: Callable, minimiser: np.ndarray, solution: np.ndarray) -> None:
    """Contours spaced evenly in the root of the loss, and the one through the solution."""
    x, y = np.linspace(*ax.get_xlim(), 120), np.linspace(*ax.get_ylim(), 120)
    z = numbers(loss(*np.meshgrid(x, y)))
    low, high = float(loss(*minimiser)), float(z.max())
    levels = low + (high - low) * np.linspace(0.06, 0.9, 9) ** 2
    contours(ax, "contours", x, y, z, levels, styles["contours"], zorder=1.2)
    touching, look = [float(loss(*solution))], {"linewidth": 2.5, "zorder": 2.2}
    contours(ax, "touching", x, y, z, touching, styles["constraint solution"], **look)
