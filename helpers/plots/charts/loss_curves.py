"""Loss curves: one training, early stopping on one, and the spread of many."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import band, line, mark, points, replacing
from helpers.plots.toolkit.axes import from_zero, limits, titles
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import styles
from helpers.training import History

TRAIN = styles["train"].named("Train loss")
VALID = styles["valid"].named("Valid loss")


def loss_curves(
    ax: Axes,
    history: History,
    pins: Sequence[tuple[str, History]] = (),
    *,
    epochs: int | None = None,
    until: int | None = None,
    room_for: Sequence[History] = (),
) -> None:
    """Train loss and Valid loss against Epoch, the epoch of the lowest valid loss marked.

    `pins` are labelled earlier trainings, drawn paler behind. `epochs` fixes the width of the
    axis while a training streams in. `until` draws the curves only up to that epoch, on the axes
    of the whole training. `room_for` are trainings that are not drawn but would fit as well.
    """
    everything = [history, *(pin for _, pin in pins), *room_for]
    last = epochs or max((h.epoch[-1] for h in everything if h.epoch), default=1)
    losses = [loss for h in everything for loss in (h.train_loss, h.valid_loss)]
    limits(ax, x=(0, last), y=from_zero(*losses))

    seen = len(history.epoch) if until is None else sum(e <= until for e in history.epoch)
    x = history.epoch[:seen]
    line(ax, "train", x, history.train_loss[:seen], TRAIN, label=TRAIN.label)
    line(ax, "valid", x, history.valid_loss[:seen], VALID, label=VALID.label)
    pinned(ax, pins)
    best_epoch(ax, x, history.valid_loss[:seen])
    titles(ax, x="Epoch", y="Loss")
    legend(ax)


def pinned(ax: Axes, pins: Sequence[tuple[str, History]]) -> None:
    """Earlier trainings, paler behind the current one; each is named once, by its valid loss."""
    train, valid = TRAIN.paler(), VALID.paler()
    with replacing(ax, "pin "):
        for i, (label, pin) in enumerate(pins):
            line(ax, f"pin {i} train", pin.epoch, pin.train_loss, train, zorder=1.8)
            line(ax, f"pin {i} valid", pin.epoch, pin.valid_loss, valid, label=label, zorder=1.8)


def best_epoch(ax: Axes, epoch: Sequence[int], valid_loss: Sequence[float]) -> None:
    """Mark the lowest valid loss so far."""
    lowest = min(valid_loss, default=None)
    where = None if lowest is None else epoch[list(valid_loss).index(lowest)]
    mark(ax, "best", where, styles["best"], f"lowest: epoch {where}")
    x, y = ([], []) if where is None else ([where], [lowest])
    points(ax, "best point", x, y, styles["best"], markersize=17, zorder=4)


def bands(
    ax: Axes, histories: Sequence[History], baseline: tuple[str, Sequence[History]] | None = None
) -> None:
    """The median of many trainings of one length, and the range of nine tenths of them.

    `baseline` is a label and as many trainings whose valid loss is drawn for comparison. Without
    trainings, if all diverged, there are no curves.
    """
    label, others = baseline or ("", [])
    groups = [("train", TRAIN, histories), ("valid", VALID, histories)]
    if others:
        groups.insert(0, ("baseline", styles["none"].named(f"Valid, {label}"), others))
    tops = []
    with replacing(ax, "baseline"):
        for name, style, group in groups:
            losses = [h.train_loss if name == "train" else h.valid_loss for h in group]
            epoch = group[0].epoch if group else []
            low, middle, high = np.quantile(losses or [[]], [0.05, 0.5, 0.95], axis=0)
            band(ax, f"{name} band", epoch, low, high, style)
            line(ax, name, epoch, middle, style, label=style.label)
            tops.append(high)
    last = max((group[0].epoch[-1] for _, _, group in groups if group), default=1)
    limits(ax, x=(0, last), y=from_zero(*tops))
    titles(ax, x="Epoch", y=f"Loss ({len(histories)} runs)")
    legend(ax)


def stopped(ax: Axes, history: History, stop: tuple[int, int]) -> None:
    """Early stopping on a whole recorded training; stop = (epoch stopped at, best epoch).

    The epochs that stopping spares are drawn paler on a shaded area.
    """
    stop_epoch, best = stop
    end, spares = history.epoch[-1], stop_epoch < history.epoch[-1]
    bottom, top = from_zero(history.train_loss, history.valid_loss)
    limits(ax, x=(0, end), y=(bottom, top))
    done = sum(e <= stop_epoch for e in history.epoch)
    rest = slice(max(done - 1, 0), None)
    losses = {"train": (TRAIN, history.train_loss), "valid": (VALID, history.valid_loss)}
    for name, (style, loss) in losses.items():
        line(ax, f"spared {name}", history.epoch[rest], loss[rest], style.paler())
        line(ax, name, history.epoch[:done], loss[:done], style, label=style.label)
    best_loss = history.valid_loss[history.epoch.index(best)]
    look = {"markersize": 18, "zorder": 4, "label": f"Lowest: epoch {best}"}
    points(ax, "best point", [best], [best_loss], styles["best"], **look)
    where, text = stop_epoch if spares else None, f"stop: epoch {stop_epoch}"
    mark(ax, "stop", where, styles["early stopping"], text)
    x, low, high = ([stop_epoch, end], [0, 0], [top, top]) if spares else ([], [], [])
    band(ax, "spared", x, low, high, styles["none"], alpha=0.15)
    titles(ax, x="Epoch", y="Loss")
    legend(ax)


def loss_parts(ax: Axes, history: History, *, epochs: int | None = None) -> None:
    """The loss that is trained on, split into its data part and the penalty on top of it."""
    data_loss = np.array(history.train_loss)
    total = data_loss + np.array(history.penalty)
    limits(ax, x=(0, epochs or max(history.epoch, default=1)), y=from_zero(total))
    band(ax, "data part", history.epoch, 0 * data_loss, data_loss, styles["train"])
    look = {"alpha": 0.45, "label": "Penalty"}
    band(ax, "penalty part", history.epoch, data_loss, total, styles["penalty"], **look)
    line(ax, "train", history.epoch, data_loss, TRAIN, label=TRAIN.label)
    line(ax, "total", history.epoch, total, styles["penalty"], label="Sum")
    titles(ax, x="Epoch", y="Loss")
    legend(ax)
