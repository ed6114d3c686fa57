"""Gradient descent on a quadratic of two weights beside the solutions under an L2 penalty."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import contours, line, numbers, points
from helpers.plots.toolkit.axes import around, same_units, titles
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import styles

DESCENT, L2 = styles["early stopping"], styles["L2"]


def two_paths(
    ax: Axes,
    hessian: Any,
    minimum: Any,
    descent: Any,
    penalised: Any,
    *,
    labels: tuple[str, str] = ("t steps", "L2, λ = 1/(γt)"),
) -> None:
    """Contours of the quadratic, both paths (n, 2) from the start on, their ends marked.

    hessian (2, 2), minimum (2,); `labels` name the descent and the penalised path. One unit is
    as long on either axis, so descent crosses the contours at right angles. The limits come from
    start and minimum alone, so they hold still while the paths grow.
    """
    hessian, minimum, descent, penalised = map(numbers, (hessian, minimum, descent, penalised))
    look = {"markersize": 12, "label": styles["minimiser"].label}
    points(ax, "minimum", minimum[:1], minimum[1:], styles["minimiser"], **look)
    curves = {"penalised": (penalised, L2, labels[1]), "descent": (descent, DESCENT, labels[0])}
    for name, (path, style, label) in curves.items():
        line(ax, name, path[:, 0], path[:, 1], style, label=label)
        points(ax, f"{name} end", path[-1:, 0], path[-1:, 1], style, markersize=15, zorder=4)
    titles(ax, x="W₁", y="W₂")
    legend(ax)

    same_units(ax, *(around(descent[0, i], 1.25 * minimum[i]) for i in (0, 1)))
    x, y = (np.linspace(*span, 160) for span in (ax.get_xlim(), ax.get_ylim()))
    away = np.stack(np.meshgrid(x, y), axis=-1) - minimum
    z = np.einsum("...i,ij,...j", away, hessian, away) / 2
    levels = z.min() + (z.max() - z.min()) * np.linspace(0.05, 0.95, 9) ** 2
    contours(ax, "contours", x, y, z, levels, styles["contours"], zorder=1.2)
