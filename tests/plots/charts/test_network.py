"""The network: dropped neurons are crossed out and have no edges."""

import numpy as np
import torch

from helpers import plots
from tests.plots.examples import artists, line_data, on_screen


def test_network_loses_the_edges_of_dropped_neurons():
    _, ax = plots.figure()
    plots.network(ax, (3, 4, 2))
    edges = artists(ax)["edges"]
    assert len(edges.get_segments()) == 3 * 4 + 4 * 2
    plots.network(ax, (3, 4, 2), [None, torch.tensor([True, False, False, True]), None])
    assert len(edges.get_segments()) == 3 * 2 + 2 * 2
    assert len(line_data(ax, "crosses")) == 2 and len(line_data(ax, "on")) == 7


def test_neurons_stand_in_columns_from_the_top_down():
    _, ax = plots.figure()
    plots.network(ax, (2, 4), [None, [1, 0, 0, 1]])
    assert line_data(ax, "on").tolist() == [[0, 0.75], [0, 0.25], [1, 0.875], [1, 0.125]]
    assert line_data(ax, "off").tolist() == line_data(ax, "crosses").tolist()
    assert line_data(ax, "off").tolist() == [[1, 0.625], [1, 0.375]]
    edges = sorted(piece.tolist() for piece in artists(ax)["edges"].get_segments())
    assert edges == sorted([[0, y], [1, z]] for y in (0.25, 0.75) for z in (0.125, 0.875))
    assert ax.get_xlim() == (-0.4, 1.4) and ax.get_ylim() == (0, 1) and not ax.axison


def test_layers_are_named_under_themselves():
    _, ax = plots.figure()
    plots.network(ax, (3, 4, 4, 2), title="MLP")
    names = ["Input", "Hidden\n1", "Hidden\n2", "Output"]
    assert [artists(ax)[f"layer {i}"].get_text() for i in range(4)] == names
    assert [artists(ax)[f"layer {i}"].get_position()[0] for i in range(4)] == [0, 1, 2, 3]
    assert on_screen(artists(ax)["layer 0"])[:, 1].max() < ax.bbox.y0
    assert ax.get_title() == "MLP"
    plots.network(ax, (3, 2), names=["x", "y"])
    assert [artists(ax)[f"layer {i}"].get_text() for i in (0, 1)] == ["x", "y"]
    assert "layer 2" not in artists(ax) and ax.get_title() == ""


def test_neurons_of_a_wide_layer_do_not_touch():
    for widths, largest in (((3, 3), 28.0), ((6, 12, 6), 28.0)):
        _, ax = plots.figure()
        plots.network(ax, widths, [None, *[[1, 0] * (n // 2) + [1] * (n % 2) for n in widths[1:]]])
        on, off, crosses = (artists(ax)[name] for name in ("on", "off", "crosses"))
        size = on.get_markersize() + on.get_markeredgewidth()
        between = ax.bbox.height * 72 / 100 / max(widths)
        assert size < between and on.get_markersize() <= largest
        assert off.get_markersize() == on.get_markersize() > crosses.get_markersize()
        assert on.get_marker() == off.get_marker() == "o" and crosses.get_marker() == "x"
        assert off.get_markerfacecolor() == "white" != on.get_markerfacecolor()
    assert np.isclose(on.get_markersize(), 135 / 12)
