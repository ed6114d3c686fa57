"""Artists: what each draws, where, and in which order they lie on each other."""

import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgba

from helpers import plots
from helpers.plots.toolkit import artists as toolkit
from tests.plots.examples import artists, decoded, line_data, on_screen

BLUE, RED = plots.Style("Blue", "#0000ff", "--", "s"), plots.Style("Red", "#ff0000")


@pytest.fixture
def ax():
    _, made = plots.figure()
    plots.limits(made, x=(0, 10), y=(0, 1))
    return made


@pytest.mark.parametrize(
    "values", [[1, 2], (1, 2), np.array([1, 2]), torch.tensor([1.0, 2.0], requires_grad=True)]
)
def test_data_may_be_of_any_kind(values):
    assert toolkit.numbers(values).tolist() == [1.0, 2.0]
    assert toolkit.numbers(None).tolist() == []


def test_a_line_has_the_style_and_what_is_given_beside_it_wins(ax):
    line = plots.line(ax, "a", [0, 1], [0, 1], BLUE, label="A", linewidth=5)
    assert (line.get_color(), line.get_linestyle(), line.get_linewidth()) == ("#0000ff", "--", 5)
    assert line.get_label() == "A" and line.get_marker() == "None"
    assert plots.line(ax, "a", [0, 1], [0, 2], BLUE) is line
    assert str(line.get_label()).startswith("_") and line_data(ax, "a").tolist() == [[0, 0], [1, 2]]


def test_points_have_markers_and_no_curve(ax):
    dots = plots.points(ax, "a", [1], [0.5], BLUE)
    assert (dots.get_marker(), dots.get_markersize(), dots.get_linestyle()) == ("s", 9, "None")
    assert dots.get_color() == "#0000ff"
    plots.points(ax, "a", None, None, BLUE)
    assert len(line_data(ax, "a")) == 0


def test_only_what_changes_is_set_again(ax):
    line = plots.line(ax, "a", [0, 1], [0, 1], BLUE)
    before = line.get_xydata()
    assert plots.line(ax, "a", [0, 1], [0, 1], BLUE).get_xydata() is before
    for x, y in (([0, 1], [0, 2]), ([0, 3], [0, 2])):
        plots.line(ax, "a", x, y, BLUE)
        assert line_data(ax, "a").tolist() == [[x[0], y[0]], [x[1], y[1]]]


def test_a_band_lies_between_its_curves_and_a_polygon_may_be_empty(ax):
    band = plots.band(ax, "a", [1, 2], [0.2, 0.3], [0.6, 0.7], RED)
    assert band.get_xy().tolist()[:4] == [[1, 0.2], [2, 0.3], [2, 0.7], [1, 0.6]]
    assert band.get_facecolor() == to_rgba("#ff0000", 0.22)
    assert band.get_zorder() == 1 and band.get_linewidth() == 0
    plots.polygon(ax, "a", [], RED)
    assert len(on_screen(band)) == 0


def test_contours_are_where_the_level_is_and_apart_from_each_other(ax):
    x = y = np.linspace(-2, 2, 81)
    z = np.hypot(*np.meshgrid(x, y))
    plots.contours(ax, "a", x, y, z, [0.5, 1.5], RED)
    found = line_data(ax, "a")
    gaps = np.flatnonzero(np.isnan(found[:, 0]))
    assert len(gaps) == 2
    assert np.hypot(*found[: gaps[0]].T) == pytest.approx(0.5, abs=1e-3)
    assert np.hypot(*found[gaps[0] + 1 : gaps[1]].T) == pytest.approx(1.5, abs=1e-3)
    plots.contours(ax, "a", x, y, z, [9.0], RED)
    assert np.isnan(line_data(ax, "a")).all()


