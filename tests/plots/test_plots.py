"""Every picture is drawn on fresh and on used axes; the artists, not only the pixels, are read."""

import io
import itertools
import math
import subprocess
import sys
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from helpers import plots
from helpers.data import moons
from helpers.plots.toolkit import axes as scales, canvas, png

X = np.linspace(-1, 1, 60)
ALPHAS = np.array([0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0])
METHODS = ("none", "L1", "L2", "dropout", "early stopping", "all")


def history(variant: int, epochs: int = 100) -> SimpleNamespace:
    """Curves shaped like the course's: the valid loss turns at an epoch set by the variant."""
    rng = np.random.default_rng(variant)
    epoch = np.arange(1, epochs + 1)
    train = 2.3 * np.exp(-epoch / 18)
    valid = 1.9 * np.exp(-epoch / 7) + 0.45 + (0.005 + 0.006 * variant) * epoch
    valid = valid + rng.normal(0, 0.03, epochs)
    return SimpleNamespace(
        epoch=list(epoch), train_loss=list(train), valid_loss=list(valid), penalty=list(valid / 3)
    )


def u_shape(variant: int) -> np.ndarray:
    return 0.8 + 0.2 * (np.arange(6) - 2.5 - variant / 2) ** 2 / 3


def coefficients(variant: int) -> tuple[np.ndarray, np.ndarray]:
    """A sparse truth (60,) and an estimate with exact zeros."""
    rng = np.random.default_rng(3)
    truth = np.zeros(60)
    truth[[3, 11, 24, 40, 52]] = [2.1, -1.4, 1.2, -2.6, 1.7]
    estimate = truth * (0.9 - 0.2 * variant)
    noisy = rng.integers(0, 60, 12 - 5 * variant)
    estimate[noisy] += rng.normal(0, 0.3, len(noisy))
    return truth, estimate


def shrunken_paths(variant: int) -> np.ndarray:
    truth, _ = coefficients(0)
    start = truth + np.random.default_rng(1).normal(0, 0.3, 60)
    threshold = 3.0 * np.sqrt(ALPHAS[1:, None]) + 0.2 * variant
    return np.sign(start) * np.maximum(np.abs(start) - threshold, 0)


def layers(variant: int) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(variant)
    w = torch.randn(40, 40, generator=generator, dtype=torch.float64) * 0.3
    return [torch.where(w.abs() < 0.1 + 0.2 * variant, 0.0, w), w[:10] + 0.05]


def bowl(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a - 1.2) ** 2 + 2.5 * (b - 0.9) ** 2 + 0.8 * (a - 1.2) * (b - 0.9)


def region(ax, v: int) -> None:
    kind = ("L1", "L2")[v]
    plots.constraint_region(
        ax, bowl, kind, 0.6 + v / 5, minimiser=(1.2, 0.9), solution=((0.25, 0.35), (0.6, 0.65))[v],
        path=[(0, 0), (0.3, 0.4), (1.2, 0.9)],
    )


def digits_like(variant: int) -> torch.Tensor:
    return torch.rand(20, 64, generator=torch.Generator().manual_seed(variant))


MOONS = moons(60)
DROPPED = ([None, [1, 0, 1, 1, 0, 1], [1, 1, 0, 0, 1, 1], None], None)

