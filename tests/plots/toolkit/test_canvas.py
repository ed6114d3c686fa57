"""The canvas: what is redrawn, what a notebook keeps."""

import io

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
