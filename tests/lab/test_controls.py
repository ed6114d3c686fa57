"""Every knob: its stops, what it refuses, and how it moves in a lab."""

import math
from itertools import pairwise

import pytest

from helpers.lab.controls import Alpha, Choice, Patience, Probability, Slider
from tests.lab.toy import Toy, knob, status

EVERY_KNOB = {
    "alpha": Alpha(0.01),
    "p": Probability(0.5),
    "patience": Patience(10),
    "degree": Slider("차수", 0, 15, 1, 3),
    "noise": Slider("잡음", 0.0, 1.0, 0.1, 0.3),
    "kind": Choice("종류", {"하나": 1, "둘": 2}),
    "menu": Choice("차림표", ["a", "b", "c", "d", "e"], "c"),
}


@pytest.mark.parametrize("name", EVERY_KNOB)
def test_every_knob_moves_to_its_ends_and_its_middle(name):
    toy = Toy()
    lab = toy.lab(alpha=Alpha(0.01), **{k: v for k, v in EVERY_KNOB.items() if k != "alpha"})
    if name == "alpha":  # the toy fails on purpose at some α
        lab = toy.lab(alpha=Alpha(0.01, low=1e-3, high=0.1))
    widget = knob(lab, name)
    last = len(widget.options) - 1
    for index in (0, last, last // 2):
        widget.index = index
        assert lab.wait(5).values[name] == widget.options[index][1] == lab.shown.values[name]


def test_alpha_stops_are_logarithmic_with_an_exact_zero():
    stops = Alpha(0.01).stops()
    assert stops[:2] == [0.0, 1e-5] and stops[-1] == 1.0
    assert {1e-4, 1e-3, 0.003, 0.007, 0.01, 0.2, 0.5} <= set(stops)
    assert all(1.2 < b / a < 1.7 for a, b in pairwise(stops[1:]))


def test_probability_stops_stay_below_one():
    assert Probability(0).stops()[0] == 0 and Probability(0).stops()[-1] == 0.95


def test_slider_stops_are_what_one_types():
    assert Slider("x", 0.0, 1.0, 0.1, 0.3).stops() == [i / 10 for i in range(11)]
    assert all(isinstance(stop, int) for stop in Slider("x", 1, 9, 2, 3).stops())


@pytest.mark.parametrize(
    ("make", "value"),
    [
        *[(Alpha, value) for value in (-1, -1e-9, math.nan, math.inf, "0.1", None)],
        *[(Probability, value) for value in (-0.1, 1, 1.0, math.nan, "x")],
        *[(Patience, value) for value in (0, -3, 2.5, math.nan)],
        *[(lambda v: Slider("차수", 0, 15, 1, v), value) for value in (-1, 16, 2.5, math.nan)],
        *[(lambda v: Choice("종류", ["a", "b"], v), value) for value in ("c", 1)],
    ],
)
def test_bad_values_are_refused_in_korean(make, value):
    with pytest.raises(ValueError, match=r"야 합니다 \(받은 값: "):
        make(value)


def test_a_value_between_the_stops_becomes_a_stop():
    lab = Toy().lab()
    stops = len(knob(lab).options)
    lab.run(alpha=0.0123)
    assert lab.result.values["alpha"] == knob(lab).value == 0.0123
    assert knob(lab).label == "0.0123" and len(knob(lab).options) == stops + 1
    assert "α = 0.0123" in status(lab)
    lab.run(alpha=0.02)
    assert len(knob(lab).options) == stops


def test_python_moves_the_knob_and_reset_moves_it_back():
    toy = Toy()
    lab = toy.lab()
    lab.set(alpha=0.05)
    assert knob(lab).value == 0.05 and lab.wait(5).values == {"alpha": 0.05} == lab.panel.values()
    lab.reset()
    assert lab.wait(5).values == {"alpha": 0.01} and knob(lab).value == 0.01
    assert toy.started == 3  # moving the knob from Python starts no run of its own
