"""Both paths to the minimum of a quadratic: what is drawn, and that used axes leave no trace."""

import numpy as np

from helpers import plots
from helpers.plots.charts.descent import two_paths

MINIMUM = np.array([2.0, 1.0])
DESCENT = np.linspace([0, 0], [1.5, 0.5], 7)
PENALISED = np.linspace([0, 0], [1.4, 0.7], 5)


HESSIAN = np.array([[2.0, 0.3], [0.3, 0.4]])


def bowl(x, y):
    x, y = x - 2, y - 1
    return x**2 + 0.3 * x * y + 0.2 * y**2


def test_paths_and_their_ends_are_drawn():
    _, ax = plots.figure()
    two_paths(ax, HESSIAN, MINIMUM, DESCENT, PENALISED)
    drawn = {artist.get_gid(): artist.get_xydata() for artist in ax.lines}
    assert drawn["descent"].tolist() == DESCENT.tolist()
    assert drawn["penalised"].tolist() == PENALISED.tolist()
    assert drawn["descent end"].tolist() == [[1.5, 0.5]]
    assert drawn["minimum"].tolist() == [[2.0, 1.0]]
    contours = drawn["contours"][np.isfinite(drawn["contours"]).all(axis=1)]
    assert len(np.unique(bowl(*contours.T).round(2))) < 20 < len(contours)


def test_a_used_picture_equals_a_fresh_one_and_holds_still():
    used, ax = plots.figure()
    two_paths(ax, HESSIAN, MINIMUM, DESCENT[:2], PENALISED[:1])
    before = ax.get_xlim(), ax.get_ylim()
    two_paths(ax, HESSIAN, MINIMUM, DESCENT, PENALISED)
    assert (ax.get_xlim(), ax.get_ylim()) == before
    fresh, ax = plots.figure()
    two_paths(ax, HESSIAN, MINIMUM, DESCENT, PENALISED)
    assert plots.render(used) == plots.render(fresh)
