"""Curves against a setting: the place of an exact 0, and the star."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import ALPHAS, legend_texts, line_data, u_shape


def test_against_gives_zero_its_own_place_and_tick():
    _, ax = plots.figure()
    plots.against(ax, ALPHAS, {"valid": u_shape(0)}, now=0.0)
    zero = line_data(ax, "curve valid at 0")
    assert zero[0, 1] == u_shape(0)[0]
    assert ax.get_xlim()[0] < zero[0, 0] < ALPHAS[1]
    assert line_data(ax, "curve valid")[:, 0].tolist() == ALPHAS[1:].tolist()
    assert line_data(ax, "now")[0, 0] == zero[0, 0]
    assert ax.get_xticks()[0] == zero[0, 0]
    assert ax.get_xticklabels()[0].get_text() == "0"


@pytest.mark.parametrize(("highest", "pick"), [(False, np.argmin), (True, np.argmax)])
def test_against_stars_the_best_point(highest, pick):
    _, ax = plots.figure()
    plots.against(ax, range(6), {"valid": u_shape(0)}, log=False, highest=highest)
    i = int(pick(u_shape(0)))
    assert line_data(ax, "best").tolist() == [[i, u_shape(0)[i]]]
    plots.against(ax, range(6), {"valid": u_shape(0)}, log=False, best=None)
    assert len(line_data(ax, "best")) == 0


def test_the_star_says_what_it_marks():
    curves = {"valid": u_shape(0), "SGD": u_shape(1)}
    for options, name in (
        ({}, "Lowest valid loss"),
        ({"ylabel": "Squared error"}, "Lowest valid"),
        ({"best": "SGD"}, "Lowest"),
        ({"best": "SGD", "highest": True}, "Highest"),
    ):
        _, ax = plots.figure()
        plots.against(ax, range(6), curves, log=False, **options)
        assert legend_texts(ax)[-1] == name


def test_a_point_at_zero_has_its_spread_too():
    _, ax = plots.figure()
    x, low = [0, 0.01, 0.1], u_shape(1)[:3]
    plots.against(ax, x, {"valid": (low, low + 0.1, low + 0.3)})
    [spread] = [a for a in ax.collections if a.get_gid() == "curve valid spread at 0"]
    [(bottom, top)] = [piece[:, 1] for piece in spread.get_segments()]
    assert (bottom, top) == (low[0], low[0] + 0.3)
    assert (spread.get_segments()[0][:, 0] == line_data(ax, "curve valid at 0")[0][0]).all()
