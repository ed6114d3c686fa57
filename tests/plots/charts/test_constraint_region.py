"""The constraint region: its border, the circles, the contour through the solution."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import artists, bowl, line_data, on_screen


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


@pytest.mark.parametrize(("kind", "area"), [("L1", 2 * 0.7**2), ("L2", np.pi * 0.7)])
def test_the_region_is_as_large_as_its_constraint(kind, area):
    """No sliver: its border goes around once, and encloses 2s² or πs."""
    _, ax = plots.figure()
    plots.constraint_region(ax, bowl, kind, 0.7, minimiser=(1.2, 0.9), solution=(0.3, 0.4))
    x, y = artists(ax)["region"].get_xy().T
    enclosed = abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2
    assert enclosed == pytest.approx(area, rel=2e-3)
    assert (x[0], y[0]) == pytest.approx((x[-1], y[-1]))
    assert (x.mean(), y.mean()) == pytest.approx((0, 0), abs=0.15)


def test_arrows_lead_from_0_to_both_ends_and_the_path_between():
    _, ax = plots.figure()
    path = [(0, 0), (0.3, 0.4), (1.2, 0.9)]
    ends = {"minimiser": (1.2, 0.9), "constraint solution": (0.3, 0.4)}
    plots.constraint_region(
        ax, bowl, "L1", 0.7, minimiser=[[1.2, 0.9]], solution=(0.3, 0.4), path=path
    )
    for name, end in ends.items():
        pixels = on_screen(artists(ax)[f"{name} arrow"])
        for place in ((0, 0), end):
            assert np.abs(pixels - ax.transData.transform(place)).max(axis=1).min() < 4
        assert line_data(ax, name).tolist() == [list(end)]
        assert artists(ax)[name].get_markersize() == 12
    assert line_data(ax, "path").tolist() == [list(point) for point in path]
    assert artists(ax)["path"].get_linestyle() == ":"
    text = on_screen(artists(ax)["constraint"])
    assert (text.max(0) < ax.bbox.max).all() and (text.min(0) > ax.bbox.max / 2 * [1, 0]).all()


@pytest.mark.parametrize(("reach", "shown"), [(None, 2.0), (3.0, 3.0)])
def test_the_axes_show_the_reach_and_part_of_the_other_side(reach, shown):
    _, ax = plots.figure()
    plots.constraint_region(
        ax, bowl, "L2", 0.7, minimiser=(1.2, -0.9), solution=(0.3, -0.4), reach=reach
    )
    assert ax.get_ylim() == pytest.approx((-0.6 * shown, shown))
    assert ax.get_xlim()[0] < -0.6 * shown and ax.get_xlim()[1] > shown
    assert sum(ax.get_xlim()) == pytest.approx(sum(ax.get_ylim()))  # about the same middle


def test_contours_lie_closer_around_the_minimiser():
    """Nine levels, evenly spaced in the root of the loss: rings at about equal distances."""
    _, ax = plots.figure()
    plots.constraint_region(ax, bowl, "L1", 0.7, minimiser=(1.2, 0.9), solution=(0.3, 0.4))
    found = line_data(ax, "contours")
    levels = np.unique(bowl(*found[~np.isnan(found[:, 0])].T).round(1))
    grid = np.meshgrid(np.linspace(*ax.get_xlim(), 50), np.linspace(*ax.get_ylim(), 50))
    highest = bowl(*grid).max()
    assert levels.min() < 0.01 * highest and 0.7 * highest < levels.max() < 0.9 * highest
    assert len(np.unique((levels / highest).round(2))) >= 9
    touching, contours = (artists(ax)[name] for name in ("touching", "contours"))
    assert touching.get_linewidth() > contours.get_linewidth()
    assert touching.get_zorder() > contours.get_zorder()
