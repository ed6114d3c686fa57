"""The legend: inside the figure, above the axes, or over the curves."""

import itertools

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import decoded

ENTRIES = [["7" * size] * n for n, size in itertools.product((1, 2, 3, 5), (2, 7, 11, 16, 20))]
ENTRIES.append(["None: 0% exactly 0", "L1: 74% exactly 0", "L2: 0% exactly 0"])


@pytest.mark.parametrize("columns", [1, 2])
def test_a_legend_never_leaves_its_figure_or_covers_its_axes(columns):
    fig, axes = plots.figure(cols=columns)
    ax = np.ravel(axes)[-1]
    for labels in ENTRIES:
        with plots.replacing(ax, "entry"):
            for i, label in enumerate(labels):
                plots.line(ax, f"entry {i}", [0, 1], [i, i], plots.styles["L1"], label=label)
        plots.legend(ax)
        fig.draw_without_rendering()
        box = ax.get_legend().get_window_extent()
        assert box.x1 <= fig.bbox.x1 and box.y1 <= fig.bbox.y1 + 1
        assert box.y0 >= ax.bbox.y1 - 1


def test_a_legend_inside_the_axes_lies_over_the_curves():
    fig, ax = plots.figure()
    plots.line(ax, "curve", [0, 1], [0, 1], plots.styles["L1"], label="L1")
    plots.band(ax, "cover", [0, 1], [0, 0], [1, 1], plots.styles["L1"], alpha=1)
    plots.legend(ax, "upper left")
    plots.render(fig)
    plots.render(fig)
    box = ax.get_legend().get_window_extent().bounds
    x, y = round(box[0] + box[2] / 2), round(fig.bbox.height - box[1] - box[3] + 2)
    red, green, _ = decoded(plots.render(fig))[y, x]
    assert green > 180 < red
