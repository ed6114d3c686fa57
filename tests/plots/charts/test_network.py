"""The network: dropped neurons are crossed out and have no edges."""

import torch

from helpers import plots
from tests.plots.examples import artists, line_data


def test_network_loses_the_edges_of_dropped_neurons():
    _, ax = plots.figure()
    plots.network(ax, (3, 4, 2))
    edges = artists(ax)["edges"]
    assert len(edges.get_segments()) == 3 * 4 + 4 * 2
    plots.network(ax, (3, 4, 2), [None, torch.tensor([True, False, False, True]), None])
    assert len(edges.get_segments()) == 3 * 2 + 2 * 2
    assert len(line_data(ax, "crosses")) == 2 and len(line_data(ax, "on")) == 7
