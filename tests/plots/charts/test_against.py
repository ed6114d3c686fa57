"""Curves against a setting: the place of an exact 0, and the star."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import ALPHAS, artists, legend_texts, line_data, u_shape


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


def test_against_has_a_linear_axis_with_a_little_room():
    _, ax = plots.figure()
    plots.against(ax, range(2, 8), {"valid": u_shape(0)}, log=False, now=3, xlabel="Degree")
    assert ax.get_xlim() == pytest.approx((1.85, 7.15)) and ax.get_xscale() == "linear"
    assert line_data(ax, "now")[:, 0].tolist() == [3, 3]
    assert ax.get_ylim() == (0, 1.5) and ax.get_xlabel() == "Degree"


def test_without_a_zero_the_logarithmic_axis_has_plain_ticks():
    _, ax = plots.figure()
    plots.against(ax, ALPHAS[1:], {"valid": u_shape(0)[1:]})
    assert ax.get_xscale() == "log"
    assert ax.get_xlim() == pytest.approx((1e-4 / 1.3, 1.3))
    assert ax.get_xticks().tolist() == pytest.approx([1e-4, 1e-3, 1e-2, 0.1, 1])
    assert "curve valid at 0" not in artists(ax) and len(line_data(ax, "curve valid")) == 5


def test_the_place_of_zero_has_room_for_its_name():
    _, ax = plots.figure()
    plots.against(ax, ALPHAS, {"valid": u_shape(0)})
    names = [tick.get_text() for tick in ax.get_xticklabels()]
    assert names == ["0", "0.0001", "0.001", "0.01", "0.1", "1"]
    zero = line_data(ax, "curve valid at 0")[0, 0]
    assert ax.get_xlim() == pytest.approx((zero / 1.3, 1.3))
    _, (narrow, _) = plots.figure(cols=2)
    plots.against(narrow, ALPHAS, {"valid": u_shape(0)})
    inches = narrow.transData.transform([(x, 0.5) for x in narrow.get_xticks()])[:, 0] / 100
    assert (np.diff(inches) > 0.5).all() and narrow.get_xticklabels()[0].get_text() == "0"


def test_limits_follow_the_values_and_what_is_to_have_room():
    for curves, room, limits in (
        ({"valid": u_shape(0)}, (), (0, 1.5)),
        ({"valid": u_shape(0)}, [3.9], (0, 5.0)),
        ({"valid": -u_shape(0)}, (), None),
        ({"valid": np.full(6, np.nan)}, (), (0, 1.0)),
    ):
        _, ax = plots.figure()
        plots.against(ax, range(6), curves, log=False, room_for=room)
        assert ax.get_ylim() == limits or (limits is None and ax.get_ylim()[0] < -1.2)


def test_a_star_takes_no_nan_for_the_best():
    _, ax = plots.figure()
    plots.against(ax, range(3), {"valid": [np.nan, 0.4, 0.7]}, log=False)
    assert line_data(ax, "best").tolist() == [[1, 0.4]]
    plots.against(ax, range(3), {"valid": [np.nan] * 3}, log=False)
    assert len(line_data(ax, "best")) == 0 and legend_texts(ax) == ["Valid"]


def test_what_the_axis_names_needs_no_legend():
    _, ax = plots.figure()
    plots.against(ax, range(6), {"Norm": u_shape(0)}, log=False, now=2, named=False, best=None)
    assert legend_texts(ax) == [] and line_data(ax, "now")[0, 0] == 2
    plots.against(ax, range(6), {"Norm": u_shape(0)}, log=False, best=None)
    assert legend_texts(ax) == ["Norm"] and len(line_data(ax, "now")) == 0


def test_a_narrow_legend_shortens_the_name_of_the_star():
    _, (ax, _) = plots.figure(cols=2)
    plots.against(ax, range(6), {"valid": u_shape(0)}, log=False)
    assert legend_texts(ax) == ["Valid", "Lowest"]


def test_many_stops_have_no_markers_and_a_spread_is_a_band():
    _, ax = plots.figure()
    for count, marker in ((40, "o"), (41, "")):
        y = np.linspace(0.5, 1, count)
        plots.against(ax, np.arange(count), {"valid": (y - 0.1, y, y + 0.2)}, log=False)
        assert artists(ax)["curve valid"].get_marker() == (marker or "None") or not marker
    band = artists(ax)["curve valid band"].get_xy()
    assert band[:41].tolist() == np.column_stack([np.arange(41), y - 0.1]).tolist()
    assert band[41, 1] == pytest.approx(1.2)
    plots.against(ax, range(6), {"valid": u_shape(0)}, log=False)
    assert "curve valid band" not in artists(ax)
