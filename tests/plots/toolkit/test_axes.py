"""Limits on a coarse ladder, so that they hold still; ticks that fit; units of equal length."""

import numpy as np
import pytest
from matplotlib.ticker import NullLocator

from helpers import plots
from helpers.plots.toolkit import axes


def test_limits_hold_still_under_small_changes():
    assert axes.from_zero([2.31]) == axes.from_zero([2.36]) == (0, 2.5)
    assert axes.around([-1.0, 1.0]) == axes.around([-0.99, 1.01])
    low, high = axes.decades([0.0, 3e-4, 0.7])
    assert low < 3e-4 and high > 0.7


@pytest.mark.parametrize(
    ("value", "rung"),
    [(1, 1), (1.1, 1.2), (0.9, 1), (0.011, 0.012), (37, 40), (100, 100), (8.1, 10), (1e-9, 1e-9)],
)
def test_a_rung_is_the_next_round_number(value, rung):
    assert axes.rung(value) == pytest.approx(rung, rel=1e-12)


@pytest.mark.parametrize(
    ("values", "top"),
    [
        ([0, 2.31], 2.5),
        ([5], 6),
        ([0.96], 1),
        ([0.97], 1.2),
        ([-3], 1),
        ([], 1),
        ([np.nan, 1], 1.2),
    ],
)
def test_from_zero_leaves_four_percent_above(values, top):
    assert axes.from_zero(values) == (0, top)


def test_limits_take_several_lists_and_forget_what_is_not_finite():
    assert axes.from_zero([1.0, np.inf], [], [5.0]) == (0, 6)
    assert axes.around([0.0, np.nan], [10.0, -np.inf]) == (-1, 11)
    assert axes.decades([1e-3, -5.0, 0.0], [np.inf, 0.1]) == (0.0005, 0.2)


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([-1, 1], (-1.2, 1.2)),
        ([0, 10], (-1, 11)),
        ([0.15, 9.85], (-1, 11)),  # nearer to 0 and 10 than a fifth of a step
        ([0.25, 9.75], (0, 10)),
        ([-5, -2], (-5.1, -1.8)),
        ([0.1, 0.35], (0.075, 0.375)),
        ([3, 3], (2.9997, 3.0003)),  # a thousandth of a value around what does not vary
        ([0, 0], (-1e-10, 1e-10)),
        ([], (-1, 1)),
    ],
)
def test_around_is_a_tenth_of_the_range_wider(values, ends):
    assert axes.around(values) == pytest.approx(ends, abs=1e-4 if values == [3, 3] else 1e-12)


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([3e-4, 0.7], (2e-4, 1)),
        ([1], (0.5, 2)),
        ([1e-3, 1e3], (5e-4, 2e3)),
        ([], (0.1, 1)),
        ([0, -1], (0.1, 1)),
    ],
)
def test_decades_end_on_1_2_or_5(values, ends):
    assert axes.decades(values) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((1e-5, 1), [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]),
        ((1e-3, 0.1), [1e-3, 1e-2, 0.1]),
        ((0.5, 8), [0.5, 1, 2, 5]),
        ((1e-7, 1), [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]),
        ((1e-8, 1), [1e-8, 1e-6, 1e-4, 1e-2, 1]),
        ((1e-9, 1e3), [1e-9, 1e-7, 1e-5, 1e-3, 0.1, 10, 1e3]),
        ((0.3, 0.8), [0.5]),
    ],
)
def test_powers_of_ten_are_few_and_inside(ends, ticks):
    assert axes.powers_of_ten(*ends) == pytest.approx(ticks)


def test_ticks_are_thinned_until_their_names_fit_and_the_last_one_stays():
    _, wide = plots.figure()
    _, (narrow, _) = plots.figure(cols=2)
    assert axes.axes_inches(wide).tolist() == pytest.approx([7.65, 2.95])
    assert axes.axes_inches(narrow)[0] == pytest.approx(3.275)
    assert axes.figure_inches(narrow).tolist() == [9, 4.2]
    assert axes.fitting(wide, list(range(10))) == list(range(10))
    assert axes.fitting(wide, list(range(11))) == [0, 2, 4, 6, 8, 10]
    assert axes.fitting(narrow, list(range(8))) == [1, 3, 5, 7]
    assert axes.fitting(narrow, list(range(20))) == [3, 11, 19]
    assert axes.fitting(narrow, [1, 2, 3]) == [1, 2, 3]


@pytest.mark.parametrize(("x", "y"), [((0, 10), (2, 3)), ((0, 1), (-5, 5)), ((1, 4), (1, 4))])
def test_one_unit_is_as_long_on_both_axes_and_nothing_is_cut(x, y):
    _, ax = plots.figure()
    axes.same_units(ax, x, y)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    width, height = ax.bbox.size
    assert width / (right - left) == pytest.approx(height / (top - bottom))
    assert left <= x[0] + 1e-9 and right >= x[1] - 1e-9
    assert bottom <= y[0] + 1e-9 and top >= y[1] - 1e-9
    assert ((left + right) / 2, (bottom + top) / 2) == pytest.approx((sum(x) / 2, sum(y) / 2))
    assert right - left == pytest.approx(x[1] - x[0]) or top - bottom == pytest.approx(y[1] - y[0])


@pytest.mark.parametrize("which", ["x", "y"])
def test_a_logarithmic_axis_has_round_ticks_and_plain_names(which):
    fig, ax = plots.figure()
    axis = ax.xaxis if which == "x" else ax.yaxis
    axes.logarithmic(ax, which, 1e-3, 10)
    assert ax.get_xscale() == ("log" if which == "x" else "linear")
    assert ax.get_yscale() == ("log" if which == "y" else "linear")
    assert axis.get_view_interval().tolist() == [1e-3, 10]
    assert axis.get_majorticklocs().tolist() == pytest.approx([1e-3, 1e-2, 0.1, 1, 10])
    assert isinstance(axis.get_minor_locator(), NullLocator)
    fig.draw_without_rendering()
    names = [tick.get_text() for tick in axis.get_majorticklabels()]
    assert names == ["0.001", "0.01", "0.1", "1", "10"]
    axes.logarithmic(ax, which, 1e-3, 10, [0.01, 1], ["a", "b"])
    assert [tick.get_text() for tick in axis.get_majorticklabels()] == ["a", "b"]
    assert axis.get_majorticklocs().tolist() == [0.01, 1]


def test_ticks_that_stay_leave_the_background_alone():
    fig, ax = plots.figure()
    axes.fixed_ticks(ax, "x", [0, 1], ["a", "b"])
    axes.titles(ax, "x", "y", "title")
    axes.limits(ax, x=(0, 1), y=(0, 2))
    plots.render(fig)
    axes.fixed_ticks(ax, "x", [0, 1], ["a", "b"])
    axes.titles(ax, "x", "y", "title")
    axes.limits(ax, x=(0, 1), y=(0, 2))
    assert not fig.stale
    for change in (
        lambda: axes.fixed_ticks(ax, "x", [0, 1], ["a", "c"]),
        lambda: axes.titles(ax, "x", "z", "title"),
        lambda: axes.limits(ax, y=(0, 3)),
    ):
        change()
        assert fig.stale
        plots.render(fig)
    assert ax.get_xlim() == (0, 1) and ax.get_ylim() == (0, 3) and ax.get_title() == "title"


def test_a_bare_picture_has_no_axes():
    _, ax = plots.figure()
    axes.bare(ax)
    axes.bare(ax)
    assert not ax.axison
