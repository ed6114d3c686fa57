"""Pictures for projection: object-API matplotlib, never pyplot, safe in a worker thread.

Every drawing function takes an Axes and results, and draws or moves: called again on the same
Axes it moves its artists instead of making new ones.
"""

from helpers.plots.canvas import figure, render, show
from helpers.plots.curves import bands, loss_curves, stopped
from helpers.plots.retained import arrow, band, forget, line, mark, note, points, steps
from helpers.plots.scales import (
    around,
    decades,
    fixed_ticks,
    from_zero,
    legend,
    limits,
    logarithmic,
    titles,
)
from helpers.plots.style import Style, style_of, styles

__all__ = [
    "Style",
    "around",
    "arrow",
    "band",
    "bands",
    "decades",
    "figure",
    "fixed_ticks",
    "forget",
    "from_zero",
    "legend",
    "limits",
    "line",
    "logarithmic",
    "loss_curves",
    "mark",
    "note",
    "points",
    "render",
    "show",
    "steps",
    "stopped",
    "style_of",
    "styles",
    "titles",
]
