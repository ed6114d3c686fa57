"""Both paths to the minimum of a quadratic: what is drawn, and that used axes leave no trace."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import line_data

HESSIAN = np.array([[2.0, 0.3], [0.3, 0.4]])
MINIMUM = np.array([2.0, 1.0])
DESCENT = np.linspace([0, 0], [1.5, 0.5], 7)
PENALISED = np.linspace([0, 0], [1.4, 0.7], 5)


def bowl(x, y):
    x, y = x - 2, y - 1
    return x**2 + 0.3 * x * y + 0.2 * y**2


def test_paths_and_their_ends_are_drawn():
    _, ax = plots.figure()
    plots.two_paths(ax, HESSIAN, MINIMUM, DESCENT, PENALISED)
    assert line_data(ax, "descent").tolist() == DESCENT.tolist()
    assert line_data(ax, "penalised").tolist() == PENALISED.tolist()
    assert line_data(ax, "descent end").tolist() == [[1.5, 0.5]]
    assert line_data(ax, "minimum").tolist() == [[2.0, 1.0]]
    contours = line_data(ax, "contours")
    contours = contours[np.isfinite(contours).all(axis=1)]
    assert len(np.unique(bowl(*contours.T).round(2))) < 20 < len(contours)


def test_a_used_picture_equals_a_fresh_one_and_holds_still():
    used, ax = plots.figure()
    plots.two_paths(ax, HESSIAN, MINIMUM, DESCENT[:2], PENALISED[:1])
    before = ax.get_xlim(), ax.get_ylim()
    plots.two_paths(ax, HESSIAN, MINIMUM, DESCENT, PENALISED)
    assert (ax.get_xlim(), ax.get_ylim()) == before
    fresh, ax = plots.figure()
    plots.two_paths(ax, HESSIAN, MINIMUM, DESCENT, PENALISED)
    assert plots.render(used) == plots.render(fresh)


def test_descent_crosses_the_contours_at_right_angles_on_screen():
    _, ax = plots.figure()
    plots.two_paths(ax, np.diag([1.0, 9.0]), [1.5, 1.0], [[0, 0], [0.1, 0.5]], [[0, 0]])
    one, zero = ax.transData.transform([(1, 1), (0, 0)])
    assert one[0] - zero[0] == pytest.approx(one[1] - zero[1])
