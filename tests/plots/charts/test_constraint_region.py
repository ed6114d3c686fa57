"""The constraint region: its border, the circles, the contour through the solution."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import artists, bowl, line_data


def test_constraint_region_has_the_right_border_and_round_circles():
    _, ax = plots.figure()
    for kind, size in (("L1", lambda w: np.abs(w).sum(1)), ("L2", lambda w: (w**2).sum(1))):
        plots.constraint_region(ax, bowl, kind, 0.7, minimiser=(1.2, 0.9), solution=(0.3, 0.4))
        border = artists(ax)["region"].get_xy()
        assert size(border) == pytest.approx(0.7)
    one, zero = ax.transData.transform([(1, 1), (0, 0)])
    assert one[0] - zero[0] == pytest.approx(one[1] - zero[1])
    touching = line_data(ax, "touching")
    touching = touching[~np.isnan(touching[:, 0])]
    assert bowl(*touching.T) == pytest.approx(bowl(0.3, 0.4), rel=0.01)
    assert line_data(ax, "constraint solution").tolist() == [[0.3, 0.4]]
