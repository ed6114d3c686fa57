"""Axis limits that hold still while the numbers move, ticks and labels.

Limits depend on the given data only and are rounded to a coarse ladder, so that a stream of
frames rarely changes them and the same data always gives the same axes.
"""

import math
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from helpers.plots.toolkit.artists import numbers

LADDER = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)

WIDEST_TICK = 0.75  # inches, of the name of a tick such as 0.0001

ticks_of: WeakKeyDictionary[Axis, tuple] = WeakKeyDictionary()  # as set last by fixed_ticks


def finite(*values: Any) -> np.ndarray:
    """All finite numbers of several lists, arrays or tensors."""
    together = np.concatenate([numbers(v).ravel() for v in values] or [np.empty(0)])
    return together[np.isfinite(together)]


def rung(value: float) -> float:
    """The smallest number of the ladder, in any decade, that is not below a positive value."""
    decade = 10.0 ** math.floor(math.log10(value))
    return next(step * decade for step in LADDER if step * decade >= value * (1 - 1e-9))


def from_zero(*values: Any) -> tuple[float, float]:
    """Limits from 0 to a rung above all values."""
    top = finite(*values).max(initial=0.0)
    return 0.0, rung(top * 1.04) if top > 0 else 1.0


def around(*values: Any) -> tuple[float, float]:
    """Limits around values of either sign, on multiples of about a tenth of their range."""
    known = finite(*values)
    if not len(known):
        return -1.0, 1.0
    low, high = known.min(), known.max()
    step = rung(max(high - low, 1e-9, 1e-3 * abs(high)) / 10)
    return (math.floor(low / step - 0.2) * step, math.ceil(high / step + 0.2) * step)


def decades(*values: Any) -> tuple[float, float]:
    """Limits for a logarithmic axis, on the 1, 2, 5 of each decade; values ≤ 0 are left out."""
    known = finite(*values)
    known = known[known > 0]
    if not len(known):
        return 0.1, 1.0
    grid = [m * 10.0**k for k in range(-12, 12) for m in (1, 2, 5)]
    low = max(g for g in grid if g <= known.min() * 0.97)
    return low, min(g for g in grid if g >= known.max() * 1.03)


def limits(
    ax: Axes, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None
) -> None:
    """Set limits, but only those that change: setting any makes the background be drawn anew."""
    if x is not None and ax.get_xlim() != tuple(x):
        ax.set_xlim(x)
    if y is not None and ax.get_ylim() != tuple(y):
        ax.set_ylim(y)


def figure_inches(ax: Axes) -> np.ndarray:
    """Width and height of the figure in inches."""
    assert isinstance(ax.figure, Figure)  # not a SubFigure
    return np.asarray(ax.figure.get_size_inches())


def axes_inches(ax: Axes) -> np.ndarray:
    """Width and height of the axes in inches."""
    # The original position: asking for the active one makes the whole figure stale.
    return figure_inches(ax) * ax.get_position(original=True).size


def same_units(ax: Axes, x: tuple[float, float], y: tuple[float, float]) -> None:
    """Limits that show at least x and y with one unit of equal length on both axes.

    Call it after `legend`, which may take a part of the axes' height.
    """
    width, height = axes_inches(ax)
    unit = max((x[1] - x[0]) / width, (y[1] - y[0]) / height)
    middle_x, middle_y = (x[0] + x[1]) / 2, (y[0] + y[1]) / 2
    limits(
        ax,
        x=(middle_x - unit * width / 2, middle_x + unit * width / 2),
        y=(middle_y - unit * height / 2, middle_y + unit * height / 2),
    )


def bare(ax: Axes) -> None:
    """Hide spines, ticks and grid: only what is drawn remains."""
    if ax.axison:
        ax.set_axis_off()


def logarithmic(
    ax: Axes, which: str, low: float, high: float, ticks: Any = None, names: list[str] | None = None
) -> None:
    """Make an axis logarithmic from low to high, with round ticks unless others are given."""
    axis = ax.xaxis if which == "x" else ax.yaxis
    if axis.get_scale() != "log":
        formatter = axis.get_major_formatter()
        ax.set(**{f"{which}scale": "log"})
        axis.set_major_formatter(formatter)
        axis.set_minor_locator(NullLocator())
    limits(ax, **{which: (low, high)})
    fixed_ticks(ax, which, powers_of_ten(low, high) if ticks is None else ticks, names)


def powers_of_ten(low: float, high: float) -> list[float]:
    """At most nine powers of ten from low to high, or the 1, 2, 5 of decades if there are few."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for steps in ((1,), (1, 2, 5)):
        ticks = [m * 10.0**k for k in range(first, last + 1) for m in steps]
        ticks = [t for t in ticks if low * (1 - 1e-9) <= t <= high * (1 + 1e-9)]
        if len(ticks) >= 3:
            break
    return ticks[:: 1 + len(ticks) // 9]


def fitting(ax: Axes, ticks: list[float]) -> list[float]:
    """Every so many of these ticks of the x axis, the last one among them, that names fit."""
    while len(ticks) > 3 and len(ticks) > axes_inches(ax)[0] / WIDEST_TICK:
        ticks = ticks[::-2][::-1]
    return ticks


def fixed_ticks(
    ax: Axes, which: str, places: Any, names: list[str] | None = None, **text: Any
) -> None:
    """Ticks at given places, with their own names if given; nothing is done if unchanged."""
    axis = ax.xaxis if which == "x" else ax.yaxis
    wanted = (tuple(float(p) for p in places), tuple(names or ()), tuple(text.items()))
    if ticks_of.get(axis) == wanted:
        return
    ticks_of[axis] = wanted
    if names is None:
        axis.set_major_locator(FixedLocator(list(wanted[0])))
    else:
        axis.set_ticks(list(wanted[0]), names, **text)


def titles(ax: Axes, x: str = "", y: str = "", title: str = "") -> None:
    """Axis labels and title in English."""
    for artist, text in ((ax.xaxis.label, x), (ax.yaxis.label, y), (ax.title, title)):
        if artist.get_text() != text:
            artist.set_text(text)
            ax.stale = True  # which matplotlib does not say of an axis label
