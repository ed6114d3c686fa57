"""Pictures for projection: object-API matplotlib, never pyplot, safe in a worker thread.

Every drawing function takes an Axes and results, and draws or moves: called again on the same
Axes it moves its artists instead of making new ones.
"""

from helpers.plots.charts.bars import bars, binomial_bars
from helpers.plots.charts.boundary import boundary
from helpers.plots.charts.constraint_region import constraint_region
from helpers.plots.charts.descent import two_paths
from helpers.plots.charts.fits import fit_1d, spread
from helpers.plots.charts.images import images
from helpers.plots.charts.loss_curves import bands, loss_curves, loss_parts, stopped
from helpers.plots.charts.network import network
from helpers.plots.charts.pairs import paired
from helpers.plots.charts.settings import against, paths
from helpers.plots.charts.two_ways import two_ways
from helpers.plots.charts.weights import penalty_and_slope, stems, weight_histogram
from helpers.plots.toolkit.artists import (
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
from helpers.plots.toolkit.axes import (
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
from helpers.plots.toolkit.canvas import figure, plain, render, render_sharp, show
from helpers.plots.toolkit.legend import legend
from helpers.plots.toolkit.style import Style, style_of, styles

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
    "two_paths",
    "two_ways",
    "weight_histogram",
]
