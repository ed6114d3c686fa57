"""What can be read off a picture is where the picture shows it."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import CHARTS, X, decoded, history


def drawn(name):
    columns, draw = CHARTS[name]
    fig, axes = plots.figure(cols=columns)
    draw(axes, 0)
    plots.render(fig)
    return fig


def labels(fig):
    return [[curve.label for curve in reading.curves] for reading in plots.readings(fig)]


def test_curves_carry_the_names_of_the_legend_and_their_numbers():
    fig, ax = plots.figure()
    plots.loss_curves(ax, history(0))
    [reading] = plots.readings(fig)
    assert (reading.xlabel, reading.ylabel, reading.log) == ("Epoch", "Loss", "")
    train, valid = reading.curves
    assert (train.gid, train.label) == ("train", "Train loss")
    assert (valid.gid, valid.label) == ("valid", "Valid loss")
    assert list(valid.x) == history(0).epoch and list(valid.y) == history(0).valid_loss


@pytest.mark.parametrize("name", CHARTS)
def test_reading_changes_nothing_about_the_picture(name):
    fig = drawn(name)
    before = plots.render(fig)
    plots.readings(fig)
    assert not fig.stale and plots.render(fig) == before


@pytest.mark.parametrize("log", [False, True])
def test_box_and_limits_lead_to_the_pixels_of_the_curve(log):
    fig, axes = plots.figure(cols=2)
    red = plots.Style("", "#ff0000")
    x, y = [1, 2, 4], [1.0, 100.0, 10.0]
    plots.limits(axes[1], x=(0, 5), y=(0, 120))
    if log:
        plots.logarithmic(axes[1], "y", 0.5, 200)
    plots.line(axes[1], "curve", x, y, red, label="Red")
    [reading] = plots.readings(fig)
    assert reading.log == ("y" if log else "")
    pixels = decoded(plots.render(fig))
    height, width, _ = pixels.shape
    left, top, wide, high = reading.box
    low, up = np.log10(reading.y) if log else reading.y
    for a, b in zip(x, np.log10(y) if log else y, strict=True):
        across = (left + wide * (a - reading.x[0]) / (reading.x[1] - reading.x[0])) * width
        down = (top + high * (1 - (b - low) / (up - low))) * height
        near = pixels[round(down) - 2 : round(down) + 3, round(across) - 2 : round(across) + 3, :3]
        assert ((near == [255, 0, 0]).all(axis=2)).any()


def test_a_curve_alone_has_the_name_of_its_axis():
    fig, ax = plots.figure()
    plots.against(
        ax, [0, 0.1, 1, 10], {"Zeros": [0, 1, 2, 3]}, now=1, ylabel="Share of 0", named=False
    )
    assert labels(fig) == [["Share of 0"]]


def test_what_is_no_curve_is_not_read():
    fig, ax = plots.figure()
    style = plots.styles["L1"]
    plots.points(ax, "points", X, X, style, label="Points")
    plots.mark(ax, "mark", 0.5, style, label="Mark")
    plots.line(ax, "nothing", [], [], style, label="Nothing")
    plots.line(ax, "hidden", X, X, style, label="Hidden", visible=False)
    assert plots.readings(fig) == []
    for name in ("boundary", "constraint_region", "paths"):  # contours, and a line at zero
        assert labels(drawn(name)) == []
