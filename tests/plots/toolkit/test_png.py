"""PNG: the fast one is lossless, the small one nearly."""

import numpy as np

from helpers.plots.toolkit import png
from tests.plots.examples import decoded, fresh


def test_fast_png_is_lossless_and_small_png_nearly():
    fig, draw = fresh("loss_curves")
    draw(0)
    shown = fig.canvas.frame()[:, :, :3].astype(int)
    assert (decoded(png.fast(fig.canvas.frame())) == shown).all()
    small = png.small(fig.canvas.frame())
    assert np.abs(decoded(small) - shown).max() <= 8
    assert (decoded(small)[0, 0] == 255).all()
    assert len(small) < len(png.fast(fig.canvas.frame()))