# kind: (number of axes, draw(axes, variant)); the two variants differ in everything that can move.
KINDS = {
    "loss_curves": (1, lambda ax, v: plots.loss_curves(
        ax, history(v), [("α = 0", history(1 - v))] * (1 - v), epochs=100)),
    "loss_until": (1, lambda ax, v: plots.loss_curves(ax, history(0), until=20 + 40 * v)),
    "loss_parts": (1, lambda ax, v: plots.loss_parts(ax, history(v))),
    "bands": (1, lambda ax, v: plots.bands(ax, [history(v + i) for i in range(5)])),
    "stopped": (1, lambda ax, v: plots.stopped(ax, history(0), ((41, 21), (100, 23))[v])),
    "against": (1, lambda ax, v: plots.against(
        ax, ALPHAS, {"train": u_shape(v) / 2,
                     "valid": (u_shape(v) * 0.9, u_shape(v), u_shape(v) * 1.2)},
        now=(0.03, 0.0)[v])),
    "against_degree": (1, lambda ax, v: plots.against(
        ax, range(6), {"train": u_shape(v) / 2, "valid": u_shape(v)} if v == 0
        else {"valid": u_shape(v)}, log=False, now=2 + v, xlabel="Degree")),
    "paths": (1, lambda ax, v: plots.paths(
        ax, ALPHAS[1:], shrunken_paths(v), useful=[3, 11, 24, 40, 52], now=(0.01, None)[v])),
    "fit_1d": (1, lambda ax, v: plots.fit_1d(
        ax, X, np.sin((3 + v) * X) + 0.2, truth=np.sin(np.pi * X),
        data=(X[::4], np.sin(np.pi * X[::4]) + 0.3 * np.cos(9 * X[::4])))),
    "spread": (1, lambda ax, v: plots.spread(
        ax, X, [np.sin(3 * X) + a * (1 + v) * X**2 for a in np.linspace(-1, 1, 30)],
        truth=np.sin(np.pi * X))),
    "boundary": (1, lambda ax, v: plots.boundary(
        ax, lambda x: torch.sigmoid((4 - v) * (x[:, 0] - 2 * x[:, 1])),
        replace(MOONS, flipped=torch.arange(60) < 4 + v))),
    "weight_histogram": (1, lambda ax, v: plots.weight_histogram(
        ax, {"L2": layers(0)[1]} | {"L1": layers(1)} if v == 0 else {"none": layers(0)})),
    "penalty_and_slope": (2, lambda axes, v: plots.penalty_and_slope(*axes, at=(0.5, -1.5)[v])),
    "stems": (1, lambda ax, v: plots.stems(ax, *coefficients(v))),
    "constraint_region": (2, lambda axes, v: (region(axes[0], v), region(axes[1], 1 - v))),
    "network": (2, lambda axes, v: (
        plots.network(axes[0], (4, 6, 6, 3), DROPPED[1 - v], title="(a) Standard"),
        plots.network(axes[1], (4, 6, 6, 3), DROPPED[v], title="(b) After dropout"))),
    "images": (1, lambda ax, v: plots.images(
        ax, digits_like(v)[: 20 - 5 * v], [3] * (20 - 5 * v), [3, 3, 8, 3, 3 - v] * (4 - v))),
    "binomial_bars": (1, lambda ax, v: plots.binomial_bars(
        ax, np.random.default_rng(v).binomial(1000, 0.3 + v / 5, 2000), 1000, 0.3 + v / 5)),
    "bars": (1, lambda ax, v: plots.bars(
        ax, METHODS[: 6 - v], np.array([0.72, 0.75, 0.84, 0.83, 0.85, 0.86])[: 6 - v],
        [0.02 + v / 50] * (6 - v))),
    "primitives": (1, lambda ax, v: primitives(ax, v)),
}


def primitives(ax, v: int) -> None:
    plots.limits(ax, x=(0, 3), y=(0, 3))
    plots.arrow(ax, "arrow", (0, 0), (1, 1 + v), plots.styles["L1"])
    plots.note(ax, "note", 1 + v, 2, f"note {v}")
    plots.mark(ax, "mark", (2.5, None)[v], plots.styles["best"], "best")
    plots.image(ax, "image", np.eye(3) * (v + 1), (0, 1 + v, 0, 1), clim=(0, 2 + v))


def stage(kind: str):
    """A fresh figure of a kind: (figure, draw(variant))."""
    columns, draw = KINDS[kind]
    fig, axes = plots.figure(cols=columns)
    return fig, lambda variant: draw(axes, variant)


def artists(fig) -> dict[tuple[int, str], object]:
    """All named artists, by the number of their axes and their name."""
    return {
        (i, a.get_gid()): a
        for i, ax in enumerate(fig.axes)
        for a in ax.get_children()
        if a.get_gid() is not None
    }


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


@pytest.mark.parametrize("kind", KINDS)
def test_moving_leaves_the_same_picture_as_drawing_afresh(kind):
    used, draw_used = stage(kind)
    draw_used(0)
    before = plots.render(used)
    draw_used(1)
    after = plots.render(used)
    fresh, draw_fresh = stage(kind)
    draw_fresh(1)
    assert after == plots.render(fresh)
    assert after != before
    draw_used(0)
    assert plots.render(used) == before


