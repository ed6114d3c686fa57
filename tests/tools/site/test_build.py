"""A small course is built twice: the same bytes, and all its pages."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.site.pages import unpacked
from tools import refresh
from tools.site.build import main

LESSON = [("# 10-8. 앞\n\n> **질문.** 앞일까요?\n\n약 5분", "title"), ("끝", "end")]
NEW = [
    ("# 10-9. 새 강의\n\n> **질문.** $\\alpha$는 얼마일까요?\n\n약 5분", "title"),
    (
        "from helpers import plots\nfrom helpers.data import digits\n"
        "from helpers.exercises import Prediction, Question, Quiz, ex10_3 as check\n"
        "from helpers.lab import Alpha, Lab, TrainingLab\nfrom helpers.models import MLP\n"
        "from helpers.penalties import L2\nfrom helpers.training import Config\n\n"
        "data = digits(n_train=40, n_valid=30, n_test=10)",
        "setup",
    ),
    ("## 1. 물음 (1분)", "ask"),
    (
        "def judge(n):\n    return n, f'{n}입니다.'\n\n\n"
        "guess = Prediction('10-9-guess', '얼마일까요?', ['하나', '둘'], judge)\nguess.show()",
        "guess",
    ),
    (
        "def config(alpha, seed=0):\n"
        "    return Config(MLP((64, 4, 10), seed=seed), data, L2(alpha), epochs=4)\n\n\n"
        "lab = TrainingLab('10-9-alpha', config, alpha=Alpha(0.2, low=0.1))\nlab.show()",
        "lab",
    ),
    ("lab.run(alpha=0.5)\nprint(f'{lab.result.final_valid:.2f}')\nguess.compare(1)", "after"),
    (
        "fig, ax = plots.figure()\nplots.loss_curves(ax, lab.result)\n"
        "plots.show(fig, '곡선입니다.')",
        "picture",
    ),
    ("## 2. 심화: 더 (1분)\n\n건너뛰어도 됩니다.", "deeper"),
    ("def f(w, t):\n    return ...\n\n\ncheck.soft_threshold(f)", "exercise"),
    ("## 정리", "summary"),
    ("Quiz('10-9', [Question('맞나요?', {'예': '네.', '아니요': '아닙니다.'}, 0)]).show()", "quiz"),
]


def notebook(cells):
    """Markdown cells start with a heading or Korean; all others are code."""
    made = []
    for source, name in cells:
        is_text = re.match(r"#|[가-힣]", source)
        folded = {"heading_collapsed": True} if name == "deeper" else {}
        made.append(
            new_markdown_cell(source, id=name, metadata=folded)
            if is_text
            else new_code_cell(source, id=name)
        )
    return new_notebook(cells=made)


def build(folder: Path, *prefixes: str) -> int:
    with pytest.raises(SystemExit) as exit:
        main([*prefixes, "--to", str(folder)])
    return exit.value.code


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The folder of the notebooks and two builds of it."""
    notebooks, one, other = (tmp_path_factory.mktemp(name) for name in ("notebooks", "one", "two"))
    nbformat.write(notebook(LESSON), notebooks / "10-8_before.ipynb")
    nbformat.write(notebook(NEW), notebooks / "10-9_new.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh, "NOTEBOOKS", notebooks)
        assert build(one) == build(other) == 0
        yield notebooks, one, other


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def page(course) -> str:
    return (course[1] / "10-9_new.html").read_text(encoding="utf-8")


def recordings(page: str) -> dict[str, dict]:
    plain = re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    packed = re.findall(r'<script type="application/zlib">(.*?)</script>', page)
    found = [*map(json.loads, plain), *map(unpacked, packed)]
    return {recording["kind"]: recording for recording in found}


def test_two_builds_are_the_same_byte_for_byte(course):
    _, one, other = course
    assert files(one) == files(other)


def test_a_lesson_written_later_has_its_page_and_its_neighbours(course, page):
    _, folder, _ = course
    assert sorted(files(folder)) == [
        "10-8_before.html",
        "10-9_new.html",
        "10-9_new/picture.1.png",
        "index.html",
        "page.css",
        "page.js",
    ]
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert 'href="10-9_new.html"' in index and "10-9. 새 강의" in index and "<math" in index
    assert 'href="10-8_before.html" rel="prev"' in page
    before = (folder / "10-8_before.html").read_text(encoding="utf-8")
    assert 'href="10-9_new.html" rel="next"' in before


def test_all_that_the_cells_displayed_is_on_the_page(page):
    found = recordings(page)
    assert found["lab"]["name"] == "10-9-alpha" and found["prediction"]["name"] == "10-9-guess"
    assert "‘둘’. 측정 결과: 1입니다." in found["comparison"]["lines"][1]
    assert found["quiz"]["scores"]["0,1"]
    assert 'src="10-9_new/picture.1.png"' in page and 'alt="곡선입니다."' in page
    assert found.keys() == {"lab", "prediction", "comparison", "quiz"}
    assert page.count("<details") >= 3 and "hard threshold입니다" in page  # a hint of the exercise
    assert "노트북을 실행하면" not in page  # the text for readers without a kernel


def test_a_lab_starts_where_its_cell_left_it_and_later_cells_find_its_result(page):
    lab = recordings(page)["lab"]
    assert lab["knobs"][0]["texts"][lab["knobs"][0]["start"]] == "0.2"
    frame = lab["frames"][0][lab["knobs"][0]["start"]]
    assert f'aria-label="{frame["say"]}"' in page
    half = lab["frames"][0][lab["knobs"][0]["texts"].index("0.5")]
    printed = re.search(r"<pre>(\d\.\d\d)\n</pre>", page)[1]
    assert f"Valid loss는 {printed}입니다" in half["say"]


def test_nothing_is_loaded_from_elsewhere_and_no_path_of_this_machine_is_told(course):
    for name, content in files(course[1]).items():
        if name.endswith((".html", ".css", ".js")):
            text = content.decode()
            urls = re.findall(r"""(?:src|href|url)[=(]["']?(https?:|//)""", text)
            assert not urls and str(course[0]) not in text and str(refresh.NOTEBOOKS) not in text


def test_a_lesson_that_fails_leaves_its_page_and_is_named(course, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(refresh, "NOTEBOOKS", tmp_path / "notebooks")
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook(LESSON), tmp_path / "notebooks" / "10-8_before.ipynb")
    broken = [*LESSON[:1], ("import ipywidgets\ndisplay(ipywidgets.IntSlider())", "slider")]
    nbformat.write(notebook(broken), tmp_path / "notebooks" / "10-9_broken.ipynb")
    site = tmp_path / "site"
    site.mkdir()
    (site / "10-9_broken.html").write_text("as it was")
    assert build(site) == 1
    out = capfd.readouterr().out
    assert "10-9_broken.ipynb FAILED" in out and "no lab and no question" in out
    assert (site / "10-9_broken.html").read_text() == "as it was"
    assert "10-8. 앞" in (site / "10-8_before.html").read_text(encoding="utf-8")


def test_an_unknown_lesson_is_named(course):
    assert build(course[1], "11-1") == "no notebook is called 11-1…"
