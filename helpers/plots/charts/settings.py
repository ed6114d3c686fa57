"""Results against a setting: the U over α, p or degree, and coefficient paths."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import band, forget, line, mark, numbers, points, segments
from helpers.plots.toolkit.axes import (
    around,
    decades,
    from_zero,
    limits,
    logarithmic,
    powers_of_ten,
    titles,
)
from helpers.plots.toolkit.canvas import plain
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import Style, style_of, styles


def against(
    ax: Axes,
    x: Any,
    curves: Mapping[str, Any],
    *,
    now: float | None = None,
    log: bool = True,
    best: str | None = "valid",
    highest: bool = False,
    xlabel: str = "α",
    ylabel: str = "Loss",
    named: bool = True,
) -> None:
    """Curves against a setting, e.g. {"train": y, "valid": (low, middle, high)}.

    A name of the style dictionary brings its look. On a logarithmic axis an exact 0 in x is
    shown at the left under its own tick, apart from the curve. The lowest (or `highest`)
    point of the curve called `best` is starred; `now` is marked by a vertical line. A single
    curve needs no legend if the axis names it: then `named` is False.
    """
    x = numbers(x)
    place = setting_axis(ax, x, log)
    triples = {name: triple(y) for name, y in curves.items()}
    everything = np.concatenate([np.ravel(t) for t in triples.values()])
    limits(ax, y=around(everything) if np.nanmin(everything) < 0 else from_zero(everything))

    forget(ax, "curve ", keep=[f"curve {name}{part}" for name in curves for part in PARTS])
    for i, (name, (low, middle, high)) in enumerate(triples.items()):
        curve(ax, f"curve {name}", place(x), x == 0 if log else x != x, low, middle, high,
              style_of(name, i), named)
    star(ax, place(x), triples[best][1] if best in triples else None, highest)
    here = None if now is None else float(place(numbers([now]))[0])
    mark(ax, "now", here, styles["now"], label=None if now is None or not named else "Now")
    titles(ax, x=xlabel, y=ylabel)
    legend(ax)


PARTS = ("", " band", " at 0")


def triple(y: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(low, middle, high) of a curve that may have no spread."""
    low, middle, high = y if isinstance(y, tuple) else (y, y, y)
    return numbers(low), numbers(middle), numbers(high)


def setting_axis(ax: Axes, x: np.ndarray, log: bool) -> Any:
    """Set up the axis of a setting; returns where on it a value is drawn."""
    if not log:
        room = 0.03 * (x.max() - x.min())
        limits(ax, x=(x.min() - room, x.max() + room))
        return lambda values: values
    low, high = x[x > 0].min(), x.max()
    zero = low / (high / low) ** 0.12
    has_zero = bool((x == 0).any())
    ticks = powers_of_ten(low / 1.01, high * 1.01)
    while len(ticks) > 3 and len(ticks) > inches_wide(ax) / 0.65:
        ticks = ticks[::-2][::-1]  # from the right, for a 0 may stand close to the left end
    places, names = ([zero, *ticks], ["0", *map(plain, ticks)]) if has_zero else (ticks, None)
    logarithmic(ax, "x", (zero if has_zero else low) / 1.3, high * 1.3, places, names)
    return lambda values: np.where(values > 0, values, zero)


def inches_wide(ax: Axes) -> float:
    # The original position: asking for the active one makes the whole figure stale.
    return ax.get_position(original=True).width * ax.figure.get_figwidth()


def curve(
    ax: Axes, name: str, x: np.ndarray, apart: np.ndarray, low: Any, middle: Any, high: Any,
    style: Style, named: bool = True,
) -> None:
    """One curve with its spread; the points `apart` are not joined to it."""
    few = len(x) <= 40
    joined = ~apart
    look = {"marker": style.marker if few else "", "markersize": 9}
    band(ax, f"{name} band", x[joined], low[joined], high[joined], style,
         visible=bool((high > low).any()))
    line(ax, name, x[joined], middle[joined], style,
         label=style.label if named else None, **look)
    line(ax, f"{name} at 0", x[apart], middle[apart], style, **look, linestyle="")


def star(ax: Axes, x: np.ndarray, y: np.ndarray | None, highest: bool) -> None:
    """Star the lowest or highest point of a curve."""
    if y is None or not np.isfinite(y).any():
        points(ax, "best", None, None, styles["best"])
        return
    i = int(np.nanargmax(y) if highest else np.nanargmin(y))
    points(ax, "best", x[[i]], y[[i]], styles["best"], label="Best", markersize=20, zorder=4)


def paths(
    ax: Axes,
    alphas: Any,
    coefficients: Any,
    *,
    useful: Sequence[int] = (),
    now: float | None = None,
    style: Style = styles["L1"],
) -> None:
    """Coefficients (len(alphas), features) against α; those at the `useful` indices stand out."""
    alphas, coefficients = numbers(alphas), numbers(coefficients)
    low, high = decades(alphas)
    logarithmic(ax, "x", low, high)
    limits(ax, y=around(coefficients))
    chosen = np.isin(np.arange(coefficients.shape[1]), numbers(useful))
    for name, columns, look, width in (
        ("other", coefficients[:, ~chosen], styles["none"], 1.2),
        ("useful", coefficients[:, chosen], style, style.width),
    ):
        pieces = [np.column_stack([alphas, column]) for column in columns.T]
        label = {"other": "Other" if len(useful) else None, "useful": "Useful"}[name]
        segments(ax, name, pieces, look, linewidth=width, label=label if len(pieces) else None)
    mark(ax, "now", now, styles["now"], label=None if now is None else "Now")
    titles(ax, x="α", y="Coefficient")
    legend(ax)
