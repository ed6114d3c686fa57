"""Images: pixels as given, wrong labels flagged."""

import pytest

from helpers import plots
from tests.plots.examples import artists, digits_like


def test_images_flag_a_wrong_label():
    _, ax = plots.figure()
    plots.images(ax, digits_like(0)[:3], [3, 4, 5], [3, 9, 5])
    texts = [artists(ax)[f"image {i} label"].get_text() for i in range(3)]
    assert texts == ["3", "4 (9)", "5"]
    shown = artists(ax)["image 1"].get_array().data
    assert shown == pytest.approx(digits_like(0)[1].numpy().reshape(8, 8))
