"""One training done in two ways: the curves on each other, and weight against weight."""

from collections.abc import Sequence

import torch
from matplotlib.axes import Axes

from helpers.models import weights
from helpers.plots.toolkit.artists import line, points
from helpers.plots.toolkit.axes import around, from_zero, limits, titles
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import INK, Style, styles
from helpers.training import History

FIRST = {"Train": Style("", "#b5b5b5", width=9.0), "Valid": Style("", "#f3c085", width=9.0)}
SECOND = {"Train": Style("", INK, width=2.0), "Valid": Style("", "#b35c00", width=2.0)}


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
    done = second is not None and len(second.epoch) == len(first.epoch)
    curves(axes[0], first, second, names)
    values = [flat(h) if done else torch.empty(0) for h in (first, second)]
    span = around(*values) if done else (-1.0, 1.0)
    limits(axes[1], x=span, y=span)
    line(axes[1], "diagonal", span, span, styles["truth"], label="same weight")
    points(axes[1], "weights", *values, styles["weight decay"], markersize=4, marker="o",
           alpha=0.5)
    titles(axes[1], x=f"Weight ({names[0]})", y=f"Weight ({names[1]})")
    legend(axes[1])


def curves(ax: Axes, first: History, second: History | None, names: tuple[str, str]) -> None:
    """Train and valid loss of both: the first wide and pale, the second thin and dark."""
    everything = [history for history in (first, second) if history is not None]
    losses = [loss for h in everything for loss in (h.train_loss, h.valid_loss)]
    limits(ax, x=(0, max(h.epoch[-1] for h in everything)), y=from_zero(*losses))
    for looks, history, name in ((FIRST, first, names[0]), (SECOND, second, names[1])):
        for part, style in looks.items():
            epoch = history.epoch if history else None
            loss = getattr(history, f"{part.lower()}_loss") if history else None
            label = f"{part}, {name}" if history else None
            line(ax, f"{part} {name}", epoch, loss, style, label=label)
    titles(ax, x="Epoch", y="Loss")
    legend(ax)


def flat(history: History) -> torch.Tensor:
    """All weights of the trained model in one row, without the biases."""
    return torch.cat([w.detach().flatten() for w in weights(history.model)])
