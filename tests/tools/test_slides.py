"""How a lesson walks as slides: what starts a slide, what shares a page, and what is left out."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.tools.pictures import picture
from tools import slides
from tools.outline import FOLDED
from tools.slides.height import height
from tools.slides.style import HEIGHT, PICTURE, STYLE

TALL = "가나다라마바사 " * 45  # seven lines


def text(name, source="글입니다.", *tags):
    return new_markdown_cell(source, id=name, metadata={"tags": [*tags]} if tags else {})


def code(name, *outputs, source="x", tags=()):
    metadata = {"tags": [*tags]} if tags else {}
    return new_code_cell(source, id=name, outputs=[*outputs], metadata=metadata)


def printed(lines=1):
    return new_output("stream", name="stdout", text="0.5\n" * lines)


def asked(text="[예측] 왜?\n  ○ 하나\n  ○ 둘"):
    data = {"text/html": text.replace("\n", "<br>"), "text/plain": text}
    return new_output("display_data", data=data)


def lab(name):
    style = {"text/html": '<style class="course-lab-static"></style>', "text/plain": ""}
    return code(name, picture("곡선"), new_output("display_data", data=style))


def folded(name, heading):
    return new_markdown_cell(heading, id=name, metadata=dict.fromkeys(FOLDED, True))


def walk(*cells):
    """The pages of a notebook, by the names of their cells: "title | one, two | …"."""
    return " | ".join(
        ", ".join(cell.id for cell in page) for page in slides.pages(notebook(*cells))
    )


def notebook(*cells):
    return new_notebook(cells=[*cells])


def test_a_section_is_a_slide_and_goes_on_below_as_subslides_of_fragments():
    cells = [text("title", "# 10-1. 제목"), text("one", "## 1. 절 (5분)"), code("ask", asked())]
    cells += [text("note"), lab("lab"), text("saw"), text("two", "## 2. 절 (5분)")]
    assert walk(*cells) == "title | one, ask, note | lab | saw | two"
    assert slides.slide_types(notebook(*cells)) == {
        "title": "slide",
        "one": "slide",
        "ask": "fragment",
        "note": "fragment",
        "lab": "subslide",
        "saw": "subslide",
        "two": "slide",
    }


def test_what_is_folded_shows_nothing_or_is_to_be_filled_in_is_left_out():
    cells = [text("title", "# 제목"), code("setup"), folded("deep", "## 1. 심화: 왜? (3분)")]
    cells += [text("why", "### 더 깊이"), code("more", printed()), text("one", "## 2. 절 (5분)")]
    cells += [folded("deeper", "### 심화: 더"), code("most", printed())]
    cells += [text("ex", "## 3. 연습 문제 (4분)\n\n**문제 1.** 하나"), code("stub", printed())]
    cells += [text("task", "**문제 2.** 둘"), text("end", "## 정리")]
    assert walk(*cells) == "title | one | ex, task | end"


def test_tags_of_the_author_decide():
    cells = [text("one", "## 1. 절 (5분)"), text("plumbing", "코드입니다:", slides.SKIP)]
    cells += [code("by-hand", tags=[slides.SHOW]), text("new", "따로.", slides.PAGE), text("rest")]
    assert walk(*cells) == "one, by-hand | new, rest"
    assert walk(text("one", "## 1. 절 (5분)"), text("new", "따로.", slides.PAGE)) == "one | new"


def test_a_text_stays_with_the_code_it_introduces():
    note, shown = text("note", TALL), code("shown", picture("그림"))
    assert walk(text("one", "## 1. 절 (5분)\n\n" + TALL), note, shown) == "one | note, shown"
    # Where the next page cannot hold both, they are parted.
    assert walk(text("one", "## 1. 절 (5분)"), note, lab("lab")) == "one, note | lab"


def test_pages_are_about_equally_full():
    cells = [text("one", "## 1. 절 (5분)"), *(text(name, TALL) for name in "abc"), text("d")]
    assert slides.room(cells[:3]) > 0 > slides.room(cells[:4])  # "one, a, b" would go as well
    assert walk(*cells) == "one, a | b, c, d"
    cells = [text("one", "## 1. 절 (5분)"), *(text(name) for name in "abcd"), text("e", TALL)]
    cells.append(text("f", TALL))  # and here "one | a, b, c, d, e, f" would
    assert slides.room(cells[1:]) > 0 > slides.room(cells)
    assert walk(*cells) == "one, a, b, c, d | e, f"


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        (text("a", "한 줄"), text("b", TALL)),
        (text("a", "글"), text("b", "## 글")),
        (text("a", "## 글"), text("b", "# 글")),
        (text("a", "글"), text("b", "글\n\n글")),
        (text("a", "- 글"), text("b", "- 글\n- 글")),
        (text("a", "$$x$$"), text("b", r"$$\sum_i x_i$$")),
        (text("a", "|a|\n|---|\n|b|"), text("b", "|a|\n|---|\n|b|\n|c|")),
        (text("a", "x" * 80), text("b", "가" * 80)),
        (code("a", printed()), code("b", printed(9))),
        (code("a", printed()), code("b", printed(), source="x\n" * 9)),
        (code("a", printed(), source="x\n" * 9, tags=["slide-output"]), code("b", printed(8))),
        (code("a", picture("그림", (900, 200))), code("b", picture("그림", (900, 400)))),
        (code("a", picture("그림")), code("b", picture("그림"), printed())),
        (code("a", asked("측정 결과: 0.5")), code("b", asked())),
    ],
)
def test_more_is_higher(smaller, larger):
    assert 0 < height(smaller) < height(larger)


def test_a_picture_is_no_higher_than_its_style_allows_and_stands_without_its_code():
    tall = code("a", picture("그림", (100, 900)), source="x\n" * 20)
    assert PICTURE < height(tall) < PICTURE + 2
    assert PICTURE < height(code("b", *tall.outputs * 2, source="x")) < HEIGHT


def test_the_style_has_no_selector_that_jss_would_split():
    for selector in STYLE:
        assert all(part.strip().startswith("&.jp-Deck") for part in selector.split(","))


def test_every_tag_says_what_it_does_in_the_guide():
    guide = (Path(__file__).parents[2] / "docs" / "writing-a-lesson.md").read_text(encoding="utf-8")
    assert [tag for tag in slides.TAGS if f"`{tag}`" not in guide] == []
