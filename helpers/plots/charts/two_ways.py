"""One training done in two ways: the curves on each other, and weight against weight."""

from collections.abc import Sequence
from dataclasses import replace

from matplotlib.axes import Axes

from helpers.models import weights
from helpers.plots.charts.weights import flat
from helpers.plots.toolkit.artists import line, points
from helpers.plots.toolkit.axes import around, from_zero, limits, titles
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import styles
from helpers.training import History

LOSSES = {"Train": styles["train"], "Valid": styles["valid"]}
FIRST = {part: replace(style.paler(), line="-", width=9.0) for part, style in LOSSES.items()}
SECOND = {part: replace(style, line="-", width=2.0) for part, style in LOSSES.items()}


def two_ways(
    axes: Sequence[Axes],
    pair: tuple[History, History | None],
    names: tuple[str, str] = ("L2", "decay"),
) -> None:
    """Two trainings on two axes: where they are the same, the thin lines lie on the wide ones.

    Left the loss curves, right every weight of one against the same weight of the other; points
    off the diagonal are weights that differ. The second training may still be on its way (or
    None): then the weights are left out.
    """
    first, second = pair
    left, right = axes
    curves(left, first, second, names)
    if second is not None and len(second.epoch) == len(first.epoch):
        one, other = (flat(weights(history.model)) for history in (first, second))
        span = around(one, other)
    else:
        one, other, span = None, None, (-1.0, 1.0)
    limits(right, x=span, y=span)
    line(right, "diagonal", span, span, styles["truth"], label="same weight")
    look = {"markersize": 4, "marker": "o", "alpha": 0.5}
    points(right, "weights", one, other, styles["weight decay"], **look)
    titles(right, x=f"Weight ({names[0]})", y=f"Weight ({names[1]})")
    legend(right)


def curves(ax: Axes, first: History, second: History | None, names: tuple[str, str]) -> None:
    """Train and valid loss of both: the first wide and pale, the second thin and dark."""
    everything = [history for history in (first, second) if history is not None]
    losses = [loss for h in everything for loss in (h.train_loss, h.valid_loss)]
    limits(ax, x=(0, max(h.epoch[-1] for h in everything)), y=from_zero(*losses))
    for looks, history, name in ((FIRST, first, names[0]), (SECOND, second, names[1])):
        for part, style in looks.items():
            if history is None:
                line(ax, f"{part} {name}", None, None, style)
            else:
                loss = history.train_loss if part == "Train" else history.valid_loss
                line(ax, f"{part} {name}", history.epoch, loss, style, label=f"{part}, {name}")
    titles(ax, x="Epoch", y="Loss")
    legend(ax)
