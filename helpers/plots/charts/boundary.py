"""Two-dimensional classification: the regions a model decides for, and the points."""

from collections.abc import Callable

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from torch import Tensor

from helpers.data import Dataset
from helpers.plots.toolkit.artists import contours, image, numbers, points
from helpers.plots.toolkit.axes import around, same_units, titles
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import RING, styles

CLASSES = (styles["class 0"], styles["class 1"])


def boundary(
    ax: Axes, predict: Callable[[Tensor], Tensor], data: Dataset, *, resolution: int = 120
) -> None:
    """Decision regions of two classes under the training points; relabelled points are ringed.

    `predict` takes x (n, 2) and returns (n,): the probability of class 1, or the class.
    """
    x, y = numbers(data.x_train), numbers(data.y_train).ravel()
    for k, style in enumerate(CLASSES):
        look = {"label": style.label, "marker": "os"[k], "markeredgecolor": "white"}
        points(ax, f"class {k}", x[y == k, 0], x[y == k, 1], style, **look)
    wrong = numbers(data.flipped).astype(bool) if len(data.flipped) else np.zeros(len(x), bool)
    label = "Wrong label" if wrong.any() else None
    ring = RING | {"markersize": 16, "label": label}
    points(ax, "flipped", x[wrong, 0], x[wrong, 1], styles["data"], **ring)
    titles(ax, x="x₁", y="x₂")
    legend(ax)

    same_units(ax, around(x[:, 0]), around(x[:, 1]))
    across, up = (np.linspace(*ends, resolution) for ends in (ax.get_xlim(), ax.get_ylim()))
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    with torch.no_grad():
        share = numbers(predict(torch.as_tensor(grid, dtype=data.x_train.dtype)))
    share = share.reshape(resolution, resolution)
    extent = (*ax.get_xlim(), *ax.get_ylim())
    image(ax, "regions", blend(share[::-1]), extent, interpolation="bilinear")
    contours(ax, "boundary", across, up, share, [0.5], styles["train"], zorder=1.5)


def blend(share: np.ndarray) -> np.ndarray:
    """Pale RGB between the colours of class 0 (share 0) and class 1 (share 1)."""
    zero, one = (np.array(to_rgb(style.color)) for style in CLASSES)
    mixed = zero + np.clip(share, 0, 1)[..., None] * (one - zero)
    return 1 - 0.3 * (1 - mixed)
