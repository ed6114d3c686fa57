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


def test_a_pin_lies_paler_behind_and_is_named_once():
    _, ax = plots.figure()
    plots.loss_curves(ax, history(0), [("α = 0", history(1)), ("α = 1", history(2))])
    drawn = artists(ax)
    for i in (0, 1):
        for part in ("train", "valid"):
            assert drawn[f"pin {i} {part}"].get_zorder() < drawn[part].get_zorder()
            assert drawn[f"pin {i} {part}"].get_linewidth() < drawn[part].get_linewidth()
    assert line_data(ax, "pin 1 train")[:, 1].tolist() == history(2).train_loss
    assert legend_texts(ax)[2:] == ["α = 0", "α = 1"]


def test_the_axes_have_room_for_trainings_that_are_not_drawn():
    _, ax = plots.figure()
    high = history(0)
    high.valid_loss = [loss + 5 for loss in high.valid_loss]
    plots.loss_curves(ax, history(1), room_for=[high])
    assert ax.get_ylim()[1] > 7 and legend_texts(ax) == ["Train loss", "Valid loss"]


def test_without_an_epoch_there_is_no_lowest_loss():
    _, ax = plots.figure()
    plots.loss_curves(ax, history(0, 0))
    assert ax.get_xlim() == (0, 1) and ax.get_ylim() == (0, 1)
    assert not artists(ax)["best text"].get_visible() and len(line_data(ax, "best point")) == 0
    plots.loss_curves(ax, history(0, 1))
    assert artists(ax)["best text"].get_text() == "lowest: epoch 1 "


def test_bands_show_the_baseline_behind_them():
    _, ax = plots.figure()
    others = [history(i + 3) for i in range(5)]
    plots.bands(ax, [history(i) for i in range(5)], ("α = 0", others))
    assert legend_texts(ax) == ["Valid, α = 0", "Train loss", "Valid loss"]
    losses = np.array([h.valid_loss for h in others])
    assert line_data(ax, "baseline")[:, 1] == pytest.approx(np.median(losses, axis=0))
    outline = artists(ax)["baseline band"].get_xy()[:, 1]
    assert outline[:100] == pytest.approx(np.quantile(losses, 0.05, axis=0))
    assert outline[100] == pytest.approx(np.quantile(losses, 0.95, axis=0)[-1])
    assert ax.get_ylim()[1] > np.quantile(losses, 0.95, axis=0).max()
    assert ax.get_ylabel() == "Loss (5 runs)"
    plots.bands(ax, [history(i) for i in range(4)])
    assert "baseline" not in artists(ax) and ax.get_ylabel() == "Loss (4 runs)"


def test_bands_of_train_and_valid_are_their_own():
    _, ax = plots.figure()
    runs = [history(i) for i in range(7)]
    for run, shift in zip(runs, range(7), strict=True):
        run.train_loss = [loss + shift for loss in run.train_loss]
    plots.bands(ax, runs)
    losses = np.array([h.train_loss for h in runs])
    assert line_data(ax, "train")[:, 1] == pytest.approx(np.median(losses, axis=0))
    assert artists(ax)["train band"].get_xy()[:100, 1] == pytest.approx(
        np.quantile(losses, 0.05, axis=0)
    )


def test_stopping_shades_what_it_spares():
    _, ax = plots.figure()
    h = history(0)
    plots.stopped(ax, h, (41, 21))
    x, y = artists(ax)["spared"].get_xy().T
    assert (x.min(), x.max(), y.min(), y.max()) == (41, 100, 0, ax.get_ylim()[1])
    assert line_data(ax, "train").tolist() == [[e, h.train_loss[e - 1]] for e in range(1, 42)]
    assert line_data(ax, "spared train")[:, 0].tolist() == list(range(41, 101))
    assert line_data(ax, "spared valid")[-1].tolist() == [100, h.valid_loss[-1]]
    assert artists(ax)["stop text"].get_visible()
    plots.stopped(ax, h, (100, 21))
    assert np.isnan(artists(ax)["spared"].get_xy()).all()
    assert not artists(ax)["stop text"].get_visible()


def test_parts_of_the_loss_lie_on_each_other():
    _, ax = plots.figure()
    h = history(0)
    plots.loss_parts(ax, h, epochs=150)
    total = np.add(h.train_loss, h.penalty)
    assert line_data(ax, "total")[:, 1] == pytest.approx(total) and ax.get_xlim() == (0, 150)
    assert line_data(ax, "train")[:, 1].tolist() == h.train_loss
    for name, low, high in (
        ("data part", np.zeros(100), h.train_loss),
        ("penalty part", h.train_loss, total),
    ):
        outline = artists(ax)[name].get_xy()[:, 1]
        assert outline[:100] == pytest.approx(low) and outline[199:99:-1] == pytest.approx(high)
    assert artists(ax)["penalty part"].get_alpha() > artists(ax)["data part"].get_alpha()
    plots.loss_parts(ax, history(0, 0))
    assert ax.get_xlim() == (0, 1)
