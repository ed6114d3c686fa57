"""Weights: every one is counted, exact zeros are named, slopes are derivatives."""

import numpy as np
import pytest
import torch

from helpers import plots
from helpers.plots.charts.weights import percent
from tests.plots.examples import ALPHAS, artists, legend_texts, line_data, shrunken_paths


def test_weight_histogram_counts_every_weight_and_names_the_exact_zeros():
    weights = [torch.tensor([[0.0, 0.0, 0.5], [-0.5, 0.25, 0.0]]), torch.tensor([[0.0, 1.0]])]
    for log, unit in ((False, 8), (True, 1)):
        _, ax = plots.figure()
        plots.weight_histogram(ax, {"L1": weights}, bins=5, log=log)
        shown = artists(ax)["group L1"].get_data().values
        assert shown[shown > 0.1].sum() * unit == 4
        assert artists(ax)["group L1 0"].get_data().values.tolist() == [4 / unit]
        assert artists(ax)["group L1 share"].get_text() == "50% exactly 0"
    _, ax = plots.figure()
    plots.weight_histogram(ax, {"L2": weights[0][0, 2:]})
    assert legend_texts(ax) == ["L2: no weight exactly 0"]


def test_a_share_is_all_or_nothing_only_if_it_is():
    assert [percent(n, 1000) for n in (0, 4, 500, 996, 1000)] == [
        "0%",
        "0.4%",
        "50%",
        "99.6%",
        "100%",
    ]


def test_slopes_are_the_derivatives_of_the_penalties():
    _, axes = plots.figure(cols=2)
    plots.penalty_and_slope(*axes)
    for name in ("L1", "L2"):
        w, y = line_data(axes[0], name).T
        numeric = np.gradient(y, w)
        slope = line_data(axes[1], name)[:, 1]
        inside = (np.abs(w) > 0.02) & (np.abs(w) < 1.99)
        assert slope[inside] == pytest.approx(numeric[inside], abs=1e-9)
    assert np.isnan(line_data(axes[1], "L1")[100, 1])


def test_stems_leave_exact_zeros_out():
    _, ax = plots.figure()
    plots.stems(ax, [0, 2.0, 0, -1.0], [0.1, 1.5, 0.0, 0.0])
    assert line_data(ax, "estimate").tolist() == [[0, 0.1], [1, 1.5]]
    assert line_data(ax, "truth").tolist() == [[1, 2.0], [3, -1.0]]
    assert legend_texts(ax)[0] == "L1: 2 of 4 not 0"


def test_paths_separate_the_useful_features():
    _, ax = plots.figure()
    plots.paths(ax, ALPHAS[1:], shrunken_paths(0), useful=[3, 11])
    found = artists(ax)
    assert len(found["useful"].get_segments()) == 2
    assert len(found["other"].get_segments()) == 58
    values = found["useful"].get_segments()[1][:, 1]
    assert values == pytest.approx(shrunken_paths(0)[:, 11])


def test_paths_end_in_a_ring_where_a_coefficient_becomes_0():
    _, ax = plots.figure()
    alphas, zeroed = [0.0, 0.01, 0.1, 1.0], [2.0, 1.0, 0.0, 0.0]
    plots.paths(ax, alphas, np.column_stack([zeroed, [1.0, 0.8, 0.5, 0.1]]), useful=[0])
    assert line_data(ax, "useful 0").tolist() == [[0.1, 0]]
    assert len(line_data(ax, "other 0")) == 0
    assert artists(ax)["useful"].get_segments()[0].tolist() == [[0.01, 1], [0.1, 0]]
