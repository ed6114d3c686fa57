"""Both paths to the minimum of a quadratic: what is drawn, and that used axes leave no trace."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import artists, legend_texts, line_data

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


def test_both_paths_are_named_and_their_ends_stand_out():
    _, ax = plots.figure()
    plots.two_paths(ax, HESSIAN, MINIMUM, DESCENT, PENALISED, labels=("SGD", "Ridge"))
    assert legend_texts(ax) == ["Min of L", "Ridge", "SGD"]
    assert line_data(ax, "penalised end").tolist() == [PENALISED[-1].tolist()]
    for name in ("penalised end", "descent end"):
        assert artists(ax)[name].get_markersize() > artists(ax)["minimum"].get_markersize()


def test_limits_reach_from_the_start_past_the_minimum():
    _, ax = plots.figure()
    plots.two_paths(ax, HESSIAN, MINIMUM, DESCENT, PENALISED)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < 0 and bottom < 0 and right > 2.5 and top > 1.25
    assert min((right - left) / 2.5, (top - bottom) / 1.25) < 1.3  # and not much further


def test_contours_are_nine_closer_around_the_minimum():
    _, ax = plots.figure()
    plots.two_paths(ax, HESSIAN, MINIMUM, DESCENT, PENALISED)
    found = line_data(ax, "contours")
    x, y = found[np.isfinite(found).all(axis=1)].T
    heights = 0.5 * (2 * (x - 2) ** 2 + 0.6 * (x - 2) * (y - 1) + 0.4 * (y - 1) ** 2)
    grid = np.meshgrid(*(np.linspace(*span, 99) for span in (ax.get_xlim(), ax.get_ylim())))
    highest = bowl(*grid).max()
    roots = np.sort(np.sqrt(heights / highest))
    steps = roots[np.flatnonzero(np.diff(roots) > 0.05)]
    assert len(steps) == 8 and np.diff(steps) == pytest.approx(0.9 / 8, abs=0.02)
    assert roots[0] < 0.08 and roots[-1] == pytest.approx(0.95, abs=0.02)