@pytest.mark.parametrize("kind", KINDS)
def test_redrawing_moves_artists_and_makes_none(kind):
    fig, draw = stage(kind)
    draw(0)
    first = artists(fig)
    count = sum(len(ax.get_children()) for ax in fig.axes)
    start = time.perf_counter()
    for i in range(50):
        draw(i % 2)
        if i < 6:
            plots.render(fig)
    draw(0)
    took = (time.perf_counter() - start) / 51
    print(f"{kind}: {1000 * took:.1f} ms a redraw")
    assert first and artists(fig).keys() == first.keys()
    assert sum(len(ax.get_children()) for ax in fig.axes) == count
    come_and_go = ("pin", "curve", "group", "bar", "image")
    staying = [key for key in first if not key[1].startswith(come_and_go)]
    assert all(artists(fig)[key] is first[key] for key in staying)


def line_data(ax, name: str) -> np.ndarray:
    found = [a for a in ax.get_children() if a.get_gid() == name]
    return np.column_stack(found[0].get_data())


def text_of(ax) -> list[str]:
    legend = ax.get_legend()
    return [text.get_text() for text in legend.get_texts()] if legend else []


def test_loss_curves_show_the_history_and_star_its_best_epoch():
    _, ax = plots.figure()
    h = history(1)
    plots.loss_curves(ax, h, [("α = 0", history(0))])
    assert line_data(ax, "train").tolist() == np.column_stack([h.epoch, h.train_loss]).tolist()
    assert line_data(ax, "valid")[:, 1].tolist() == h.valid_loss
    assert line_data(ax, "pin 0 valid")[:, 1].tolist() == history(0).valid_loss
    lowest = int(np.argmin(h.valid_loss))
    assert line_data(ax, "best point").tolist() == [[lowest + 1, h.valid_loss[lowest]]]
    assert text_of(ax) == ["Train loss", "Valid loss", "α = 0"]
    plots.loss_curves(ax, h)
    assert text_of(ax) == ["Train loss", "Valid loss"]


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
    outline = artists(ax.figure)[0, "valid band"].get_xy()
    assert outline[:, 1].max() == pytest.approx(np.quantile(losses, 0.95, axis=0).max())


def test_against_gives_zero_its_own_place_and_tick():
    _, ax = plots.figure()
    plots.against(ax, ALPHAS, {"valid": u_shape(0)}, now=0.0)
    zero = line_data(ax, "curve valid at 0")
    assert zero[0, 1] == u_shape(0)[0]
    assert ax.get_xlim()[0] < zero[0, 0] < ALPHAS[1]
    assert line_data(ax, "curve valid")[:, 0].tolist() == ALPHAS[1:].tolist()
    assert line_data(ax, "now")[0, 0] == zero[0, 0]
    assert ax.get_xticks()[0] == zero[0, 0]
    assert ax.get_xticklabels()[0].get_text() == "0"


@pytest.mark.parametrize(("highest", "pick"), [(False, np.argmin), (True, np.argmax)])
def test_against_stars_the_best_point(highest, pick):
    _, ax = plots.figure()
    plots.against(ax, range(6), {"valid": u_shape(0)}, log=False, highest=highest)
    i = int(pick(u_shape(0)))
    assert line_data(ax, "best").tolist() == [[i, u_shape(0)[i]]]
    plots.against(ax, range(6), {"valid": u_shape(0)}, log=False, best=None)
    assert len(line_data(ax, "best")) == 0


def test_weight_histogram_counts_every_weight_and_names_the_exact_zeros():
    _, ax = plots.figure()
    weights = [torch.tensor([[0.0, 0.0, 0.5], [-0.5, 0.25, 0.0]]), torch.tensor([[0.0, 1.0]])]
    plots.weight_histogram(ax, {"L1": weights}, bins=5)
    shown = artists(ax.figure)[0, "group L1"].get_data().values
    assert shown[shown >= 1].sum() == 4
    assert line_data(ax, "group L1 top").tolist() == [[0, 4]]
    assert text_of(ax) == ["L1: 50% exactly 0"]


def test_slopes_are_the_derivatives_of_the_penalties():
    _, axes = plots.figure(cols=2)
    plots.penalty_and_slope(*axes)
    for name in ("L1", "L2"):
        w, y = line_data(axes[0], name).T
        numeric = np.gradient(y, w)
        slope = line_data(axes[1], name)[:, 1]
        inside = (np.abs(w) > 0.02) & (np.abs(w) < 1.99)
        assert slope[inside] == pytest.approx(numeric[inside], abs=1e-9)
    assert np.isnan(line_data(axes[1], "L1")[100, 1])


