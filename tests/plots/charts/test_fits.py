"""Fits: what sets the limits."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import X, artists, legend_texts, line_data


def test_fit_limits_come_from_the_data_and_not_from_a_wild_fit():
    _, ax = plots.figure()
    plots.fit_1d(ax, X, 1000 * X, truth=np.sin(X), data=(X, np.sin(X)))
    assert ax.get_ylim()[1] < 3
    assert line_data(ax, "fit")[-1].tolist() == [1, 1000]


DATA = (X[::4], np.sin(X[::4]))


def test_truth_and_data_are_drawn_where_they_are():
    _, ax = plots.figure()
    plots.fit_1d(ax, X[:, None], X**2, truth=np.sin(X)[:, None], data=DATA)
    assert line_data(ax, "truth").tolist() == np.column_stack([X, np.sin(X)]).tolist()
    assert line_data(ax, "data").tolist() == np.column_stack(DATA).tolist()
    assert line_data(ax, "fit").tolist() == np.column_stack([X, X**2]).tolist()
    layers = [artists(ax)[name].get_zorder() for name in ("data", "truth", "fit")]
    assert layers == sorted(layers)


def test_the_limits_have_room_around_truth_and_data():
    _, ax = plots.figure()
    plots.fit_1d(ax, X, 9 * X, truth=np.sin(np.pi * X))
    assert ax.get_xlim() == pytest.approx((-1.2, 1.2))
    assert ax.get_ylim() == pytest.approx((-1.56, 1.56))  # around: 1.2, and .15 of the range more
    for truth, data in ((None, (X, 3 * X)), (X, (X, 3 * X)), (3 * X, (X, X))):
        plots.fit_1d(ax, X, X, truth=truth, data=data)
        assert 3.5 < ax.get_ylim()[1] < 5


def test_alone_a_fit_sets_the_limits_and_is_all_there_is():
    _, ax = plots.figure()
    plots.fit_1d(ax, X, 7 * X)
    assert legend_texts(ax) == ["Fit"] and ax.get_ylim()[1] > 7
    assert len(line_data(ax, "truth")) == len(line_data(ax, "data")) == 0


@pytest.mark.parametrize(("mean", "label", "height"), [(False, "Median", 2.0), (True, "Mean", 4.0)])
def test_the_middle_of_refits_is_their_median_or_mean(mean, label, height):
    _, ax = plots.figure()
    fits = [np.full(60, y) for y in (1.0, 2.0, 9.0)]
    plots.spread(ax, X, fits, data=DATA, mean=mean)
    assert (line_data(ax, "middle")[:, 1] == height).all()
    assert legend_texts(ax) == ["Train data", "3 refits", label]
    pieces = artists(ax)["fits"].get_segments()
    assert [piece[0].tolist() for piece in pieces] == [[-1, 1], [-1, 2], [-1, 9]]


@pytest.mark.parametrize(("count", "alpha"), [(3, 0.6), (20, 0.4), (200, 0.12)])
def test_the_more_refits_the_paler_they_are(count, alpha):
    _, ax = plots.figure()
    plots.spread(ax, X, [X] * count, truth=X)
    assert artists(ax)["fits"].get_alpha() == pytest.approx(alpha)
    assert artists(ax)["fits"].get_linewidth() < artists(ax)["middle"].get_linewidth()
