"""Refreshing a lesson: clean, the same bytes every time, and nothing written when a cell fails."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import refresh
from tools.outline import FOLDED

LIVE = """
import ipywidgets, sys, time
from IPython.display import display
for i in range(3):
    print("점", i, flush=True)
    time.sleep(0.05)
display({"text/plain": "그림", "text/html": "<b>그림</b>"}, raw=True)
ipywidgets.IntSlider()
"""


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """write(*sources) → the path of a lesson with these code cells, in its own folder."""
    monkeypatch.setattr(refresh, "NOTEBOOKS", tmp_path)

    def write(*sources):
        cells = [new_markdown_cell("# 10-1. 제목", id="title")]
        cells += [new_code_cell(s, id=f"code-{i}") for i, s in enumerate(sources)]
        cells[-1].metadata = nbformat.from_dict({"tags": ["keep"], "scrolled": True})
        path = tmp_path / "10-1_lesson.ipynb"
        nb = new_notebook(cells=cells, metadata={"widgets": {}, "language_info": {"name": "R"}})
        path.write_text(nbformat.writes(nb), encoding="utf-8")
        return path

    return write


def without_slides(cell):
    return {key: value for key, value in cell.metadata.items() if key != "slideshow"}


def test_a_refreshed_lesson_is_clean_and_stays_the_same_to_the_byte(lesson):
    path = lesson("x = 1", LIVE)
    assert refresh.refresh(path) is True
    first = path.read_bytes()
    assert refresh.refresh(path) is False
    assert path.read_bytes() == first

    nb = nbformat.read(path, as_version=4)
    assert nb.metadata == refresh.METADATA
    assert [without_slides(cell) for cell in nb.cells] == [{}, {}, {"tags": ["keep"]}]
    slide_types = [cell.metadata.slideshow.slide_type for cell in nb.cells]
    assert slide_types == ["slide", "skip", "fragment"]
    assert [cell.execution_count for cell in nb.cells[1:]] == [1, 2]
    printed, shown, widget = nb.cells[2].outputs
    assert printed.text == "점 0\n점 1\n점 2\n"
    assert shown.data == {"text/plain": "그림", "text/html": "<b>그림</b>"}
    assert list(widget.data) == ["text/plain"] and widget.execution_count == 2


@pytest.mark.parametrize("key", FOLDED)
def test_a_folded_heading_stays_folded_in_every_editor(key):
    heading = new_markdown_cell("### 심화: 왜 그럴까요?", id="deeper", metadata={key: True, "x": 1})
    tagged = new_markdown_cell("## 2. 절", id="tagged", metadata={key: True, "tags": ["keep"]})
    open_ = new_markdown_cell("## 3. 절", id="open", metadata={key: False})
    others = [
        new_markdown_cell("제목이 아닙니다.", id="text", metadata={key: True}),
        new_code_cell("# 제목이 아닙니다.", id="code", metadata={key: True}),
    ]
    nb = refresh.clean(new_notebook(cells=[heading, tagged, open_, *others]))
    folded = dict.fromkeys(FOLDED, True)
    metadata = [without_slides(cell) for cell in nb.cells]
    assert metadata == [folded, {"tags": ["keep"]} | folded, {}, {}, {}]


@pytest.mark.parametrize("source", ["1 / 0", "import sys; print('경고', file=sys.stderr)"])
def test_a_failing_or_complaining_lesson_is_left_as_it_was(lesson, source, capsys):
    path = lesson("x = 1", source)
    before = path.read_bytes()
    with pytest.raises(SystemExit) as ended:
        refresh.main(["10-1"])
    assert ended.value.code and "FAILED" in capsys.readouterr().out
    assert path.read_bytes() == before


def test_lessons_are_picked_by_prefix_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(refresh, "NOTEBOOKS", tmp_path)
    for name in ("10-3_b.ipynb", "10-1_a.ipynb", "10-2_c.ipynb"):
        (tmp_path / name).touch()
    assert [p.name[:4] for p in refresh.lessons()] == ["10-1", "10-2", "10-3"]
    picked = refresh.lessons("10-3", "notebooks/10-1_a.ipynb")
    assert [p.name[:4] for p in picked] == ["10-1", "10-3"]
    with pytest.raises(refresh.Unclean, match="10-9"):
        refresh.lessons("10-9")
