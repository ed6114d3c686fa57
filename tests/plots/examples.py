"""A small example of every chart, in two variants, and how tests read what was drawn."""

import io
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from PIL import Image

from helpers import plots
from helpers.data import moons
from helpers.models import MLP

X = np.linspace(-1, 1, 60)
ALPHAS = np.array([0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0])
METHODS = ("none", "L1", "L2", "dropout", "early stopping", "all")
MOONS = moons(60)
DROPPED = ([None, [1, 0, 1, 1, 0, 1], [1, 1, 0, 0, 1, 1], None], None)


# --- results ------------------------------------------------------------------------------


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


def with_model(curves: SimpleNamespace, seed: int) -> SimpleNamespace:
    """The curves, and a small network as theirs."""
    curves.model = MLP((6, 5, 3), seed=seed)
    return curves


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


def digits_like(variant: int) -> torch.Tensor:
    return torch.rand(20, 64, generator=torch.Generator().manual_seed(variant))


# --- charts: the variants 0 and 1 differ in everything that can move -------------------------

CHARTS: dict[str, tuple[int, Callable[[Any, int], None]]] = {}  # name: (columns, draw)


def chart(columns: int = 1) -> Callable:
    """Register an example by its name; it draws a variant on one Axes, or on `columns` of them."""

    def register(draw: Callable[[Any, int], None]) -> Callable[[Any, int], None]:
        CHARTS[draw.__name__] = columns, draw
        return draw

    return register


@chart()
def loss_curves(ax, v):
    plots.loss_curves(ax, history(v), [("α = 0", history(1 - v))] * (1 - v), epochs=100)


@chart()
def loss_until(ax, v):
    plots.loss_curves(ax, history(0), until=20 + 40 * v)


@chart()
def loss_parts(ax, v):
    plots.loss_parts(ax, history(v))


@chart()
def bands(ax, v):
    baseline = None if v == 0 else ("α = 0", [history(i) for i in range(5)])
    plots.bands(ax, [history(v + i) for i in range(5)], baseline)


@chart()
def stopped(ax, v):
    plots.stopped(ax, history(0), ((41, 21), (100, 23))[v])


@chart()
def against(ax, v):
    u = u_shape(v)
    curves = {"train": u / 2, "valid": (u * 0.9, u, u * 1.2)}
    plots.against(ax, ALPHAS, curves, now=(0.03, 0.0)[v])


@chart()
def against_degree(ax, v):
    curves = {"train": u_shape(v) / 2} if v == 0 else {}
    curves["valid"] = u_shape(v)
    plots.against(ax, range(6), curves, log=False, now=2 + v, xlabel="Degree")


@chart()
def paths(ax, v):
    useful = [3, 11, 24, 40, 52]
    plots.paths(ax, ALPHAS[1:], shrunken_paths(v), useful=useful, now=(0.01, None)[v])


