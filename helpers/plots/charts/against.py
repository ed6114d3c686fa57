"""Results against a setting: the U over α, p or degree."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from helpers.plots.toolkit.artists import band, line, mark, numbers, points, replacing, segments
from helpers.plots.toolkit.axes import (
    WIDEST_TICK,
    around,
    axes_inches,
    finite,
    fitting,
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
    room_for: Any = (),
) -> None:
    """Curves against a setting x, e.g. {"train": y, "valid": (low, middle, high)}.

    A name of the style dictionary brings its look. On a logarithmic axis an exact 0 in x is
    shown at the left under its own tick, apart from the curve. The lowest (or `highest`)
    point of the curve called `best` is starred; `now` is marked by a vertical line. A single
    curve needs no legend if the axis names it: then `named` is False. The y axis also has
    `room_for` these values, so that it holds still while curves grow.
    """
    x = numbers(x)
    place = setting_axis(ax, x, log)
    ranges = {name: low_middle_high(y) for name, y in curves.items()}
    everything = finite(*ranges.values(), room_for)
    limits(ax, y=(around if everything.min(initial=0) < 0 else from_zero)(everything))

    apart = (x == 0) & log
    with replacing(ax, "curve "):
        for i, (name, values) in enumerate(ranges.items()):
            curve(ax, f"curve {name}", place(x), apart, values, style_of(name, i), named)
    label = "Highest" if highest else "Lowest"
    if best == "valid" and axes_inches(ax)[0] > 4:  # a narrow legend has no room
        label += " valid loss" if "loss" in ylabel.lower() else " valid"
    star(ax, place(x), ranges[best][1] if best in ranges else None, highest, label)
    here = None if now is None else float(place(numbers(now)))
    mark(ax, "now", here, styles["now"], label=None if now is None or not named else "Now")
    titles(ax, x=xlabel, y=ylabel)
    legend(ax)


def low_middle_high(y: Any) -> np.ndarray:
    """(3, len(y)); where a curve has no spread the three are the same."""
    return np.array([numbers(part) for part in (y if isinstance(y, tuple) else (y, y, y))])


def setting_axis(ax: Axes, x: np.ndarray, log: bool) -> Callable[[np.ndarray], np.ndarray]:
    """Set up the axis of a setting; returns the function from a value to its place on it."""
    if not log:
        room = 0.03 * (x.max() - x.min())
        limits(ax, x=(x.min() - room, x.max() + room))
        return lambda values: values
    low, high = x[x > 0].min(), x.max()
    zero = low / (high / low) ** 0.12
    ticks = fitting(ax, powers_of_ten(low / 1.01, high * 1.01))
    if (x == 0).any():
        decades_wide = math.log10(high / zero * 1.3**2)
        apart = math.log10(ticks[0] / zero) / decades_wide * axes_inches(ax)[0]
        if apart < 0.7 * WIDEST_TICK:  # the name of a 0 is short
            ticks = ticks[1:]
        names = ["0", *map(plain, ticks)]
        logarithmic(ax, "x", zero / 1.3, high * 1.3, [zero, *ticks], names)
    else:
        logarithmic(ax, "x", low / 1.3, high * 1.3, ticks)
    return lambda values: np.where(values > 0, values, zero)


def curve(
    ax: Axes,
    name: str,
    x: np.ndarray,
    apart: np.ndarray,
    values: np.ndarray,
    style: Style,
    named: bool,
) -> None:
    """One curve with its spread, values (3, len(x)); the points `apart` are not joined to it."""
    low, middle, high = values
    joined = ~apart
    marker = style.marker if len(x) <= 40 else ""
    if (high > low).any():
        band(ax, f"{name} band", x[joined], low[joined], high[joined], style)
        ends = np.column_stack([x, low, x, high])[apart].reshape(-1, 2, 2)
        segments(ax, f"{name} spread at 0", ends, style, linewidth=9, alpha=0.22)
    label = style.label if named else None
    line(ax, name, x[joined], middle[joined], style, label=label, marker=marker, markersize=9)
    if apart.any():
        points(ax, f"{name} at 0", x[apart], middle[apart], style, marker=marker)


def star(ax: Axes, x: np.ndarray, y: np.ndarray | None, highest: bool, label: str) -> None:
    """Star and name the lowest or highest point of a curve."""
    if y is None or not np.isfinite(y).any():
        points(ax, "best", None, None, styles["best"])
        return
    i = int(np.nanargmax(y) if highest else np.nanargmin(y))
    points(ax, "best", x[[i]], y[[i]], styles["best"], label=label, markersize=20, zorder=4)