def test_stems_leave_exact_zeros_out():
    _, ax = plots.figure()
    plots.stems(ax, [0, 2.0, 0, -1.0], [0.1, 1.5, 0.0, 0.0])
    assert line_data(ax, "estimate").tolist() == [[0, 0.1], [1, 1.5]]
    assert line_data(ax, "truth").tolist() == [[1, 2.0], [3, -1.0]]
    assert text_of(ax)[0] == "L1: 2 of 4 not 0"


def test_constraint_region_has_the_right_border_and_round_circles():
    _, ax = plots.figure()
    for kind, size in (("L1", lambda w: np.abs(w).sum(1)), ("L2", lambda w: (w**2).sum(1))):
        plots.constraint_region(
            ax, bowl, kind, 0.7, minimiser=(1.2, 0.9), solution=(0.3, 0.4)
        )
        border = artists(ax.figure)[0, "region"].get_xy()
        assert size(border) == pytest.approx(0.7)
    one, zero = ax.transData.transform([(1, 1), (0, 0)])
    assert one[0] - zero[0] == pytest.approx(one[1] - zero[1])
    touching = line_data(ax, "touching")
    touching = touching[~np.isnan(touching[:, 0])]
    assert bowl(*touching.T) == pytest.approx(bowl(0.3, 0.4), rel=0.01)
    assert line_data(ax, "solution").tolist() == [[0.3, 0.4]]


def test_network_loses_the_edges_of_dropped_neurons():
    _, ax = plots.figure()
    plots.network(ax, (3, 4, 2))
    edges = artists(ax.figure)[0, "edges"]
    assert len(edges.get_segments()) == 3 * 4 + 4 * 2
    plots.network(ax, (3, 4, 2), [None, torch.tensor([True, False, False, True]), None])
    assert len(edges.get_segments()) == 3 * 2 + 2 * 2
    assert len(line_data(ax, "crosses")) == 2 and len(line_data(ax, "on")) == 7


def test_boundary_rings_the_flipped_points_and_lies_where_the_share_is_half():
    _, ax = plots.figure()
    data = replace(MOONS, flipped=torch.arange(60) == 7)
    plots.boundary(ax, lambda x: torch.sigmoid(x[:, 0] - 0.4), data)
    assert line_data(ax, "flipped").tolist() == [data.x_train[7].tolist()]
    assert line_data(ax, "boundary")[:-1, 0] == pytest.approx(0.4, abs=0.01)
    shown = sum(len(line_data(ax, f"class {k}")) for k in (0, 1))
    assert shown == 60


def test_regions_have_the_colour_of_the_points_in_them():
    fig, ax = plots.figure()
    plots.boundary(ax, lambda x: (x[:, 1] > 0.25).double(), MOONS)  # class 1 above
    shown = pixels(plots.render(fig))
    colours = {}
    for name, y in (("above", 1.0), ("below", -0.5)):
        column, row = ax.transData.transform((-2.5, y))
        colours[name] = shown[round(420 - row), round(column)]
    assert colours["above"][1] < colours["below"][1]  # the magenta of class 1 has less green


def test_images_flag_a_wrong_label():
    _, ax = plots.figure()
    plots.images(ax, digits_like(0)[:3], [3, 4, 5], [3, 9, 5])
    texts = [artists(ax.figure)[0, f"image {i} label"].get_text() for i in range(3)]
    assert texts == ["3", "4 (9)", "5"]
    shown = artists(ax.figure)[0, "image 1"].get_array().data
    assert shown == pytest.approx(digits_like(0)[1].numpy().reshape(8, 8))


@pytest.mark.parametrize("p", [0.0, 0.3, 0.5, 0.95, 1.0])
def test_binomial_line_and_bars_are_shares(p):
    _, ax = plots.figure()
    draws = np.random.default_rng(0).binomial(200, p, 500)
    plots.binomial_bars(ax, draws, 200, p)
    assert line_data(ax, "expected")[:, 1].sum() == pytest.approx(1, abs=1e-3)
    bars = artists(ax.figure)[0, "measured"].get_data()
    assert bars.values.sum() == pytest.approx(1, abs=0.01)
    assert line_data(ax, "mean")[0, 0] == pytest.approx(200 * p)
    assert p in (0, 1) or len(bars.values) > 8


