"""Weights: every one is counted, exact zeros are named, slopes are derivatives."""

import numpy as np
import pytest
import torch

from helpers import plots
from helpers.plots.charts.weights import flat, percent
from tests.plots.examples import (
    ALPHAS,
    artists,
    coefficients,
    legend_texts,
    line_data,
    on_screen,
    shrunken_paths,
)

KINDS = "L1", "L2"


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


def test_exact_zeros_have_a_solid_spike_of_their_own_and_nothing_else_has():
    _, ax = plots.figure()
    half = torch.tensor([0.0, 0.0, 0.5, -0.5, 0.25])
    plots.weight_histogram(ax, {"L1": half, "L2": torch.tensor([0.5, 0.1])}, bins=40, reach=1)
    spike, body = artists(ax)["group L1 0"], artists(ax)["group L1"]
    assert spike.get_visible() and spike.get_data().edges.tolist() == [-0.025, 0.025]
    assert spike.get_facecolor()[3] == 1 > body.get_facecolor()[3]
    assert spike.get_zorder() > body.get_zorder()
    pixels = on_screen(spike)
    assert pixels[:, 1].max() - ax.bbox.y0 > 0.3 * ax.bbox.height
    text = artists(ax)["group L1 share"]
    assert text.get_visible() and text.get_text() == "40% exactly 0"
    assert text.get_position() == pytest.approx((0.0375, 0.4))
    assert not artists(ax)["group L2 0"].get_visible()
    assert not artists(ax)["group L2 share"].get_visible()
    assert legend_texts(ax) == ["L1", "L2: no weight exactly 0"]


def test_exact_zeros_have_the_bin_in_the_middle_to_themselves():
    _, ax = plots.figure()
    plots.weight_histogram(ax, {"L1": torch.tensor([0.0, 0.5, -0.2])})
    edges = artists(ax)["group L1"].get_data().edges
    around = edges[np.searchsorted(edges, 0) - 1 :][:2]
    assert artists(ax)["group L1 0"].get_data().edges == pytest.approx(around)


def test_a_histogram_is_of_shares_up_to_the_reach():
    _, ax = plots.figure()
    w = torch.tensor([0.1, 0.3, -0.3, 0.0, 0.0], dtype=torch.float64)
    plots.weight_histogram(ax, {"L1": w}, bins=4, reach=0.4)
    values, edges, _ = artists(ax)["group L1"].get_data()
    assert edges == pytest.approx([-0.4, -0.2, 0, 0.2, 0.4]) and ax.get_xlim() == (-0.4, 0.4)
    assert values == pytest.approx([0.2, 0, 0.2, 0.2]) and ax.get_ylim() == (0, 0.5)
    plots.weight_histogram(ax, {"L1": w}, bins=4, top=0.8)
    assert ax.get_xlim() == pytest.approx((-0.3, 0.3)) and ax.get_ylim() == (0, 0.8)
    plots.weight_histogram(ax, {"L2": w}, bins=4, reach=0.4)
    assert "group L1" not in artists(ax) and "group L1 0" not in artists(ax)


def test_counts_stand_on_a_logarithmic_axis():
    _, ax = plots.figure()
    weights = torch.tensor([0.0] * 900 + [0.1] * 90 + [0.9])
    plots.weight_histogram(ax, {"L1": weights}, bins=9, reach=1, log=True)
    values = artists(ax)["group L1"].get_data().values
    assert values.max() == 90 and values.min() == 0.1 and ax.get_yscale() == "log"
    assert artists(ax)["group L1 0"].get_data().values.tolist() == [900]
    assert ax.get_ylim() == pytest.approx((0.7, 1.8 * 991)) and ax.get_ylabel() == "Count"


def test_matrices_are_counted_together():
    assert flat([torch.eye(2), torch.ones(1, 3)]).tolist() == [1, 0, 0, 1, 1, 1, 1]
    assert flat((np.eye(1),)).tolist() == flat(torch.eye(1)).tolist() == [1]


