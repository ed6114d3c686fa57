"""A notebook as the sections and blocks of a page."""

import base64
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.refresh import WIDGET_VIEW
from tools.site import OF, RECORDING
from tools.site.lesson import Lesson, Pictures

PNG = base64.b64encode(b"png").decode()
TITLE = "# 10-9. 새 강의\n\n> **질문.** $x$가 <크면> 어떨까요?\n\n읽는 데 약 25분"


def text(source, name, **metadata):
    return new_markdown_cell(source, id=name, metadata=metadata)


def run(name, *outputs, source="1"):
    return new_code_cell(source, id=name, outputs=[*outputs])


def displayed(metadata=None, **bundle):
    return new_output("display_data", data=bundle, metadata=metadata or {})


def widget(name, text_plain=""):
    return displayed(**{WIDGET_VIEW: {"model_id": name}, "text/plain": text_plain})


def recording(kind, of=None):
    about = {OF: of} if of else {}
    return displayed({RECORDING: about}, **{RECORDING: {"kind": kind, "name": kind}})


def picture(alt="그림"):
    return displayed(
        {"image/png": {"alt": alt, "width": 880}}, **{"image/png": PNG, "text/plain": alt}
    )


def html(source):
    return displayed(**{"text/html": source, "text/plain": ""})


@pytest.fixture
def page():
    """The root section of a page of these cells, and its pictures."""

    def page(*cells):
        lesson = Lesson(Path("10-9_new.ipynb"), new_notebook(cells=[text(TITLE, "title"), *cells]))
        pictures = Pictures("10-9_new")
        return lesson.sections(pictures), pictures

    return page


def outputs(root):
    [title] = root.sections
    return next(block for block in title.blocks if block["kind"] == "code")["outputs"]


def test_the_first_cell_names_the_lesson():
    lesson = Lesson(Path("10-9_new.ipynb"), new_notebook(cells=[text(TITLE, "title")]))
    assert (lesson.title, lesson.number, lesson.name) == ("10-9. 새 강의", "10-9", "새 강의")
    assert lesson.page == "10-9_new.html" and lesson.minutes == "약 25분"
    assert lesson.question.startswith("<math") and lesson.question.endswith("어떨까요?")


def test_sections_stand_in_each_other(page):
    root, _ = page(
        text("## 1. 하나 (5분)\n\n글", "one"),
        text("### 1.1 안\n\n글", "inner"),
        text("그 뒤", "after"),
        text("## 2. 둘\n\n### 2.1 안\n\n끝", "two"),
    )
    [title] = root.sections
    one, two = title.sections
    assert (title.level, title.text, one.id, one.text) == (
        1,
        "10-9. 새 강의",
        "one",
        "1. 하나 (5분)",
    )
    assert [section.id for section in one.sections] == ["inner"]
    assert len(one.sections[0].blocks) == 2 and len(one.blocks) == 1
    assert two.blocks == [] and two.sections[0].id == "two-2"


def test_a_folded_heading_hides_up_to_the_next_of_its_level(page):
    root, _ = page(
        text("## 1. 하나", "one"),
        text("### 심화: 더\n\n누구를 위한 것입니다.", "deeper", heading_collapsed=True),
        run("code"),
        text("#### 안", "inner"),
        text("### 다음", "next"),
    )
    deeper, following = root.sections[0].sections[0].sections
    assert deeper.folded and not following.folded
    assert "누구를" in deeper.lead[0]["html"]
    assert [block["kind"] for block in deeper.blocks] == ["code"]
    assert [section.id for section in deeper.sections] == ["inner"]


def test_a_recording_stands_where_its_widget_stood_without_the_twins(page):
    caption = "Valid loss는 0.5입니다."
    root, pictures = page(
        run(
            "lab",
            picture("앞의 그림"),
            widget("a", caption),
            picture(caption),
            html("<style>.course-lab { }</style>"),
            new_output("stream", name="stdout", text="0.5\n"),
            widget("b"),
            html("[예측] 무엇일까요?<br>"),
            picture("뒤의 그림"),
            recording("lab", "a"),
            recording("prediction", "b"),
            recording("exercise"),
        )
    )
    kinds = [block["kind"] for block in outputs(root)]
    assert kinds == ["picture", "lab", "stream", "prediction", "picture", "exercise"]
    assert list(pictures.files) == ["lab.1.png", "lab.2.png"]
    assert outputs(root)[4] == {
        "kind": "picture",
        "src": "10-9_new/lab.2.png",
        "alt": "뒤의 그림",
        "width": 880,
    }


def test_other_outputs_are_kept_as_they_are(page):
    result = new_output("execute_result", data={"text/plain": "tensor(1.)"}, execution_count=1)
    printed = new_output("stream", name="stdout", text="한 줄\n")
    root, _ = page(run("code", printed, printed, html("<b>표</b>"), result))
    assert outputs(root) == [
        {"kind": "stream", "text": "한 줄\n한 줄\n"},
        {"kind": "html", "html": "<b>표</b>"},
        {"kind": "stream", "text": "tensor(1.)"},
    ]


def test_pictures_of_an_earlier_build_go(tmp_path):
    old, new = Pictures("10-9_new"), Pictures("10-9_new")
    old.add("gone", PNG)
    old.write(tmp_path)
    new.add("here", PNG)
    new.write(tmp_path)
    assert [path.name for path in (tmp_path / "10-9_new").iterdir()] == ["here.1.png"]
    assert new.weight == 3
