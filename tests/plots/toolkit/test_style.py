"""The styles: they can be told apart with any vision, without colour, and on white."""

import itertools
import math

import numpy as np
import pytest

from helpers import plots
from helpers.plots.toolkit import style

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
# Names that meet in one picture of the course.
TOGETHER = {
    "losses": ("train", "valid", "test", "none"),
    "methods": (
        *("train", "valid", "L1", "L2", "weight decay"),
        *("dropout", "early stopping", "all", "none"),
    ),
    "optimisers": ("train", "valid", "L2", "weight decay", "SGD", "Adam", "AdamW"),
    "schedules": ("train", "valid", "Constant", "StepLR", "ReduceLROnPlateau"),
    "modes": ("valid", "dropout", "train mode", "eval mode"),
    "labels": ("train", "valid", "L1", "L2", "clean labels", "wrong labels", "none"),
    "classes": ("train", "valid", "class 0", "class 1"),
    "functions": ("truth", "data", "fit"),
    "weights": ("L1", "L2", "minimiser", "constraint solution", "contours"),
}
COLOURED = [name for name in plots.styles if name not in style.NEUTRAL | {"refits"}]


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


def closest(colors, vision="normal"):
    """The smallest difference of any two of these, and which two."""
    seen = {n: lab(np.array(VISION[vision]) @ linear(c)) for n, c in colors.items()}
    return min((ciede2000(seen[a], seen[b]), a, b) for a, b in itertools.combinations(seen, 2))


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("group", TOGETHER)
def test_colours_that_appear_together_keep_apart(group, vision):
    apart = closest({n: plots.styles[n].color for n in TOGETHER[group]}, vision)
    print(group, vision, apart)
    assert apart[0] >= 9.5


def test_one_colour_has_one_meaning():
    colors = {name: plots.styles[name].color for name in COLOURED}
    colors |= {"ink": style.INK, "grey": style.GREY}
    colors |= {f"spare {i}": spare.color for i, spare in enumerate(style.SPARE)}
    apart = closest(colors)
    print(apart)
    assert apart[0] >= 10.5
    assert {plots.styles[name].color for name in style.NEUTRAL} == {style.INK, style.GREY}


def test_an_unknown_name_never_looks_like_a_known_one():
    known = {known.color for known in plots.styles.values()}
    for i in range(12):
        assert plots.style_of("Norm of W", i).color not in known
    assert plots.style_of("Norm of W").label == "Norm of W"
    assert plots.style_of("L1", 3) == plots.styles["L1"]


@pytest.mark.parametrize("group", TOGETHER)
def test_styles_keep_apart_without_colour(group):
    looks = [(plots.styles[n].line, plots.styles[n].marker) for n in TOGETHER[group]]
    assert len(set(looks)) == len(looks)


def test_lines_stand_out_from_white():
    for look in (*plots.styles.values(), *style.SPARE):
        luminance = TO_XYZ[1] @ linear(look.color)
        assert 1.05 / (luminance + 0.05) >= 3, look


def test_only_the_lowest_valid_loss_is_a_star():
    assert [name for name, look in plots.styles.items() if look.marker == "*"] == ["best"]


def test_l1_is_red_l2_is_blue_and_the_losses_are_neither():
    def hue(name):
        _, a, b = lab(linear(plots.styles[name].color))
        return math.degrees(math.atan2(b, a)) % 360, math.hypot(a, b)

    assert 20 < hue("L1")[0] < 45 and 270 < hue("L2")[0] < 315
    assert hue("train")[1] < 5 and 55 < hue("valid")[0] < 90


def test_pale_is_between_the_colour_and_white():
    blue = plots.Style("x", "#004080")
    assert blue.paler().color == "#80a0c0" and blue.paler().width < blue.width
