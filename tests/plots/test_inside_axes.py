"""Every chart keeps what it draws inside its axes, fills them, and ends them at the last epoch."""

from functools import cache

import numpy as np
import pytest
from matplotlib.text import Text

from helpers import plots
from tests.plots.examples import CHARTS, artists, fresh, history, on_screen

# Refits may be wild: truth and data alone set the limits. (chart, artist)
WILD = {("spread", "fits")}
# How much of the width or height the data at least span, where that is not half.
SPANS = {
    ("loss_until", 0): 0.15,  # the curves of the first epochs on the axes of all
    ("paired", 0): 0.0,  # without a partner all points stand in one column
    ("paired", 1): 0.35,  # losses far from 0, on an axis that starts there
    ("against_degree", 1): 0.35,
    ("against", 1): 0.45,
    ("single_artists", 0): 0.3,
    ("single_artists", 1): 0.3,
}
LAST_EPOCH = {"schedule": 60}  # 100 in all other examples
EXAMPLES = [(name, variant) for name in CHARTS for variant in (0, 1)]


@cache
def drawn(name, variant):
    """The figure of an example, read but not changed by the tests."""
    fig, draw = fresh(name)
    draw(variant)
    return fig


def spanned(ax):
    """The corners (2, 2) of all data, as shares of the axes."""
    marks = (a for a in artists(ax).values() if not isinstance(a, Text))
    in_data = [a for a in marks if a.get_transform().contains_branch(ax.transData)]
    pixels = np.concatenate([on_screen(a) for a in in_data])
    return ax.transAxes.inverted().transform([pixels.min(0), pixels.max(0)])


@pytest.mark.parametrize(("name", "variant"), EXAMPLES)
def test_what_is_drawn_lies_inside_its_axes_and_texts_inside_the_picture(name, variant):
    fig = drawn(name, variant)
    for ax in fig.axes:
        for gid, artist in artists(ax).items():
            pixels = on_screen(artist)
            box = fig.bbox if isinstance(artist, Text) else ax.bbox
            if len(pixels) and (name, gid) not in WILD:
                assert (pixels >= [box.x0 - 0.01, box.y0 - 0.01]).all(), gid
                assert (pixels <= [box.x1 + 0.01, box.y1 + 0.01]).all(), gid


@pytest.mark.parametrize(("name", "variant"), EXAMPLES)
def test_data_fill_their_axes(name, variant):
    for ax in drawn(name, variant).axes:
        low, high = spanned(ax)
        for i in (0, 1):
            assert high[i] - low[i] >= SPANS.get((name, i), 0.5)


@pytest.mark.parametrize(("name", "variant"), EXAMPLES)
def test_an_axis_of_epochs_ends_at_the_last_one(name, variant):
    for ax in drawn(name, variant).axes:
        if ax.get_xlabel() == "Epoch":
            assert ax.get_xlim() == (0, LAST_EPOCH.get(name, 100))


def test_a_longer_pin_or_a_longer_rate_ends_the_axis():
    _, ax = plots.figure()
    plots.loss_curves(ax, history(0, 40), [("longer", history(1, 70))])
    assert ax.get_xlim() == (0, 70)
    plots.loss_curves(ax, history(0, 40), room_for=[history(1, 90)])
    assert ax.get_xlim() == (0, 90)
    _, ax = plots.figure()
    plots.schedule(ax, {"Constant": [0.1] * 10, "StepLR": [0.1] * 30})
    assert ax.get_xlim() == (0, 30)
