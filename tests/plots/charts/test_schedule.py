"""The schedule: every rate holds for its whole epoch, inside the axes."""

import pytest

from helpers import plots
from tests.plots.examples import artists, legend_texts, line_data


def test_a_rate_holds_for_its_epoch():
    _, ax = plots.figure()
    plots.schedule(ax, {"Constant": [0.1] * 4, "StepLR": [0.1, 0.1, 0.01, 0.01]})
    assert line_data(ax, "rate StepLR").tolist() == [
        [0, 0.1],
        [1, 0.1],
        [2, 0.01],
        [3, 0.01],
        [4, 0.01],
    ]
    assert ax.get_xlim() == (0, 4)
    low, high = ax.get_ylim()
    assert low < 0.01 and high > 0.1
    assert legend_texts(ax) == ["Constant", "StepLR"]


def test_rates_that_agree_can_all_be_seen():
    _, ax = plots.figure()
    plots.schedule(ax, {"Constant": [0.1] * 4, "StepLR": [0.1] * 4, "own": [0.1] * 4}, epochs=9)
    widths = [artists(ax)[f"rate {name}"].get_linewidth() for name in ("Constant", "StepLR", "own")]
    assert widths == [9, 6, 3] and ax.get_xlim() == (0, 9)
    for name in ("Constant", "own"):
        rate = artists(ax)[f"rate {name}"]
        assert rate.get_drawstyle() == "steps-post" and rate.get_linestyle() == "-"
        assert rate.get_solid_capstyle() == "butt"


def test_the_axis_of_rates_is_logarithmic_with_a_little_room():
    _, ax = plots.figure()
    plots.schedule(ax, {"StepLR": [0.1, 0.01]})
    assert ax.get_yscale() == "log" and ax.get_xscale() == "linear"
    assert ax.get_ylim() == pytest.approx((0.005 / 1.3, 0.2 * 1.3))
    plots.schedule(ax, {"StepLR": []}, epochs=5)
    assert len(line_data(ax, "rate StepLR")) == 0 and ax.get_xlim() == (0, 5)
    plots.schedule(ax, {})
    assert "rate StepLR" not in artists(ax) and ax.get_xlim() == (0, 1)