@pytest.mark.parametrize(("x", "side"), [(1, "left"), (5.9, "left"), (6.1, "right"), (9, "right")])
def test_the_text_of_a_mark_is_on_the_side_with_more_room(ax, x, side):
    assert plots.mark(ax, "m", x, RED, "here") is artists(ax)["m"]
    text = artists(ax)["m text"]
    assert text.get_ha() == side and text.get_va() == "top" and text.get_color() == "#ff0000"
    assert text.get_text() == {"left": " here", "right": "here "}[side]
    assert text.get_position() == (x, 0.98)
    assert line_data(ax, "m").tolist() == [[x, 0], [x, 1]]
    bottom, top = on_screen(artists(ax)["m"])
    assert (bottom[1], top[1]) == pytest.approx((ax.bbox.y0, ax.bbox.y1))


def test_a_mark_at_none_is_gone_and_its_text_too(ax):
    plots.mark(ax, "m", 3, RED, "here", height=0.5)
    assert artists(ax)["m text"].get_position() == (3, 0.5)
    plots.mark(ax, "m", None, RED, "here")
    assert len(line_data(ax, "m")) == 0 and not artists(ax)["m text"].get_visible()
    plots.mark(ax, "m", 4, RED, "here")
    assert artists(ax)["m text"].get_visible()


def test_steps_stand_on_zero_and_are_filled(ax):
    steps = plots.steps(ax, "s", [0.5, 0.2], [1, 2, 4], RED)
    values, edges, baseline = steps.get_data()
    assert (values.tolist(), edges.tolist(), baseline) == ([0.5, 0.2], [1, 2, 4], 0)
    assert steps.get_facecolor() == to_rgba("#ff0000", 0.4) and steps.get_fill()
    assert steps.get_edgecolor() == to_rgba("#ff0000")


def test_segments_are_thin_lines(ax):
    lines = plots.segments(ax, "s", [[(0, 0), (1, 1)], [(1, 0), (2, 1)]], RED)
    pieces = [[[0, 0], [1, 1]], [[1, 0], [2, 1]]]
    assert [piece.tolist() for piece in lines.get_segments()] == pieces
    assert lines.get_linewidth() == [1.5] and tuple(lines.get_color()[0]) == to_rgba("#ff0000")


def test_an_image_has_its_first_row_on_top_and_lies_under_everything(ax):
    plots.image(ax, "i", [[0, 0], [1, 1]], (0, 10, 0, 1), cmap="gray_r", clim=(0, 1))
    plots.line(ax, "l", [0, 10], [0.75, 0.75], RED, linewidth=8)
    shown = decoded(plots.render(ax.figure))

    def at(x, y):
        column, row = ax.transData.transform((x, y))
        return shown[round(420 - row), round(column)].tolist()

    assert at(2, 0.95) == [255, 255, 255] and at(2, 0.1) == [0, 0, 0]
    assert at(2, 0.75) == [255, 0, 0]


def test_an_arrow_leads_from_start_to_end(ax):
    arrow = plots.arrow(ax, "a", (1, 0.2), (8, 0.9), BLUE)
    pixels = on_screen(arrow)
    for place in ((1, 0.2), (8, 0.9)):
        near = np.abs(pixels - ax.transData.transform(place)).max(axis=1).min()
        assert near < 5
    assert arrow.get_edgecolor() == to_rgba("#0000ff") and arrow.get_linewidth() == 3
    plots.arrow(ax, "a", (1, 0.2), (4, 0.4), BLUE, mutation_scale=10)
    assert on_screen(arrow)[:, 0].max() < ax.transData.transform((4.3, 0))[0]


def test_what_was_drawn_last_lies_on_top(ax):
    def both(*names):
        for name in names:
            plots.line(ax, name, [0, 10], [0.5, 0.5], {"a": BLUE, "b": RED}[name], linestyle="-")
        shown = decoded(plots.render(ax.figure))
        column, row = ax.transData.transform((5, 0.5))
        return shown[round(420 - row), round(column)].tolist()

    assert both("a", "b") == [255, 0, 0]
    assert both("b", "a") == [0, 0, 255]


def test_only_what_the_block_did_not_draw_is_replaced(ax):
    for names in (("pin 0", "pin 1", "other"), ("pin 1",), ()):
        with plots.replacing(ax, "pin"):
            for name in names:
                plots.line(ax, name, [0, 1], [0, 1], RED)
        assert artists(ax).keys() == {*names, "other"}
