"""Bars: shares of counts, and means with their deviations."""

import numpy as np
import pytest

from helpers import plots
from helpers.plots.charts.bars import binomial
from tests.plots.examples import artists, line_data, on_screen


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
    assert [t.get_text() for t in ax.get_xticklabels()] == ["L1", "Early\nStopping"]


@pytest.mark.parametrize(("n", "p"), [(7, 0.3), (1000, 0.5), (20, 0.0), (20, 1.0)])
def test_the_binomial_distribution_is_scipys(n, p):
    from scipy.stats import binom

    for k in (-1, 0, 1, n // 2, n - 1, n, n + 1):
        assert binomial(k, n, p) == pytest.approx(binom.pmf(k, n, p), abs=1e-12)


def test_bars_of_counts_stand_in_the_middle_of_their_bins():
    _, ax = plots.figure()
    counts = [2, 3, 3, 4, 4, 4, 5]
    plots.binomial_bars(ax, counts, 8, 0.5)
    values, edges, _ = artists(ax)["measured"].get_data()
    assert edges.tolist() == [i - 0.5 for i in range(10)] and ax.get_xlim() == (-0.5, 8.5)
    assert values == pytest.approx(np.array([0, 0, 1, 2, 3, 1, 0, 0, 0]) / 7)
    expected = line_data(ax, "expected")
    assert expected[:, 0].tolist() == list(range(9))
    assert expected[4, 1] == pytest.approx(70 / 256)
    assert artists(ax)["expected"].get_marker() == "s"
    plots.binomial_bars(ax, np.full(10, 500), 1000, 0.5)  # sd 15.8: bins of four counts
    values, edges, _ = artists(ax)["measured"].get_data()
    assert set(np.diff(edges)) == {4.0} and edges[0] < 500 - 4 * 15.8 < 500 + 4 * 15.8 < edges[-1]
    assert len(edges) < 45 and values.max() == 1


def test_a_mean_is_named_inside_its_bar_or_over_a_low_one():
    _, ax = plots.figure()
    plots.bars(ax, ["L1", "L2"], [0.9, 0.02])
    high, low = (artists(ax)[f"bar {i} mean"] for i in (0, 1))
    tops = [ax.transData.transform((0, mean))[1] for mean in (0.9, 0.02)]
    assert on_screen(high)[:, 1].max() < tops[0] and on_screen(low)[:, 1].min() > tops[1]
    assert [text.get_ha() for text in (high, low)] == ["center", "center"]
    assert [text.get_position()[0] for text in (high, low)] == [0, 1]
    assert len(line_data(ax, "bar 0 sd")) == 0 and ax.get_xlim() == (-0.6, 1.6)
    plots.bars(ax, ["L1", "L2"], [0.9, 0.5], [0.1, 0.0], ylabel="Loss")
    assert ax.get_ylabel() == "Loss" and ax.get_ylim() == (0, 1.2)
    text = on_screen(artists(ax)["bar 0 mean"])
    whisker = on_screen(artists(ax)["bar 0 sd"])
    assert text[:, 0].max() < whisker[:, 0].min()  # the deviation does not run through the text
    edges = artists(ax)["bar 0"].get_data().edges
    assert edges.tolist() == [-0.36, 0.36] and edges[0] < line_data(ax, "bar 0 sd")[0, 0] < edges[1]
