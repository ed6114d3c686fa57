"""Pictures for projection: object-API matplotlib, never pyplot, safe in a worker thread.

Every drawing function takes Axes made by `figure`, and results. Called again on the same Axes it
moves its artists instead of adding new ones, so it serves a notebook cell and a live lab alike.
`charts` holds one module for each kind of picture, `toolkit` what they are made of.
"""

from helpers.plots.charts.against import against
from helpers.plots.charts.bars import bars, binomial_bars
from helpers.plots.charts.boundary import boundary
from helpers.plots.charts.constraint_region import constraint_region
from helpers.plots.charts.descent import two_paths
from helpers.plots.charts.fits import fit_1d, spread
from helpers.plots.charts.images import images
from helpers.plots.charts.loss_curves import bands, loss_curves, loss_parts, stopped
from helpers.plots.charts.network import network
from helpers.plots.charts.pairs import paired
from helpers.plots.charts.schedule import schedule
from helpers.plots.charts.two_ways import two_ways
from helpers.plots.charts.weights import paths, penalty_and_slope, stems, weight_histogram
from helpers.plots.toolkit.artists import (
    arrow,
    band,
    contours,
    image,
    line,
    mark,
    note,
    points,
    polygon,
    replacing,
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
from helpers.plots.toolkit.readings import Curve, Reading, readings
from helpers.plots.toolkit.style import Style, style_of, styles
