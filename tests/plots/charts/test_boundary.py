"""The boundary: where it lies, which points are ringed, which colour a region has."""

from dataclasses import replace

import pytest
import torch

from helpers import plots
from helpers.plots.charts.boundary import blend
from tests.plots.examples import MOONS, artists, decoded, legend_texts, line_data


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


def test_classes_are_told_apart_by_marker_and_without_a_flip_nothing_is_ringed():
    _, ax = plots.figure()
    plots.boundary(ax, lambda x: x[:, 0].sigmoid(), MOONS)
    for k, marker in enumerate("os"):
        expected = MOONS.x_train[MOONS.y_train == k]
        assert line_data(ax, f"class {k}").tolist() == expected.tolist()
        assert artists(ax)[f"class {k}"].get_marker() == marker
        assert artists(ax)[f"class {k}"].get_markeredgecolor() == "white"
    assert len(line_data(ax, "flipped")) == 0 and legend_texts(ax) == ["Class 0", "Class 1"]
    plots.boundary(ax, lambda x: x[:, 0].sigmoid(), replace(MOONS, flipped=torch.zeros(0).bool()))
    assert len(line_data(ax, "flipped")) == 0


def test_a_ring_hides_no_point():
    _, ax = plots.figure()
    data = replace(MOONS, flipped=torch.arange(60) == 7)
    plots.boundary(ax, lambda x: x[:, 0].sigmoid(), data)
    ring = artists(ax)["flipped"]
    assert ring.get_markerfacecolor() == "none"
    assert ring.get_markersize() > 1.5 * artists(ax)["class 0"].get_markersize()


def test_the_network_is_asked_in_its_own_precision_all_over_the_axes():
    asked = []

    def predict(x):
        asked.append(x)
        return x[:, 0].sigmoid()

    _, ax = plots.figure()
    single = replace(MOONS, x_train=MOONS.x_train.float())
    plots.boundary(ax, predict, single, resolution=30)
    [x] = asked
    assert x.dtype == torch.float32 and x.shape == (900, 2)
    assert (x.min(0).values.tolist(), x.max(0).values.tolist()) == (
        pytest.approx([ax.get_xlim()[0], ax.get_ylim()[0]]),
        pytest.approx([ax.get_xlim()[1], ax.get_ylim()[1]]),
    )
    assert artists(ax)["regions"].get_extent() == pytest.approx([*ax.get_xlim(), *ax.get_ylim()])


def test_a_region_is_the_pale_colour_of_its_class_and_between_them_a_blend():
    zero, middle, one = blend(torch.tensor([[-1.0, 0.5, 2.0]]).numpy())[0]
    for shown, k in ((zero, 0), (one, 1)):
        assert shown == pytest.approx(1 - 0.3 * (1 - colour(k)))
    assert middle == pytest.approx((zero + one) / 2)


def colour(k):
    from matplotlib.colors import to_rgb

    return torch.tensor(to_rgb(plots.styles[f"class {k}"].color)).numpy()


def test_the_axes_are_centred_on_the_points():
    _, ax = plots.figure()
    far = replace(MOONS, x_train=MOONS.x_train + torch.tensor([10.0, -3.0]))
    plots.boundary(ax, lambda x: x[:, 0].sigmoid(), far)
    middle = (far.x_train.max(0).values + far.x_train.min(0).values) / 2
    for ends, place in ((ax.get_xlim(), middle[0]), (ax.get_ylim(), middle[1])):
        assert sum(ends) / 2 == pytest.approx(float(place), abs=0.4)
