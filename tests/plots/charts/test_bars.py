"""Bars: shares of counts, and means with their deviations."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import artists, line_data


@pytest.mark.parametrize("p", [0.0, 0.3, 0.5, 0.95, 1.0])
def test_binomial_line_and_bars_are_shares(p):
    _, ax = plots.figure()
    draws = np.random.default_rng(0).binomial(200, p, 500)
    plots.binomial_bars(ax, draws, 200, p)
    assert line_data(ax, "expected")[:, 1].sum() == pytest.approx(1, abs=1e-3)
    bars = artists(ax)["measured"].get_data()
    assert bars.values.sum() == pytest.approx(1, abs=0.01)
    assert line_data(ax, "mean")[0, 0] == pytest.approx(200 * p)
    assert p in (0, 1) or len(bars.values) > 8


def test_bars_reach_from_zero_to_the_mean():
    _, ax = plots.figure()
    plots.bars(ax, ["L1", "early stopping"], [0.7, 0.8], [0.1, 0.05])
    assert ax.get_ylim()[0] == 0
    assert artists(ax)["bar 1"].get_data().values.tolist() == [0.8]
    assert line_data(ax, "bar 0 sd")[:, 1] == pytest.approx([0.6, 0.8])
    text = artists(ax)["bar 1 mean"]
    assert text.get_text() == "0.80" and 0.7 < text.get_position()[1] < 0.8
    assert [t.get_text() for t in ax.get_xticklabels()] == ["L1", "Early\nstopping"]