@chart()
def schedule(ax, v):
    step = 0.1 ** (1 + np.arange(60) // (20 + 10 * v))
    rates = {"Constant": [0.1] * 60, "StepLR": step, "ReduceLROnPlateau": np.sqrt(step)}
    plots.schedule(ax, rates)


@chart()
def two_paths(ax, v):
    steps = np.arange(40 - 20 * v)[:, None]
    rates = np.array([0.05, 0.3])
    descent = [1.5, 1.0] * (1 - (1 - rates) ** steps)
    penalised = [1.5, 1.0] * rates / (rates + 1 / np.maximum(steps, 1e-3))
    plots.two_paths(ax, np.diag(rates), [1.5, 1.0], descent, penalised)


@chart(columns=2)
def two_ways(axes, v):
    first, second = (with_model(history(i), i) for i in (0, 2))
    plots.two_ways(axes, (first, second) if v == 0 else (first, None))


@chart()
def fit_1d(ax, v):
    data = (X[::4], np.sin(np.pi * X[::4]) + 0.3 * np.cos(9 * X[::4]))
    plots.fit_1d(ax, X, np.sin((3 + v) * X) + 0.2, truth=np.sin(np.pi * X), data=data)


@chart()
def spread(ax, v):
    fits = [np.sin(3 * X) + a * (1 + v) * X**2 for a in np.linspace(-1, 1, 30)]
    plots.spread(ax, X, fits, truth=np.sin(np.pi * X))


@chart()
def boundary(ax, v):
    data = replace(MOONS, flipped=torch.arange(60) < 4 + v)
    plots.boundary(ax, lambda x: torch.sigmoid((4 - v) * (x[:, 0] - 2 * x[:, 1])), data)


@chart()
def weight_histogram(ax, v):
    groups = {"L2": layers(0)[1], "L1": layers(1)} if v == 0 else {"none": layers(0)}
    plots.weight_histogram(ax, groups)


@chart(columns=2)
def penalty_and_slope(axes, v):
    plots.penalty_and_slope(*axes, at=(0.5, -1.5)[v])


@chart()
def stems(ax, v):
    plots.stems(ax, *coefficients(v))


@chart(columns=2)
def constraint_region(axes, v):
    for ax, i in zip(axes, (v, 1 - v), strict=True):
        ends = {"minimiser": (1.2, 0.9), "solution": ((0.25, 0.35), (0.6, 0.65))[i]}
        path = [(0, 0), (0.3, 0.4), (1.2, 0.9)]
        plots.constraint_region(ax, bowl, ("L1", "L2")[i], 0.6 + i / 5, path=path, **ends)


@chart(columns=2)
def network(axes, v):
    plots.network(axes[0], (4, 6, 6, 3), DROPPED[1 - v], title="(a) Standard")
    plots.network(axes[1], (4, 6, 6, 3), DROPPED[v], title="(b) After dropout")


@chart()
def images(ax, v):
    n = 20 - 5 * v
    plots.images(ax, digits_like(v)[:n], [3] * n, [3, 3, 8, 3, 3 - v] * (4 - v))


@chart()
def binomial_bars(ax, v):
    p = 0.3 + v / 5
    plots.binomial_bars(ax, np.random.default_rng(v).binomial(1000, p, 2000), 1000, p)


@chart()
def bars(ax, v):
    means = np.array([0.72, 0.75, 0.84, 0.83, 0.85, 0.86])
    plots.bars(ax, METHODS[: 6 - v], means[: 6 - v], [0.02 + v / 50] * (6 - v))


@chart()
def paired(ax, v):
    before, after = np.random.default_rng(v).uniform(0.5, 1, (2, 8))
    plots.paired(ax, before[: 8 * (1 - v)], after, names=("α = 0", "α = 0.01"))


@chart()
def single_artists(ax, v):
    plots.limits(ax, x=(0, 3), y=(0, 3))
    plots.arrow(ax, "arrow", (0, 0), (1, 1 + v), plots.styles["L1"])
    plots.note(ax, "note", 1 + v, 2, f"note {v}")
    plots.mark(ax, "mark", (2.5, None)[v], plots.styles["best"], "best")
    plots.image(ax, "image", np.eye(3) * (v + 1), (0, 1 + v, 0, 1), clim=(0, 2 + v))


def fresh(name: str) -> tuple[Figure, Callable[[int], None]]:
    """A new figure for an example chart: (figure, draw(variant))."""
    columns, draw = CHARTS[name]
    fig, axes = plots.figure(cols=columns)
    return fig, lambda variant: draw(axes, variant)


# --- reading what was drawn -----------------------------------------------------------------


def artists(ax: Axes) -> dict[str, Artist]:
    """All artists that have a name, by it."""
    return {a.get_gid(): a for a in ax.get_children() if a.get_gid() is not None}


def line_data(ax: Axes, name: str) -> np.ndarray:
    """(n, 2)"""
    return np.column_stack(artists(ax)[name].get_data())


def on_screen(artist: Any) -> np.ndarray:
    """Pixels (n, 2) that an artist passes through, or the corners of what it covers."""
    to_pixels = artist.get_transform().transform
    match artist:
        case Text():
            pixels = artist.get_window_extent().get_points()
        case AxesImage():
            left, right, bottom, top = artist.get_extent()
            pixels = artist.axes.transData.transform([(left, bottom), (right, top)])
        case Line2D():
            pixels = to_pixels(np.column_stack(artist.get_data()))
        case LineCollection():
            pieces = [path.vertices for path in artist.get_paths()]
            pixels = to_pixels(np.concatenate([*pieces, np.empty((0, 2))]))
        case Patch():
            outline = artist.get_transform().transform_path(artist.get_path())
            pieces = outline.to_polygons(closed_only=False)
            pixels = np.concatenate([*pieces, np.empty((0, 2))])
    return pixels[np.isfinite(pixels).all(axis=1)] if artist.get_visible() else np.empty((0, 2))


def legend_texts(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    return [text.get_text() for text in legend.get_texts()] if legend else []


def decoded(png: bytes) -> np.ndarray:
    """(height, width, RGB)"""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
