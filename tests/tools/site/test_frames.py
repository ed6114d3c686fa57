"""Joined, the pieces are the picture that matplotlib writes and the live lab shows."""

import io
import re
from itertools import pairwise

import matplotlib
import numpy as np
import pytest

from helpers import plots
from helpers.lab import View
from tests.plots.examples import CHARTS, artists
from tests.tools.site.shapes import shapes
from tools.site.frames import MOST_MARKERS, SETTINGS, Stage

GID = re.compile(r'data-gid="([^"]*)" data-axes="(\d+)"')


def view(name: str) -> View:
    columns, draw = CHARTS[name]
    return View(lambda: 0, draw, str, cols=columns)


def saved(view: View, variants: list[int]) -> str:
    """The same picture as matplotlib saves it, on a figure of its own."""
    fig, axes = plots.figure(view.rows, view.cols, view.size, view.heights)
    with matplotlib.rc_context(SETTINGS | {"image.composite_image": False}):
        for variant in variants:
            view.draw(axes, variant)
        file = io.StringIO()
        fig.savefig(file, format="svg", dpi=72)
    return file.getvalue()


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_the_svg_that_matplotlib_saves(name):
    stage = Stage(view(name), "t")
    for variant in (0, 1, 0):
        assert shapes("".join(stage.draw(variant))) == shapes(saved(view(name), [variant]))


@pytest.mark.parametrize("name", CHARTS)
def test_every_artist_is_there_by_its_name_in_the_live_order(name):
    stage = Stage(view(name), "t")
    pieces = stage.draw(0)
    drawn = [(gid, int(ax)) for gid, ax in GID.findall("".join(pieces))]
    there = live_order(stage)
    assert drawn and [entry for entry in there if entry in drawn] == drawn
    empty = {gid for gid, _ in there} - {gid for gid, _ in drawn}
    with_data = {gid for ax in stage.figure.axes for gid, a in artists(ax).items() if shows(a)}
    assert not empty & with_data


def live_order(stage: Stage) -> list[tuple[str, int]]:
    """What the canvas of a live lab draws over its background: names and axes, in that order."""
    order = []
    for index, ax in enumerate(stage.figure.axes):
        for artist in ax.get_children():
            if artist.get_animated():
                entry = (str(artist.get_gid() or "legend"), index)
                artist.draw = lambda renderer, entry=entry: order.append(entry)
    plots.render(stage.figure)
    return order


def shows(artist) -> bool:
    data = artist.get_data() if hasattr(artist, "get_data") else None
    return artist.get_visible() and isinstance(data, tuple) and len(data[0]) > 1


def test_what_did_not_move_is_the_same_piece():
    stage = Stage(view("loss_until"), "t")
    first, second = stage.draw(0), stage.draw(1)
    assert len(set(second) - set(first)) <= 8  # the curves, the lowest epoch: not the ground
    assert sum(map(len, set(second) - set(first))) < 4000 < sum(map(len, first))


def test_a_narrow_picture_has_its_axes_in_one_column_and_its_legends_have_room():
    def draw(axes, _):
        assert axes.shape == (2, 2)
        for ax in axes.flat:
            for name in "abcde":
                plots.line(ax, name, [0, 1], [0, 1], plots.styles["train"], label=f"a label {name}")
            plots.legend(ax)

    four = View(lambda: 0, draw, str, rows=2, cols=2)
    wide, narrow = Stage(four, "w"), Stage(four, "n", narrow=True)
    wide.draw(0)
    narrow.draw(0)
    assert narrow.size[0] < 360 < wide.size[0]
    places = [ax.get_position() for ax in narrow.figure.axes]
    assert len({place.x0 for place in places}) == 1
    assert all(one.y0 > other.y1 for one, other in pairwise(places))
    high = [place.height * narrow.size[1] / 72 for place in places]
    assert min(high) > 1.5  # inches


def test_a_single_axes_is_handed_over_as_one():
    single = Stage(view("loss_curves"), "n", narrow=True)
    assert not isinstance(single.axes, np.ndarray)
    assert single.draw(0)


def test_a_cloud_of_markers_weighs_little_and_lies_where_its_points_are():
    points = np.random.default_rng(0).normal(0, 1, (2, 10 * MOST_MARKERS)).clip(-2, 2)

    def draw(ax, _):
        plots.limits(ax, x=(-4, 4), y=(-4, 4))
        plots.points(ax, "cloud", *points, plots.styles["data"], markersize=4)

    stage = Stage(View(lambda: 0, draw, str), "t")
    [cloud] = [piece for piece in stage.draw(0) if 'data-gid="cloud"' in piece]
    assert "<image" in cloud and len(cloud) < 40_000
    assert not stage.figure.stale  # or the ground would be drawn anew each time
    x, width = (float(re.search(rf' {side}="(-?[\d.]+)"', cloud)[1]) for side in ("x", "width"))
    left, right = (stage.axes.transData.transform((end, 0))[0] for end in (-2, 2))
    assert x == pytest.approx(left, abs=4) and x + width == pytest.approx(right, abs=4)


def test_the_figure_of_the_live_lab_is_left_alone():
    seen = view("loss_curves")
    before = seen.paint(0)
    stage = Stage(seen, "t")
    stage.draw(1)
    assert stage.figure is not seen.canvas[0] and seen.canvas[0].dpi == 100
    assert seen.paint(0) == before


def test_names_of_two_labs_never_meet():
    one, other = (Stage(view("stopped"), prefix).draw(0) for prefix in ("one", "other"))
    ids = [set(re.findall(r' id="([^"]*)"', "".join(pieces))) for pieces in (one, other)]
    assert ids[0] and not ids[0] & ids[1]
    for pieces, known in zip((one, other), ids, strict=True):
        used = set(re.findall(r'(?:url\(#|href="#)([^")]*)', "".join(pieces)))
        assert used == known


def test_a_pointer_finds_curves_and_values():
    stage = Stage(view("loss_curves"), "t")
    joined = "".join(stage.draw(0))
    [axes] = stage.readings()
    assert ["train", "Train loss"] in axes["curves"]
    path = re.search(r'data-gid="train" data-axes="0"><path d="m([\d.]+) ?([\d.]+)', joined)
    left, top, width, height = axes["box"]
    x = (float(path[1]) / stage.size[0] - left) / width
    y = (float(path[2]) / stage.size[1] - top) / height
    at = axes["x"][0] + x * (axes["x"][1] - axes["x"][0])
    loss = axes["y"][1] - y * (axes["y"][1] - axes["y"][0])
    assert at == pytest.approx(1, abs=0.05)
    assert loss == pytest.approx(2.3 * np.exp(-1 / 18), abs=0.01)
