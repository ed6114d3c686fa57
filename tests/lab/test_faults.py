"""Knobs cannot be typed into: what a hand can do to them is always a legal value."""

import ipywidgets
import pytest

from helpers.lab.controls import Alpha, Choice, Patience, Probability, Slider

# Their readouts are plain text; those of IntSlider and FloatSlider are fields.
UNTYPED = (ipywidgets.SelectionSlider, ipywidgets.ToggleButtons, ipywidgets.Dropdown)
KNOBS = [
    Alpha(0.01),
    Probability(0.5),
    Patience(5),
    Slider("x", 0, 9, 1, 3),
    Choice("종류", ["a", "b"]),
    Choice("종류", [str(i) for i in range(20)]),
]


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: type(knob).__name__)
def test_no_knob_is_typed_into(knob):
    assert isinstance(knob.widget(), UNTYPED)
