"""Loss curves: which losses, epochs and labels are drawn, and on which axes."""

import math

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import artists, history, legend_texts, line_data


def test_loss_curves_show_the_history_and_star_its_best_epoch():
    _, ax = plots.figure()
    h = history(1)
    plots.loss_curves(ax, h, [("α = 0", history(0))])
    assert line_data(ax, "train").tolist() == np.column_stack([h.epoch, h.train_loss]).tolist()
    assert line_data(ax, "valid")[:, 1].tolist() == h.valid_loss
    assert line_data(ax, "pin 0 valid")[:, 1].tolist() == history(0).valid_loss
    lowest = int(np.argmin(h.valid_loss))
    assert line_data(ax, "best point").tolist() == [[lowest + 1, h.valid_loss[lowest]]]
    assert legend_texts(ax) == ["Train loss", "Valid loss", "α = 0"]
    plots.loss_curves(ax, h)
    assert legend_texts(ax) == ["Train loss", "Valid loss"]


def test_a_streaming_history_keeps_the_width_and_starts_empty():
    _, ax = plots.figure()
    plots.loss_curves(ax, history(0, 0), epochs=100)
    assert ax.get_xlim() == (0, 100)
    tops = set()
    for epochs in range(1, 101):
        plots.loss_curves(ax, history(0, epochs), epochs=100)
        assert ax.get_xlim() == (0, 100)
        tops.add(ax.get_ylim())
    assert len(tops) == 1


def test_until_hides_the_rest_on_the_axes_of_the_whole():
    _, ax = plots.figure()
    h = history(0)
    plots.loss_curves(ax, h)
    whole = ax.get_xlim(), ax.get_ylim()
    plots.loss_curves(ax, h, until=5)
    assert (ax.get_xlim(), ax.get_ylim()) == whole
    assert len(line_data(ax, "valid")) == 5
    assert line_data(ax, "best point")[0, 0] == 1 + np.argmin(h.valid_loss[:5])


def test_a_diverged_history_is_drawn_as_far_as_it_is_finite():
    fig, ax = plots.figure()
    h = history(0, 5)
    h.valid_loss[-1] = math.inf
    h.train_loss[-1] = math.nan
    plots.loss_curves(ax, h)
    assert all(map(math.isfinite, ax.get_ylim()))
    assert plots.render(fig)


def test_stopped_pales_what_it_spares():
    _, ax = plots.figure()
    h = history(0)
    plots.stopped(ax, h, (41, 21))
    assert line_data(ax, "valid")[-1, 0] == line_data(ax, "spared valid")[0, 0] == 41
    assert line_data(ax, "best point").tolist() == [[21, h.valid_loss[20]]]
    assert line_data(ax, "stop")[0, 0] == 41
    plots.stopped(ax, h, (100, 21))
    assert len(line_data(ax, "stop")) == 0 and len(line_data(ax, "spared valid")) == 1


def test_bands_hold_the_median_between_the_quantiles():
    _, ax = plots.figure()
    runs = [history(i) for i in range(7)]
    plots.bands(ax, runs)
    losses = np.array([h.valid_loss for h in runs])
    assert line_data(ax, "valid")[:, 1] == pytest.approx(np.median(losses, axis=0))
    outline = artists(ax)["valid band"].get_xy()
    assert outline[:, 1].max() == pytest.approx(np.quantile(losses, 0.95, axis=0).max())
