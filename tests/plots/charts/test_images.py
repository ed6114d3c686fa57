"""Images: pixels as given, wrong labels flagged."""

import numpy as np
import pytest

from helpers import plots
from tests.plots.examples import artists, digits_like, on_screen


def test_images_flag_a_wrong_label():
    _, ax = plots.figure()
    plots.images(ax, digits_like(0)[:3], [3, 4, 5], [3, 9, 5])
    texts = [artists(ax)[f"image {i} label"].get_text() for i in range(3)]
    assert texts == ["3", "4 (9)", "5"]
    shown = artists(ax)["image 1"].get_array().data
    assert shown == pytest.approx(digits_like(0)[1].numpy().reshape(8, 8))


def test_images_stand_in_rows_that_do_not_touch():
    _, ax = plots.figure()
    plots.images(ax, digits_like(0)[:7], [1] * 7, cols=3)
    extents = np.array([artists(ax)[f"image {i}"].get_extent() for i in range(7)])
    left, right, bottom, top = extents.T
    assert right - left == pytest.approx(1) and top - bottom == pytest.approx(1)
    assert left.tolist() == pytest.approx([0, 1.25, 2.5] * 2 + [0])
    assert top.tolist() == pytest.approx([0] * 3 + [-1.7] * 3 + [-3.4])
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    assert x0 <= 0 and x1 >= 3.5 and y0 <= -4.85 and y1 >= 0
    assert (x1 - x0) < 1.05 * 3.5 or (y1 - y0) < 1.05 * 4.85
    assert not ax.axison


def test_a_label_stands_under_its_image_and_over_the_next():
    _, ax = plots.figure()
    plots.images(ax, digits_like(0)[:12], [3] * 12, [3, 8] * 6)
    tops = [artists(ax)[f"image {i}"].get_extent()[3] for i in range(12)]
    assert tops == [0] * 10 + [-1.7] * 2
    for i in range(12):
        label = on_screen(artists(ax)[f"image {i} label"])
        picture = on_screen(artists(ax)[f"image {i}"])
        assert label[:, 1].max() < picture[:, 1].min()
        assert label[:, 0].mean() == pytest.approx(picture[:, 0].mean(), abs=2)
        if i < 2:
            below = on_screen(artists(ax)[f"image {i + 10}"])
            assert label[:, 1].min() > below[:, 1].max()


def test_a_wrong_label_is_bold_and_coloured_and_the_others_are_not():
    _, ax = plots.figure()
    plots.images(ax, digits_like(0)[:2], [3, 4], [3, 9])
    right, wrong = (artists(ax)[f"image {i} label"] for i in (0, 1))
    assert (right.get_fontweight(), wrong.get_fontweight()) == ("normal", "bold")
    assert wrong.get_color() == plots.styles["wrong labels"].color != right.get_color()
    plots.images(ax, digits_like(0)[:2], [3, 9], [3, 9])
    assert artists(ax)["image 1 label"].get_fontweight() == "normal"


def test_ink_is_dark_and_paper_white_whatever_the_range():
    _, ax = plots.figure()
    for scale in (1, 16, 0):
        plots.images(ax, scale * digits_like(0)[:2], [3, 4])
        shown = artists(ax)["image 0"]
        darkest = scale * digits_like(0)[:2].max().item()
        assert shown.get_clim() == pytest.approx((0, darkest or 1e-9))
        assert shown.get_cmap().name == "gray_r" and shown.get_interpolation() == "nearest"
