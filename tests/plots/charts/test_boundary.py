"""The boundary: where it lies, which points are ringed, which colour a region has."""

from dataclasses import replace

import pytest
import torch

from helpers import plots
from tests.plots.examples import MOONS, decoded, line_data


def test_boundary_rings_the_flipped_points_and_lies_where_the_share_is_half():
    _, ax = plots.figure()
    data = replace(MOONS, flipped=torch.arange(60) == 7)
    plots.boundary(ax, lambda x: torch.sigmoid(x[:, 0] - 0.4), data)
    assert line_data(ax, "flipped").tolist() == [data.x_train[7].tolist()]
    assert line_data(ax, "boundary")[:-1, 0] == pytest.approx(0.4, abs=0.01)
    shown = sum(len(line_data(ax, f"class {k}")) for k in (0, 1))
    assert shown == 60


def test_regions_have_the_colour_of_the_points_in_them():
    fig, ax = plots.figure()
    plots.boundary(ax, lambda x: (x[:, 1] > 0.25).double(), MOONS)  # class 1 above
    shown = decoded(plots.render(fig))
    colours = {}
    for name, y in (("above", 1.0), ("below", -0.5)):
        column, row = ax.transData.transform((-2.5, y))
        colours[name] = shown[round(420 - row), round(column)]
    assert colours["above"][1] < colours["below"][1]  # the magenta of class 1 has less green
