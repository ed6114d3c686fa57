"""What holds for every knob that can be made, whatever its range."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from helpers.lab.controls import Alpha, Choice, Patience, Probability, Slider
from helpers.lab.korean import has_hangul

finite = st.floats(-1e6, 1e6)
tenths = st.integers(-1000, 1000).map(lambda n: n / 10)


@st.composite
def alphas(draw):
    low, high = sorted(draw(st.tuples(*[st.floats(1e-9, 1e3)] * 2)))
    return Alpha(draw(st.floats(0, 1e4)), low=low, high=high)


hundredths = st.integers(1, 500).map(lambda n: n / 100)


@st.composite
def sliders(draw, numbers=tenths, steps=hundredths):
    low, high = sorted(draw(st.tuples(numbers, numbers)))
    step = draw(steps)
    inside = st.integers(low, high) if isinstance(low, int) else st.floats(low, high)
    return Slider("이름 (설명)", low, high, max(step, (high - low) // 200 or step), draw(inside))


whole_sliders = sliders(st.integers(-1000, 1000), st.integers(1, 50))
patiences = st.builds(Patience, st.integers(1, 10**6), st.integers(1, 200))
probabilities = st.builds(Probability, st.floats(0, 1, exclude_max=True))
numbers = st.one_of(alphas(), sliders(), whole_sliders, patiences, probabilities)


@st.composite
def choices(draw):
    values = draw(st.lists(st.integers(-9, 9) | st.text(max_size=3), min_size=1, unique=True))
    names = [f"이름 {i}" for i in range(len(values))]
    named = draw(st.booleans())
    return Choice("종류", dict(zip(names, values, strict=True)) if named else values)


def ends(knob):
    """The lowest and the highest stop it must have."""
    match knob:
        case Alpha():
            return 0.0, knob.high
        case Slider():
            return knob.low, knob.high
        case Patience():
            return 1, knob.high
    return 0.0, 0.95


@given(numbers)
def test_stops_lead_from_one_end_to_the_other_and_off_is_one(knob):
    stops = knob.stops()
    assert (stops[0], stops[-1]) == ends(knob)
    assert all(a < b for a, b in pairwise(stops))
    assert not isinstance(knob, Alpha) or stops[1] == knob.low
    assert knob.off(knob.value) in (*stops, knob.value)


@given(numbers)
def test_the_widget_offers_the_value_and_every_stop(knob):
    offered = [value for _, value in knob.options(knob.value)]
    assert sorted({*knob.stops(), knob.value}) == offered
    assert knob.widget().value == knob.value
    assert all(knob.validate(stop) == stop for stop in offered)


@given(numbers, st.integers(0, 10**6))
def test_a_widget_can_be_put_to_any_legal_value_and_back(knob, pick):
    widget, stops = knob.widget(), knob.stops()
    for value in (stops[pick % len(stops)], knob.value):
        knob.put(widget, value)
        assert widget.value == value and (knob.text(value), value) in widget.options


@given(numbers)
def test_what_is_written_reads_as_the_value(knob):
    for stop in (*knob.stops(), knob.value):
        text = knob.text(stop)
        assert "e" not in text
        assert float(text) == (stop if isinstance(stop, int) else pytest.approx(stop, rel=5e-4))


@given(st.integers(-(10**9), 10**9), st.integers(1, 200), st.integers(0, 5))
def test_stops_are_the_numbers_one_types(start, count, digits):
    """A step of 0.1 gives 0.3, whose text is 0.3."""
    step = float(f"1e-{digits}")
    low, high = (float(f"{n}e-{digits}") for n in (start, start + count))
    stops = Slider("x", low, high, step, low).stops()
    assert stops == [float(f"{start + i}e-{digits}") for i in range(count + 1)]


@given(choices())
def test_a_choice_offers_what_it_was_given(knob):
    stops = knob.stops()
    assert knob.value == stops[0] and knob.widget().value == knob.value
    for stop in stops:
        assert knob.validate(stop) == stop
        assert (knob.text(stop), stop) in knob.options(stop)
        assert knob.off(stop) in (0, stop)


nonsense = st.one_of(
    *[st.none(), st.text(), st.complex_numbers(), st.lists(finite, max_size=2)],
    st.sampled_from([math.nan, math.inf, -math.inf, object]),
)


@given(numbers | choices(), nonsense | st.floats(max_value=-1e7))
def test_nonsense_is_refused_in_one_korean_sentence(knob, value):
    if isinstance(knob, Choice) and value in knob.stops():
        return
    with pytest.raises(ValueError) as refused:
        knob.validate(value)
    sentence = str(refused.value)
    assert has_hangul(sentence) and sentence.endswith(").") and "받은 값: " in sentence


@given(sliders() | whole_sliders, finite)
def test_a_slider_takes_what_lies_between_its_ends_and_nothing_else(knob, value):
    value = round(value) if knob.whole else value
    if knob.low <= value <= knob.high:
        assert knob.validate(value) == value
    else:
        with pytest.raises(ValueError, match=r"이상 .* 이하의"):
            knob.validate(value)
