"""Learning rates over the epochs, as the steps they are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import line, numbers, replacing
from helpers.plots.toolkit.axes import decades, limits, logarithmic, titles
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import style_of


def schedule(ax: Axes, rates: Mapping[str, Any], *, epochs: int | None = None) -> None:
    """The learning rate of every epoch, constant within it, e.g. {"StepLR": [0.1, 0.1, 0.01]}.

    Where rates agree, the later ones lie as thinner lines on the earlier. `epochs` fixes the
    width of the axis while a training streams in.
    """
    known = {name: numbers(values) for name, values in rates.items()}
    low, high = decades(*known.values())
    logarithmic(ax, "y", low / 1.3, high * 1.3)
    limits(ax, x=(0, epochs or max(map(len, known.values()), default=1)))
    with replacing(ax, "rate "):
        for i, (name, y) in enumerate(known.items()):
            style = style_of(name, i)
            # The rate of epoch 1 holds from 0 to 1, the last one to the end.
            x, y = np.arange(len(y) + 1), np.r_[y, y[-1:]]
            look = {"drawstyle": "steps-post", "linewidth": 3 + 3 * (len(known) - 1 - i)}
            look |= {"linestyle": "-", "solid_capstyle": "butt", "label": style.label}
            line(ax, f"rate {name}", x[: len(y)], y, style, **look)
    titles(ax, x="Epoch", y="Learning rate")
    legend(ax)
