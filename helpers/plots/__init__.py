"""Pictures for projection: object-API matplotlib, never pyplot, safe in a worker thread.

Every drawing function takes an Axes and results, and draws or moves: called again on the same
Axes it moves its artists instead of making new ones.
"""

from helpers.plots.canvas import figure, plain, render, render_sharp, show
from helpers.plots.counts import bars, binomial_bars
from helpers.plots.curves import bands, loss_curves, loss_parts, stopped
from helpers.plots.fits import fit_1d, spread
from helpers.plots.geometry import constraint_region
from helpers.plots.legends import legend
from helpers.plots.networks import network
from helpers.plots.pictures import images
from helpers.plots.regions import boundary
from helpers.plots.repeats import paired
from helpers.plots.retained import (
    arrow,
    band,
    forget,
    image,
    line,
    mark,
    note,
    points,
    polygon,
    segments,
    steps,
)
from helpers.plots.scales import (
    around,
    bare,
    decades,
    fixed_ticks,
    from_zero,
    limits,
    logarithmic,
    same_units,
    titles,
)
from helpers.plots.style import Style, style_of, styles
from helpers.plots.sweeps import against, paths
from helpers.plots.weights import penalty_and_slope, stems, weight_histogram

__all__ = [
    "Style",
    "against",
    "around",
    "arrow",
    "band",
    "bands",
    "bare",
    "bars",
    "binomial_bars",
    "boundary",
    "constraint_region",
    "decades",
    "figure",
    "fit_1d",
    "fixed_ticks",
    "forget",
    "from_zero",
    "image",
    "images",
    "legend",
    "limits",
    "line",
    "logarithmic",
    "loss_curves",
    "loss_parts",
    "mark",
    "network",
    "note",
    "paired",
    "paths",
    "penalty_and_slope",
    "plain",
    "points",
    "polygon",
    "render",
    "render_sharp",
    "same_units",
    "segments",
    "show",
    "spread",
    "stems",
    "steps",
    "stopped",
    "style_of",
    "styles",
    "titles",
    "weight_histogram",
]