def test_bars_reach_from_zero_to_the_mean():
    _, ax = plots.figure()
    plots.bars(ax, ["L1", "early stopping"], [0.7, 0.8], [0.1, 0.05])
    assert ax.get_ylim()[0] == 0
    assert artists(ax.figure)[0, "bar 1"].get_data().values.tolist() == [0.8]
    assert line_data(ax, "bar 0 sd")[:, 1] == pytest.approx([0.6, 0.8])
    assert [t.get_text() for t in ax.get_xticklabels()] == ["L1", "Early\nstopping"]


def test_fit_limits_come_from_the_data_and_not_from_a_wild_fit():
    _, ax = plots.figure()
    plots.fit_1d(ax, X, 1000 * X, truth=np.sin(X), data=(X, np.sin(X)))
    assert ax.get_ylim()[1] < 3
    assert line_data(ax, "fit")[-1].tolist() == [1, 1000]


def test_paths_separate_the_useful_features():
    _, ax = plots.figure()
    plots.paths(ax, ALPHAS[1:], shrunken_paths(0), useful=[3, 11])
    found = artists(ax.figure)
    assert len(found[0, "useful"].get_segments()) == 2
    assert len(found[0, "other"].get_segments()) == 58
    assert found[0, "useful"].get_segments()[1][:, 1] == pytest.approx(shrunken_paths(0)[:, 11])


def test_limits_hold_still_under_small_changes():
    assert scales.from_zero([2.31]) == scales.from_zero([2.36]) == (0, 2.5)
    assert scales.from_zero([]) == (0, 1)
    assert scales.around([-1.0, 1.0]) == scales.around([-0.99, 1.01])
    low, high = scales.decades([0.0, 3e-4, 0.7])
    assert low < 3e-4 and high > 0.7


# --- the look -----------------------------------------------------------------------------

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                   [0.0193339, 0.1191920, 0.9503041]])
TOGETHER = ("train", "valid", "L1", "L2", "dropout", "early stopping")


