"""Every knob: its stops, what it refuses, and how it moves in a lab."""

import math
from itertools import pairwise

import ipywidgets
import numpy as np
import pytest

from helpers.lab.controls import Alpha, Choice, Patience, Probability, Slider
from tests.lab.toy import Toy, knob, status
from tests.says import says

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


@pytest.mark.parametrize(
    ("knob", "value", "off"),
    [
        (Alpha(0.01), 0.01, 0.0),
        (Probability(0.5), 0.5, 0.0),
        (Choice("L2", {"끔": 0.0, "켬": 0.1}, 0.1), 0.1, 0.0),
        (Choice("틀린 라벨", {"20%": 20, "0%": 0}), 20, 0),
        (Choice("patience", {"5": 5, "off": None}), 5, None),
        (Choice("페널티", ["L1", "L2"]), "L2", "L2"),
        (Patience(10), 7, 7),
        (Slider("차수", 0, 15, 1, 3), 3, 3),
    ],
)
def test_a_knob_knows_the_value_that_switches_it_off(knob, value, off):
    assert knob.off(value) == off and type(knob.off(value)) is type(off)


def test_a_choice_starts_at_the_first_unless_it_is_told_and_none_is_a_choice():
    patience = {"5": 5, "off": None}
    assert Choice("patience", patience).value == 5
    assert Choice("patience", patience, None).value is None
    with pytest.raises(ValueError, match="가운데 하나여야"):
        Choice("patience", ["a", "b"], None)


def test_few_choices_are_buttons_and_many_a_menu():
    few, many = Choice("k", list("abcd"), "b"), Choice("k", list("abcde"), "c")
    assert isinstance(few.widget(), ipywidgets.ToggleButtons) and few.widget().value == "b"
    assert isinstance(many.widget(), ipywidgets.Dropdown) and many.widget().value == "c"
    assert [few.text(value) for value in "abcd"] == list("abcd")


def test_a_knob_is_called_by_its_label_and_in_pictures_without_korean():
    assert Alpha(0).short == "α" and Probability(0).short == "p"
    assert Slider("epoch 수", 1, 9, 1, 1).sign("n") == "epoch"
    assert Slider("차수", 1, 9, 1, 1).sign("degree") == "degree"
    assert Alpha(0.01).widget().description == "α (페널티 세기)"


@pytest.mark.parametrize(
    ("knob", "value", "written"),
    [
        (Alpha(0.01), 0.01, "0.01"),
        (Choice("손실의 α", {"λ/2": 0.5, "λ (2를 잊음)": 1.0}), 1.0, "λ"),
        (Choice("L2", {"끔": 0.0, "켬": 0.1}), 0.1, "0.1"),
        (Choice("모양", {"넓게": (64, 64), "좁게": (8, 8)}), (8, 8), "choice 2"),
    ],
)
def test_a_picture_writes_no_korean(knob, value, written):
    """Its font has none: the letters would be boxes."""
    assert knob.plain_text(value) == written


def test_probability_stops_stay_below_one():
    assert Probability(0).stops()[0] == 0 and Probability(0).stops()[-1] == 0.95


def test_slider_stops_are_what_one_types():
    assert Slider("x", 0.0, 1.0, 0.1, 0.3).stops() == [i / 10 for i in range(11)]
    assert all(isinstance(stop, int) for stop in Slider("x", 1, 9, 2, 3).stops())
    assert Slider("x", 0.05, 0.95, 0.05, 0.3).stops() == [i / 20 for i in range(1, 20)]


def test_a_slider_ends_at_its_ends_whatever_its_step():
    assert Slider("x", 0.0, 1.0, 0.3, 0.3).stops() == [0.0, 0.3, 0.6, 0.9, 1.0]
    assert Slider("x", 1, 10, 4, 5).stops() == [1, 5, 9, 10]
    assert Slider("x", 1, 9.5, 4, 5).stops() == [1, 5, 9]
    assert Alpha(0.01, low=4e-3, high=0.04).stops() == [
        *(0.0, 0.004, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.04)
    ]


@pytest.mark.parametrize(
    ("slider", "between"), [(Slider("x", 0, 1, 0.25, 1), 0.3), (Slider("x", 0.5, 3, 1, 1.5), 0.75)]
)
def test_a_slider_is_of_whole_numbers_only_if_low_and_step_are(slider, between):
    assert slider.validate(between) == between
    assert all(isinstance(stop, float) for stop in slider.stops())
    assert isinstance(slider.value, float)
    with pytest.raises(ValueError, match=r"x: 0 이상 9 이하의 정수여야 합니다 \(받은 값: 0.3\)"):
        Slider("x", 0, 9, 1, 0.3)


