"""What can be read off a picture: its axes, and the points of the curves they name."""

from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from helpers.plots.toolkit.artists import drawn_at, numbers


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve with a name: of its artist, and for the reader; x and y (points,) in data units."""

    gid: str
    label: str
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, eq=False)
class Reading:
    """One axes of a picture.

    `box` is (left, top, width, height) as fractions of the picture, from its upper left corner.
    `x` and `y` are the limits; `log` names the logarithmic axes: "", "x", "y" or "xy".
    """

    box: tuple[float, float, float, float]
    x: tuple[float, float]
    y: tuple[float, float]
    log: str
    xlabel: str
    ylabel: str
    curves: list[Curve]


def readings(fig: Figure) -> list[Reading]:
    """What can be read off each axes of a figure made by `figure` that has a curve with a name."""
    found = ((ax, named_curves(ax)) for ax in fig.axes)
    return [reading(ax, curves) for ax, curves in found if curves]


def reading(ax: Axes, curves: list[Curve]) -> Reading:
    # The original position: asking for the active one makes the whole figure stale.
    place = ax.get_position(original=True)
    log = "".join(axis.axis_name for axis in (ax.xaxis, ax.yaxis) if axis.get_scale() == "log")
    return Reading(
        (place.x0, 1 - place.y1, place.width, place.height),
        ax.get_xlim(),
        ax.get_ylim(),
        log,
        ax.get_xlabel(),
        ax.get_ylabel(),
        curves,
    )


def named_curves(ax: Axes) -> list[Curve]:
    """The curves in the legend, or else the one that the y axis names, in the order drawn."""
    drawn = sorted((line for line in ax.lines if is_curve(line, ax)), key=drawn_at.__getitem__)
    curves = [curve(line) for line in drawn]
    if named := [curve for curve in curves if not curve.label.startswith("_")]:
        return named
    if len(curves) == 1 and ax.get_ylabel() and is_function(curves[0].x):
        return [replace(curves[0], label=ax.get_ylabel())]
    return []


def curve(line: Line2D) -> Curve:
    x, y = numbers(line.get_xdata(orig=False)), numbers(line.get_ydata(orig=False))
    return Curve(str(line.get_gid()), str(line.get_label()), x, y)


def is_function(x: np.ndarray) -> bool:
    """Whether a curve over x is neither a mere straight line nor, say, the contours of a bowl."""
    return len(x) > 2 and bool((np.diff(x) > 0).all())


def is_curve(line: Line2D, ax: Axes) -> bool:
    """Whether this is a joined line in data units: neither markers alone nor a mark across."""
    in_data_units = all(line.get_transform().contains_branch_seperately(ax.transData))
    return in_data_units and line in drawn_at and line.get_linestyle() != "None" and has_data(line)


def has_data(line: Line2D) -> bool:
    return line.get_visible() and bool(np.isfinite(line.get_ydata(orig=False)).any())
