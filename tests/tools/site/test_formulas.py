"""The text of all lessons as HTML: formulas as MathML, none left as LaTeX."""

import re

import nbformat
import pytest

from tools.refresh import lessons
from tools.site import formulas

MATH = re.compile(r"<math.*?</math>", re.DOTALL)


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_no_formula_of_a_lesson_is_left_raw(path):
    cells = nbformat.read(path, as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "markdown"]
    pages = [formulas.html(source) for source in sources]
    formulas_there = sum(len(re.findall(r"\$\$?[^$]+\$\$?", source)) for source in sources)
    found = [math for page in pages for math in MATH.findall(page)]
    assert len(found) == formulas_there > 0 or not formulas_there
    assert not [math for math in found if "\\" in math or "$" in math]
    text = [re.sub(r"<code>.*?</code>", "", MATH.sub("", page)) for page in pages]
    assert not [page for page in text if "$" in page or "\\" in page]


def test_formulas_stand_in_the_line_or_alone():
    page = formulas.html("손실 $L_1$에 더하면\n\n$$\\sum_i w_i^2 < 1$$")
    inline, block = MATH.findall(page)
    assert 'display="inline"' in inline and 'display="block"' in block
    assert "<msub>" in inline and "<mo>&#x0003C;</mo>" in block


def test_a_price_and_code_are_no_formulas():
    page = formulas.html("`$x$`는 코드입니다.\n\n```python\ncost = '$5'\n```")
    assert "<math" not in page and "<code>$x$</code>" in page


def test_links_to_other_lessons_lead_to_their_pages():
    page = formulas.html("[10-2](10-2_overfitting.ipynb#u)와 [밖](https://example.org/a.ipynb)")
    assert 'href="10-2_overfitting.html#u"' in page and "https://example.org/a.ipynb" in page


def test_a_table_can_be_scrolled_sideways():
    page = formulas.html("| 가 | 나 |\n|---|--:|\n| $x$ | 1 |")
    assert '<div class="table"><table>' in page and page.count("</table></div>") == 1
    assert "<math" in page
