"""Two trainings on each other: what is drawn, while the second runs and once it is done."""

from copy import deepcopy

import pytest

from helpers import plots
from helpers.data import digits
from helpers.models import MLP, weights
from helpers.training import train
from tests.plots.examples import artists, legend_texts, line_data


@pytest.fixture(scope="module")
def histories():
    data = digits(n_train=40, n_valid=30, n_test=10)
    return [train(MLP((64, 4, 10), seed=s), data, epochs=5) for s in (0, 1)]


def test_curves_and_weights_of_both_are_drawn(histories):
    _, axes = plots.figure(cols=2)
    plots.two_ways(axes, histories)
    left, right = map(artists, axes)
    assert list(left["Valid L2"].get_ydata()) == histories[0].valid_loss
    assert list(left["Train decay"].get_ydata()) == histories[1].train_loss
    expected = [v for w in weights(histories[1].model) for v in w.flatten().tolist()]
    assert right["weights"].get_ydata().tolist() == expected


def test_weights_wait_until_the_second_training_is_done(histories):
    _, axes = plots.figure(cols=2)
    running = deepcopy(histories[1])
    for column in (running.epoch, running.train_loss, running.valid_loss):
        del column[3:]
    for second in (None, running):
        plots.two_ways(axes, (histories[0], second))
        assert len(artists(axes[1])["weights"].get_xdata()) == 0
    assert len(artists(axes[0])["Valid decay"].get_xdata()) == 3


def test_a_used_picture_equals_a_fresh_one(histories):
    used, axes = plots.figure(cols=2)
    plots.two_ways(axes, (histories[1], None))
    plots.two_ways(axes, histories)
    fresh, axes = plots.figure(cols=2)
    plots.two_ways(axes, histories)
    assert plots.render(used) == plots.render(fresh)


def test_the_first_is_wide_and_pale_and_the_second_thin_on_it(histories):
    _, axes = plots.figure(cols=2)
    plots.two_ways(axes, histories, ("Adam", "AdamW"))
    drawn = artists(axes[0])
    for part in ("Train", "Valid"):
        wide, thin = drawn[f"{part} Adam"], drawn[f"{part} AdamW"]
        assert (wide.get_linewidth(), thin.get_linewidth()) == (9, 2)
        assert wide.get_linestyle() == thin.get_linestyle() == "-"
    assert legend_texts(axes[0]) == ["Train, Adam", "Valid, Adam", "Train, AdamW", "Valid, AdamW"]
    assert axes[0].get_xlim() == (0, 5)
    assert line_data(axes[0], "Train Adam")[:, 1].tolist() == histories[0].train_loss


def test_weights_lie_about_a_diagonal_through_the_whole_square(histories):
    _, axes = plots.figure(cols=2)
    plots.two_ways(axes, histories)
    ax = axes[1]
    own = [v for w in weights(histories[0].model) for v in w.flatten().tolist()]
    assert artists(ax)["weights"].get_xdata().tolist() == own
    assert ax.get_xlim() == ax.get_ylim() and ax.get_xlim()[0] < min(own) < max(own)
    assert line_data(ax, "diagonal").tolist() == [[end, end] for end in ax.get_xlim()]
    assert artists(ax)["weights"].get_markersize() == 4 and artists(ax)["weights"].get_alpha() < 1
    plots.two_ways(axes, (histories[0], None))
    assert ax.get_xlim() == (-1, 1) and len(line_data(axes[0], "Train decay")) == 0
    assert legend_texts(axes[0]) == ["Train, L2", "Valid, L2"]


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("losses", ["train_loss", "valid_loss"])
def test_the_axes_hold_all_four_curves(histories, which, losses):
    _, axes = plots.figure(cols=2)
    pair = deepcopy(histories)
    getattr(pair[which], losses)[0] = 9.0
    plots.two_ways(axes, pair)
    assert axes[0].get_ylim()[1] > 9
