"""Fits: what sets the limits."""

import numpy as np

from helpers import plots
from tests.plots.examples import X, line_data


def test_fit_limits_come_from_the_data_and_not_from_a_wild_fit():
    _, ax = plots.figure()
    plots.fit_1d(ax, X, 1000 * X, truth=np.sin(X), data=(X, np.sin(X)))
    assert ax.get_ylim()[1] < 3
    assert line_data(ax, "fit")[-1].tolist() == [1, 1000]
