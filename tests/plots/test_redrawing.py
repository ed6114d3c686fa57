"""Every chart on fresh and on used axes: the same picture, made of moved artists."""

import pytest

from helpers import plots
from tests.plots.examples import CHARTS, artists, fresh


@pytest.mark.parametrize("name", CHARTS)
def test_moving_leaves_the_same_picture_as_drawing_afresh(name):
    used, draw_used = fresh(name)
    draw_used(0)
    before = plots.render(used)
    draw_used(1)
    after = plots.render(used)
    other, draw_other = fresh(name)
    draw_other(1)
    assert after == plots.render(other)
    assert after != before
    draw_used(0)
    assert plots.render(used) == before


@pytest.mark.parametrize("name", CHARTS)
def test_redrawing_moves_artists_and_makes_none(name):
    fig, draw = fresh(name)

    def drawn():
        return {(i, key): a for i, ax in enumerate(fig.axes) for key, a in artists(ax).items()}

    draw(0)
    first = drawn()
    count = sum(len(ax.get_children()) for ax in fig.axes)
    for variant in (1, 0):
        draw(variant)
    assert first and drawn().keys() == first.keys()
    assert sum(len(ax.get_children()) for ax in fig.axes) == count
    come_and_go = ("pin", "curve", "group", "bar", "image")
    staying = [key for key in first if not key[1].startswith(come_and_go)]
    assert all(drawn()[key] is first[key] for key in staying)


def test_text_is_large_enough_to_project():
    for name in CHARTS:
        fig, draw = fresh(name)
        draw(0)
        shown = [
            text
            for ax in fig.axes
            for text in (*ax.texts, ax.title, ax.xaxis.label, *ax.get_xticklabels())
        ]
        assert min(text.get_fontsize() for text in shown) >= 14
        assert fig.dpi == 100 and fig.get_figwidth() <= 9