@pytest.mark.parametrize("at", [0.5, -1.5])
def test_one_weight_is_marked_on_penalties_and_slopes(at):
    _, (left, right) = plots.figure(cols=2)
    plots.penalty_and_slope(left, right, at=at)
    assert line_data(left, "at L1").tolist() == [[at, abs(at)]]
    assert line_data(left, "at L2").tolist() == [[at, at**2]]
    assert line_data(right, "at L1").tolist() == [[at, np.sign(at)]]
    assert line_data(right, "at L2").tolist() == [[at, 2 * at]]
    sizes = {artists(ax)[f"at {kind}"].get_markersize() for ax in (left, right) for kind in KINDS}
    assert len(sizes) == 1 and sizes.pop() > 9  # of other points
    assert left.get_xlim() == right.get_xlim() == (-2, 2)
    assert left.get_ylim() == (-0.25, 4) and right.get_ylim() == (-4.2, 4.2)
    plots.penalty_and_slope(left, right)
    assert len(line_data(left, "at L1")) == len(line_data(right, "at L2")) == 0


def test_stems_stand_on_zero_under_rings_of_the_truth():
    _, ax = plots.figure()
    plots.stems(ax, [0, 2.0, 0, -1.0], [0.1, 1.5, 0.0, 0.0], plots.styles["L2"])
    pieces = [piece.tolist() for piece in artists(ax)["stems"].get_segments()]
    assert pieces == [[[0, 0], [0, 0.1]], [[1, 0], [1, 1.5]]]
    assert ax.get_xlim() == (-1, 4) and ax.get_ylim()[0] < -1 and ax.get_ylim()[1] > 2
    ring = artists(ax)["truth"]
    assert ring.get_markerfacecolor() == "none"
    assert ring.get_markersize() > artists(ax)["estimate"].get_markersize()
    assert legend_texts(ax) == ["L2: 2 of 4 not 0", "Truth"]


def test_paths_are_drawn_over_alpha_on_axes_that_can_be_given():
    _, ax = plots.figure()
    plots.paths(ax, ALPHAS[1:], shrunken_paths(0), useful=[3], now=0.01, reach=4)
    assert ax.get_xscale() == "log" and ax.get_ylim() == (-4, 4)
    assert ax.get_xlim() == pytest.approx((5e-5, 2)) and line_data(ax, "now")[0, 0] == 0.01
    assert line_data(ax, "zero").tolist() == [[x, 0] for x in ax.get_xlim()]
    assert artists(ax)["useful"].get_linewidth() > artists(ax)["other"].get_linewidth()
    plots.paths(ax, ALPHAS[1:], shrunken_paths(0))
    assert legend_texts(ax) == ["Exactly 0"] and len(line_data(ax, "now")) == 0
    low, high = ax.get_ylim()
    assert low < shrunken_paths(0).min() < shrunken_paths(0).max() < high


def test_a_path_that_is_0_throughout_is_not_drawn():
    """0 from the first α on has not become 0: no ring, no line."""
    _, ax = plots.figure()
    plots.paths(ax, [0.01, 0.1, 1.0], np.column_stack([[0.0] * 3, [1.0, 0.5, 0.0]]), useful=[1])
    assert line_data(ax, "useful 0").tolist() == [[1.0, 0]] and len(line_data(ax, "other 0")) == 0
    assert legend_texts(ax) == ["Other", "L1, useful", "Exactly 0"]
    shown = np.concatenate(artists(ax)["other"].get_segments() or [np.empty((0, 2))])
    assert not np.isfinite(np.reshape(shown, (-1, 2))[:, 1]).any()


def test_rings_tell_useful_features_from_the_others():
    _, ax = plots.figure()
    truth, _ = coefficients(0)
    useful = np.flatnonzero(truth).tolist()
    plots.paths(ax, ALPHAS[1:], shrunken_paths(0), useful=useful)
    large, small = artists(ax)["useful 0"], artists(ax)["other 0"]
    assert large.get_markersize() > small.get_markersize()
    assert large.get_markerfacecolor() == small.get_markerfacecolor() == "white"
    zeros = shrunken_paths(0) == 0
    assert len(line_data(ax, "useful 0")) == zeros[:, useful].any(axis=0).sum()
