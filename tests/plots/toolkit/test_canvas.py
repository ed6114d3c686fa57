"""The canvas: what is redrawn, what a notebook keeps."""

import io

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from PIL import Image

from helpers import plots
from helpers.plots.toolkit import canvas
from tests.plots.examples import fresh, history


def test_a_moved_artist_does_not_redraw_the_background():
    fig, ax = plots.figure()
    plots.loss_curves(ax, history(0), epochs=100)
    plots.render(fig)
    background = fig.canvas.background
    plots.loss_curves(ax, history(0, 90), epochs=100)
    plots.render(fig)
    assert fig.canvas.background is background
    plots.titles(ax, x="Step")
    plots.render(fig)
    assert fig.canvas.background is not background


def test_a_saved_picture_has_twice_the_pixels_and_leaves_the_live_one_alone():
    fig, draw = fresh("loss_curves")
    draw(0)
    live = plots.render(fig)
    picture = canvas.Picture(fig, "Valid loss가 다시 올라갑니다.")
    data, metadata = DisplayFormatter().format(picture)
    assert data["text/plain"] == repr(picture) == "Valid loss가 다시 올라갑니다."
    assert Image.open(io.BytesIO(data["image/png"])).size == (1800, 840)
    assert metadata["image/png"]["width"] == 900
    assert b"matplotlib" not in data["image/png"].lower()
    assert len(data["image/png"]) < 60_000
    assert plots.render(fig) == live


def test_show_prints_the_caption_outside_a_notebook(capsys):
    fig, draw = fresh("bars")
    draw(0)
    plots.show(fig, "막대그래프입니다.")
    assert "막대그래프입니다." in capsys.readouterr().out


# The figure


@pytest.mark.parametrize(
    ("layout", "pixels"),
    [((1, 1), (900, 420)), ((1, 2), (900, 420)), ((2, 1), (900, 840)), ((2, 3), (900, 840))],
)
def test_axes_stand_apart_with_room_for_their_texts(layout, pixels):
    fig, axes = plots.figure(*layout)
    assert tuple(fig.bbox.size) == pixels
    boxes = [ax.get_position() for ax in np.ravel(axes)]
    assert np.shape(axes) == tuple(n for n in layout if n > 1)
    width, height = fig.get_size_inches()
    assert boxes[0].x0 * width == pytest.approx(1.05)
    assert (1 - boxes[-1].x1) * width == pytest.approx(0.3)
    assert (1 - boxes[0].y1) * height == pytest.approx(0.5)
    assert boxes[-1].y0 * height == pytest.approx(0.75)
    if layout[1] > 1:
        assert (boxes[1].x0 - boxes[0].x1) * width == pytest.approx(1.1)
    if layout[0] > 1:
        assert (boxes[0].y0 - boxes[layout[1]].y1) * height == pytest.approx(1.25)


def test_rows_have_the_heights_given_and_a_figure_its_size():
    fig, axes = plots.figure(2, 2, (9.6, 7.4), (1.6, 1))
    tall, low = axes[0, 0].get_position().height, axes[1, 0].get_position().height
    assert tall / low == pytest.approx(1.6)
    assert plots.figure(size=(3, 2))[0].bbox.size.tolist() == [300, 200] and fig.dpi == 100


def test_axes_are_dressed_for_projection():
    fig, ax = plots.figure()
    plots.line(ax, "a", [0, 5], [0, 0.25], plots.styles["L1"])
    plots.limits(ax, x=(0, 5), y=(0, 0.25))
    fig.draw_without_rendering()
    assert [name for name, spine in ax.spines.items() if spine.get_visible()] == ["left", "bottom"]
    for axis in (ax.xaxis, ax.yaxis):
        ticks = axis.get_ticklabels()
        assert len(ticks) <= 6 and all(t.get_fontsize() == 15 for t in ticks)
        assert ticks[0].get_color() == axis.label.get_color() == "#333333"
    assert [t.get_text() for t in ax.get_yticklabels()] == [
        "0",
        "0.05",
        "0.1",
        "0.15",
        "0.2",
        "0.25",
    ]
    assert [line.get_visible() for line in ax.get_ygridlines()] == [True] * 6
    assert not any(line.get_visible() for line in ax.get_xgridlines())
    assert ax.get_axisbelow() is True and ax.title.get_fontsize() == 15


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.5, "0.5"), (20, "20"), (1e-4, "0.0001"), (1e-5, "1e−5"), (-3.25, "−3.25")],
)
def test_numbers_are_written_plainly(value, text):
    assert plots.plain(value) == text