def test_whole_numbers_are_written_in_full():
    epochs = Slider("epoch", 1, 100_000, 1, 12345)
    assert epochs.text(12345) == "12345" and Patience(1).text(10_001) == "10001"
    assert Slider("x", 0.0, 1.0, 0.1, 0.3).text(0.00001) == "0.00001"
    assert Alpha(0.01).text(0.0123456) == "0.01235"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Alpha(0.01, low=0.0), "α (페널티 세기): low는 0보다 커야 합니다 (받은 값: 0.0)."),
        (
            lambda: Alpha(0.01, low=-1e-3),
            "α (페널티 세기): low는 0보다 커야 합니다 (받은 값: -0.001).",
        ),
        (
            lambda: Alpha(0.01, low=0.1, high=0.01),
            "α (페널티 세기): 아래 끝이 위 끝보다 클 수 없습니다 (받은 값: 0.1 > 0.01).",
        ),
        (
            lambda: Alpha(0.01, high=math.inf),
            "α (페널티 세기): 양 끝은 유한한 수여야 합니다 (받은 값: inf).",
        ),
        (
            lambda: Patience(3, high=0),
            "patience (기다릴 epoch): 아래 끝이 위 끝보다 클 수 없습니다 (받은 값: 1 > 0).",
        ),
        (
            lambda: Slider("x", 1.0, 0.0, 0.1, 0.5),
            "x: 아래 끝이 위 끝보다 클 수 없습니다 (받은 값: 1 > 0).",
        ),
        (lambda: Slider("x", 0, 9, 0, 3), "x: step은 0보다 커야 합니다 (받은 값: 0)."),
        (lambda: Slider("x", 0, 9, -1, 3), "x: step은 0보다 커야 합니다 (받은 값: -1)."),
        (lambda: Slider("x", 0, 9, math.inf, 3), "x: step은 0보다 커야 합니다 (받은 값: inf)."),
        (lambda: Slider("x", 0, 9, "1", 3), "x: step은 0보다 커야 합니다 (받은 값: 1)."),
        (lambda: Slider("x", 0, "9", 1, 3), "x: 양 끝은 유한한 수여야 합니다 (받은 값: 9)."),
        (lambda: Slider("x", math.nan, 9, 1, 3), "x: 양 끝은 유한한 수여야 합니다 (받은 값: nan)."),
        (lambda: Choice("종류", []), "종류: 고를 것이 하나 이상 있어야 합니다."),
        (lambda: Choice("종류", {}), "종류: 고를 것이 하나 이상 있어야 합니다."),
    ],
)
def test_a_knob_without_a_range_is_refused_in_korean(make, sentence):
    with says(sentence):
        make()


@pytest.mark.parametrize(
    ("make", "values", "sentence"),
    [
        (
            Alpha,
            (-1, -1e-9, math.nan, math.inf, "0.1", None),
            "α는 0 이상의 유한한 수여야 합니다 (받은 값: {}).",
        ),
        (
            Probability,
            (-0.1, 1, 1.0, math.nan, "x"),
            "확률 p는 0 이상 1 미만이어야 합니다 (받은 값: {}).",
        ),
        (Patience, (0, -3, 2.5, math.nan), "patience는 1 이상의 정수여야 합니다 (받은 값: {})."),
        (
            lambda v: Slider("차수", 0, 15, 1, v),
            (-1, 16, 2.5, math.nan),
            "차수: 0 이상 15 이하의 정수여야 합니다 (받은 값: {}).",
        ),
        (
            lambda v: Slider("잡음", 0.0, 0.5, 0.1, v),
            (-0.1, 0.6, "0.1"),
            "잡음: 0 이상 0.5 이하의 수여야 합니다 (받은 값: {}).",
        ),
        (
            lambda v: Choice("종류", ["a", 2], v),
            ("c", 1),
            "종류: 'a', 2 가운데 하나여야 합니다 (받은 값: {!r}).",
        ),
    ],
)
def test_bad_values_are_refused_in_korean(make, values, sentence):
    for value in values:
        with says(sentence.format(value)):
            make(value)


@pytest.mark.parametrize(
    ("knob", "label", "first", "last", "count"),
    [
        (Alpha(0.0), "α (페널티 세기)", ["0", "0.00001", "0.000015"], ["0.7", "1"], 32),
        (Probability(0.5), "p (끌 확률)", ["0", "0.05", "0.1"], ["0.9", "0.95"], 20),
        (Patience(5), "patience (기다릴 epoch)", ["1", "2", "3"], ["29", "30"], 30),
        (Slider("잡음", 0, 1, 0.5, 1), "잡음", ["0", "0.5", "1"], ["0.5", "1"], 3),
    ],
)
def test_what_a_slider_offers(knob, label, first, last, count):
    widget = knob.widget()
    texts = [text for text, _ in widget.options]
    assert (texts[:3], texts[-2:], len(texts)) == (first, last, count)
    assert widget.description == label and texts[widget.index] == knob.text(knob.value)


def test_whatever_kind_of_number_it_is_given_a_knob_keeps_one_of_pythons():
    for own in (Alpha(0), Probability(0), Slider("x", 0.0, 1, 0.5, 0)):
        assert isinstance(own.value, float) and isinstance(own.off(own.value), float)
        assert type(own.validate(np.float32(0.5))) is float
    for own in (Patience(5), Slider("x", 0, 9, 1, 3)):
        assert type(own.validate(np.int64(3))) is int


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