def linear(color: str) -> np.ndarray:
    c = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    t = TO_XYZ @ np.clip(rgb, 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: np.ndarray, two: np.ndarray) -> float:
    """The CIE's colour difference: 1 is just visible side by side, 10 at a glance."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = math.hypot(g * a1, b1), math.hypot(g * a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, g * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    dh = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    h = (h1 + dh / 2) % 360 if c1 * c2 else h1 + h2
    big = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(dh / 2))
    level, c = (l1 + l2) / 2, (c1 + c2) / 2
    cos = [math.cos(math.radians(angle)) for angle in (h - 30, 2 * h, 3 * h + 6, 4 * h - 63)]
    t = 1 + np.dot([-0.17, 0.24, 0.32, -0.20], cos)
    sl = 1 + 0.015 * (level - 50) ** 2 / math.sqrt(20 + (level - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    turn = math.sin(math.radians(60 * math.exp(-(((h - 275) / 25) ** 2))))
    rt = -2 * math.sqrt(c**7 / (c**7 + 25**7)) * turn
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, big / sh
    return math.sqrt(dl**2 + dc**2 + dh**2 + rt * dc * dh)


@pytest.mark.parametrize(
    ("one", "two", "difference"),
    [  # published test pairs: Sharma, Wu and Dalal 2005
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_the_colour_difference_is_the_published_one(one, two, difference):
    assert ciede2000(np.array(one), np.array(two)) == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize("vision", VISION)
def test_colours_that_appear_together_keep_apart(vision):
    seen = {n: lab(np.array(VISION[vision]) @ linear(plots.styles[n].color)) for n in TOGETHER}
    apart = {(a, b): ciede2000(seen[a], seen[b]) for a, b in itertools.combinations(TOGETHER, 2)}
    closest = min(apart, key=apart.get)
    print(vision, closest, round(apart[closest], 1))
    assert apart[closest] >= 15


def test_styles_keep_apart_without_colour():
    looks = [(plots.styles[n].line, plots.styles[n].marker) for n in TOGETHER]
    assert len(set(looks)) == len(looks)
    assert len({marker for _, marker in looks}) == len(looks)


def test_lines_stand_out_from_white():
    for name in TOGETHER:
        luminance = TO_XYZ[1] @ linear(plots.styles[name].color)
        assert 1.05 / (luminance + 0.05) >= 2.95, name


def test_l1_is_red_l2_is_blue_and_the_losses_are_neither():
    def hue(name):
        _, a, b = lab(linear(plots.styles[name].color))
        return math.degrees(math.atan2(b, a)) % 360, math.hypot(a, b)

    assert 20 < hue("L1")[0] < 45 and 270 < hue("L2")[0] < 315
    assert hue("train")[1] < 5 and 55 < hue("valid")[0] < 90


ENTRIES = [["7" * size] * n for n, size in itertools.product((1, 2, 3, 5), (2, 7, 11, 16, 20))]
ENTRIES.append(["None: 0% exactly 0", "L1: 74% exactly 0", "L2: 0% exactly 0"])


@pytest.mark.parametrize("columns", [1, 2])
def test_a_legend_never_leaves_its_figure_or_covers_its_axes(columns):
    fig, axes = plots.figure(cols=columns)
    ax = np.ravel(axes)[-1]
    for labels in ENTRIES:
        plots.forget(ax, "entry")
        for i, label in enumerate(labels):
            plots.line(ax, f"entry {i}", [0, 1], [i, i], plots.styles["L1"], label=label)
        plots.legend(ax)
        fig.canvas.draw()
        box = ax.get_legend().get_window_extent()
        assert box.x1 <= fig.bbox.x1 and box.y1 <= fig.bbox.y1 + 1
        assert box.y0 >= ax.bbox.y1 - 1


def test_text_is_large_enough_to_project():
    for kind in KINDS:
        fig, draw = stage(kind)
        draw(0)
        shown = [
            text
            for ax in fig.axes
            for text in (*ax.texts, ax.title, ax.xaxis.label, *ax.get_xticklabels())
        ]
        assert min(text.get_fontsize() for text in shown) >= 14
        assert fig.dpi == 100 and fig.get_figwidth() <= 9


def test_pale_is_between_the_colour_and_white():
    style = plots.Style("x", "#004080")
    assert style.paler().color == "#80a0c0" and style.paler().width < style.width


# --- the canvas ---------------------------------------------------------------------------


def test_a_moved_artist_does_not_redraw_the_ground():
    fig, ax = plots.figure()
    plots.loss_curves(ax, history(0), epochs=100)
    plots.render(fig)
    ground = fig.canvas.ground
    plots.loss_curves(ax, history(0, 90), epochs=100)
    plots.render(fig)
    assert fig.canvas.ground is ground
    plots.titles(ax, x="Step")
    plots.render(fig)
    assert fig.canvas.ground is not ground


def test_a_legend_inside_the_axes_lies_over_the_curves():
    fig, ax = plots.figure()
    plots.line(ax, "curve", [0, 1], [0, 1], plots.styles["L1"], label="L1")
    plots.band(ax, "cover", [0, 1], [0, 0], [1, 1], plots.styles["L1"], alpha=1)
    plots.legend(ax, "upper left")
    plots.render(fig)
    plots.render(fig)
    box = ax.get_legend().get_window_extent().bounds
    x, y = round(box[0] + box[2] / 2), round(fig.bbox.height - box[1] - box[3] + 2)
    red, green, _ = pixels(plots.render(fig))[y, x]
    assert green > 180 < red


def test_fast_png_is_lossless_and_small_png_nearly():
    fig, draw = stage("loss_curves")
    draw(0)
    shown = fig.canvas.frame()[:, :, :3].astype(int)
    assert (pixels(png.fast(fig.canvas.frame())) == shown).all()
    small = png.small(fig.canvas.frame())
    assert np.abs(pixels(small) - shown).max() <= 8
    assert (pixels(small)[0, 0] == 255).all()
    assert len(small) < len(png.fast(fig.canvas.frame()))


def test_a_saved_picture_has_twice_the_pixels_and_leaves_the_live_one_alone():
    fig, draw = stage("loss_curves")
    draw(0)
    live = plots.render(fig)
    picture = canvas.Picture(fig, "Valid loss가 다시 올라갑니다.")
    data, metadata = picture._repr_mimebundle_()
    assert data["text/plain"] == repr(picture) == "Valid loss가 다시 올라갑니다."
    assert Image.open(io.BytesIO(data["image/png"])).size == (1800, 840)
    assert metadata["image/png"]["width"] == 900
    assert b"matplotlib" not in data["image/png"].lower()
    assert len(data["image/png"]) < 60_000
    assert plots.render(fig) == live


def test_show_prints_the_caption_outside_a_notebook(capsys):
    fig, draw = stage("bars")
    draw(0)
    plots.show(fig, "막대그래프입니다.")
    assert "막대그래프입니다." in capsys.readouterr().out


def test_the_package_never_imports_pyplot():
    code = "import sys, helpers.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
