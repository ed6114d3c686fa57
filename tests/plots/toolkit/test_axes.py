"""Limits: on a coarse ladder, so that they hold still."""

from helpers.plots.toolkit import axes


def test_limits_hold_still_under_small_changes():
    assert axes.from_zero([2.31]) == axes.from_zero([2.36]) == (0, 2.5)
    assert axes.from_zero([]) == (0, 1)
    assert axes.around([-1.0, 1.0]) == axes.around([-0.99, 1.01])
    low, high = axes.decades([0.0, 3e-4, 0.7])
    assert low < 3e-4 and high > 0.7
