"""The shorter SVG shows what matplotlib wrote."""

import re

import pytest
from hypothesis import given, strategies as st

from tests.tools.site.shapes import absolute, shapes
from tools.site.svg import compact, relative, tenths, together, written

number = st.floats(-2000, 2000).map(lambda value: f"{value:f}")
point = st.tuples(number, number).map(" ".join)
segments = st.one_of(
    st.tuples(st.just("M"), point),
    st.tuples(st.just("L"), point),
    st.tuples(st.just("Q"), point, point),
    st.tuples(st.just("C"), point, point, point),
    st.tuples(st.just("z")),
)


@given(st.lists(segments.map(" ".join), max_size=12), point)
def test_a_relative_path_goes_through_the_same_points(parts, first):
    path = "\n".join([f"M {first}", *parts])
    assert absolute(relative(path)) == absolute(path)


@given(st.integers(-100_000, 100_000))
def test_a_number_of_tenths_is_read_back(number):
    text = written(number)
    assert tenths(text) == number
    assert text == "0" or not re.search(r"^-?0|\.0", text)


def test_a_relative_path_takes_half_the_letters():
    path = "M 10 10 " + " ".join(f"L {10 + 5.508 * i:f} {200 / i:f}" for i in range(1, 101))
    in_tenths = re.sub(r"\d+\.\d+", lambda found: written(tenths(found[0])), path)
    assert len(relative(path)) < 0.65 * len(in_tenths)


LINES = """<path d="M 1.04 2.06
L 3 4
" clip-path="url(#p1)" style="fill: none; stroke: #d4d4d4; stroke-width: 1.5"/>
"""


def test_what_several_lines_share_is_said_once():
    three = compact(3 * LINES)
    assert three.count("stroke:#d4d4d4") == 1 and three.count("clip-path") == 1
    clip = '<defs><clipPath id="p1"><rect x="0" y="0" width="9" height="9"/></clipPath></defs>'
    assert shapes(clip + together(three)) == shapes(clip + 3 * LINES)


def test_lines_that_differ_keep_their_own_looks():
    other = LINES.replace("#d4d4d4", "#000000")
    assert "<g" not in compact(2 * LINES + other)


def test_opacity_stays_with_each_marker():
    """Ten pale markers on one place are dark; a pale group of ten is pale."""
    marker = (
        '<use xlink:href="#m" x="1" y="2" style="fill: #df7300; opacity: 0.8; stroke: #df7300"/>'
    )
    short = compact(f'<g clip-path="url(#p)">{10 * marker}</g>')
    assert short.count("opacity:0.8") == 10 and short.count("fill:#df7300") == 1


@pytest.mark.parametrize("text", ["a > b", "1.55 &lt; 2", 'M 1.55 2" d='])
def test_texts_are_left_alone(text):
    style = "font-size: 15px; font-family: 'DejaVu Sans', sans-serif; fill: #333"
    svg = f'<text style="{style}" x="1.26" y="2">{text}</text>'
    assert compact(svg) == f'<text style="font-size:15px;fill:#333" x="1.3" y="2">{text}</text>'
