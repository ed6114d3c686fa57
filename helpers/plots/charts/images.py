"""Small images with their labels, wrong labels flagged."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import image, note, numbers, replacing
from helpers.plots.toolkit.axes import bare, same_units
from helpers.plots.toolkit.style import styles

GAP, CAPTION = 0.25, 0.45  # shares of one image's side


def images(ax: Axes, x: Any, labels: Any, truth: Any = None, *, cols: int = 10) -> None:
    """Rows of square images x (n, side²) over their labels.

    A label that differs from `truth` is coloured and followed by the true one: 3 (8).
    """
    x, labels = numbers(x), numbers(labels).astype(int)
    truth = labels if truth is None else numbers(truth).astype(int)
    side = int(np.sqrt(x.shape[1]))
    rows = -(-len(x) // cols)
    bare(ax)
    width, height = cols * (1 + GAP) - GAP, rows * (1 + CAPTION + GAP) - GAP
    same_units(ax, (0, width), (-height, 0))

    look = {"cmap": "gray_r", "interpolation": "nearest", "clim": (0, max(x.max(), 1e-9))}
    flag = {"color": styles["wrong labels"].color, "fontweight": "bold"}
    with replacing(ax, "image "):
        for i, pixels in enumerate(x.reshape(-1, side, side)):
            left, top = (i % cols) * (1 + GAP), -(i // cols) * (1 + CAPTION + GAP)
            image(ax, f"image {i}", pixels, (left, left + 1, top - 1, top), **look)
            wrong = labels[i] != truth[i]
            text = f"{labels[i]} ({truth[i]})" if wrong else f"{labels[i]}"
            props = {"fontweight": "normal", "ha": "center"} | (flag if wrong else {})
            note(ax, f"image {i} label", left + 0.5, top - 1.06, text, **props)
