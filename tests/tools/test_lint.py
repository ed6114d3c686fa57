"""Every rule of tools/lint.py on shape and code lets a small lesson through and can fail."""

from copy import deepcopy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.tools.pictures import picture
from tools import lint, slides, wording
from tools.outline import FOLDED
from tools.refresh import METADATA, WIDGET_VIEW


def lesson() -> nbformat.NotebookNode:
    """The smallest notebook without a complaint."""
    cells = [new_markdown_cell("# 10-1. 제목\n\n왜 그럴까요?", id="title")]
    for i in range(1, 11):
        text = f'## {i}. 절 (5분)\n\n"한다."라는 말이 아닙니다. $a다.$ 그립니다:\n\n- 짧게 쓴다.'
        out = [picture("두 곡선이 갈라집니다.")]
        cells.append(new_markdown_cell(text, id=f"text-{i}"))
        cells.append(
            new_code_cell("plots.show(fig)", id=f"code-{i}", execution_count=i, outputs=out)
        )
    cells[-2].source = "## 10. 연습 문제 (5분)\n\n**문제 1.** 하나\n\n1. 목록\n\n**문제 2.** 둘"
    cells.append(new_markdown_cell("## 무엇을 보았나요?\n\n- 과적합을 보았습니다.", id="saw"))
    nb = new_notebook(cells=cells, metadata=deepcopy(METADATA))
    for name, kind in slides.slide_types(nb).items():
        next(cell for cell in cells if cell.id == name).metadata["slideshow"] = {"slide_type": kind}
    return nb


def folded(nb, index, heading):
    """Give the notebook a folded heading in place of a cell."""
    nb.cells[index].update(source=heading, metadata=nbformat.from_dict(dict.fromkeys(FOLDED, True)))


def with_markdown(text):
    def change(nb):
        nb.cells[1].source += "\n\n" + text

    return change


def with_exercise(text):
    def change(nb):
        nb.cells[-3].source += "\n\n" + text

    return change


def with_code(source):
    def change(nb):
        nb.cells[2].source = source

    return change


def with_output(output):
    def change(nb):
        nb.cells[2].outputs.append(output)

    return change


def with_cell(index, **fields):
    def change(nb):
        nb.cells[index].update(fields)

    return change


def without_cells(start, stop=None):
    def change(nb):
        del nb.cells[start:stop]

    return change


def longer(nb):
    """46 cells, none folded, two of them section headings right below text."""
    for i in range(24):
        nb.cells.insert(-1, new_markdown_cell("글입니다.", id=f"more-{i}"))


def folded_too_late(nb):
    longer(nb)
    folded(nb, -4, "### 심화: 왜 그럴까요?")


def fold_ends_early(nb):
    longer(nb)
    folded(nb, 22, "### 심화: 왜 그럴까요?")
    nb.cells[23].source = "## 11. 절 (5분)"


def asks(*arguments):
    return with_code(f"guess = Prediction({', '.join(arguments)})")


def without_half_the_text(nb):
    nb.cells = [cell for i, cell in enumerate(nb.cells) if i % 4 != 3]


def all_long(nb):
    for cell in lint.code(nb)[:3]:
        cell.source = "\n".join(["x = 1"] * 13)


def with_widget_state(nb):
    nb.metadata["widgets"] = {}


STDERR = new_output("stream", name="stderr", text="UserWarning")
ERROR = new_output("error", ename="ValueError", evalue="", traceback=[])
VIEW = new_output("display_data", data={WIDGET_VIEW: {}, "text/plain": "실험"})
ADDRESS = new_output("display_data", data={"text/plain": "<Box at 0x7f12ab34cd>"})
GRADING = ["2 if up else 0", "low > 1", "100 * low", "text(a == b)", "measured=a - b", "a or b"]
OTHER_NUMBERS = [
    "**1. 첫 문제.**",
    "**① 첫 문제.**",
    "### 3. 문제",
    "**3)** 문제",
    "**문제 4.** 넷",
]

BREAKS = [
    (lint.ids_are_slugs, with_cell(1, id="Text 1")),
    (lint.ids_are_slugs, with_cell(1, id="3fa9c01b")),
    (lint.ids_are_slugs, with_cell(1, id="text-2")),
    (lint.executed_in_order, with_cell(2, execution_count=None)),
    (lint.executed_in_order, with_cell(4, execution_count=7)),
    (lint.executed_in_order, with_code(" ")),
    (lint.no_failed_output, with_output(STDERR)),
    (lint.no_failed_output, with_output(ERROR)),
    (lint.no_widget_state, with_output(VIEW)),
    (lint.no_widget_state, with_widget_state),
    (lint.shown_things_are_saved, with_cell(2, outputs=[])),
    (lint.shown_things_are_saved, with_cell(2, source="print(1)", outputs=[])),
    (lint.pictures_have_captions, with_output(picture("<Figure>"))),
    (lint.pictures_have_captions, with_output(ADDRESS)),
    (lint.no_machine_paths, with_code("open('/home/someone/digits.npz')")),
    (lint.no_machine_paths, with_code(r"open('C:\\digits.npz')")),
    (lint.no_machine_paths, with_output(new_output("stream", name="stdout", text="in /tmp/x"))),
    (lint.code_cells_are_short, with_code("\n".join(["x = 1"] * 21))),
    (lint.code_cells_are_short, all_long),
    (lint.opened_alone_it_says_what_to_do, with_code("from helpers import plots")),
    (lint.code_lines_fit, with_code("x = " + "1" * 97)),
    (lint.no_bad_imports, with_code("from torch import *")),
    (lint.no_bad_imports, with_code("import matplotlib.pyplot as plt")),
    (lint.one_title_then_numbered_sections, with_markdown("# 또 하나")),
    (lint.one_title_then_numbered_sections, with_cell(0, source="# 정규화")),
    (lint.one_title_then_numbered_sections, with_cell(0, source="왜 그럴까요?")),
    (lint.one_title_then_numbered_sections, without_cells(1, 3)),
    (lint.one_title_then_numbered_sections, without_cells(1)),
    (lint.size_and_mix, without_cells(19)),
    (lint.size_and_mix, lambda nb: nb.cells.extend(nb.cells * 2)),
    (lint.size_and_mix, lambda nb: nb.cells.extend(lint.code(nb) * 2)),
    (lint.size_and_mix, lambda nb: nb.cells.extend([nb.cells[0]] * 16)),
    (lint.code_is_introduced, without_half_the_text),
    (lint.no_wall_of_text, with_markdown("가" * 401)),
    (lint.first_reading_is_short, longer),
    (lint.first_reading_is_short, folded_too_late),
    (lint.first_reading_is_short, fold_ends_early),
    (lint.first_reading_is_short, lambda nb: (longer(nb), with_cell(24, source="### 절")(nb))),
    (lint.sections_start_their_cell, with_markdown("## 2. 절 (5분)")),
    (lint.deeper_sections_are_folded, with_cell(3, source="## 2. 심화: 왜 그럴까요? (5분)")),
    (lint.deeper_sections_are_folded, lambda nb: folded(nb, 3, "## 2. 왜 그럴까요? (5분)")),
    (lint.deeper_sections_are_folded, lambda nb: folded(nb, 3, "앞글\n\n### 심화: 왜 그럴까요?")),
    (lint.deeper_sections_are_folded, lambda nb: folded(nb, 3, "### 심화: 하나\n\n### 심화: 둘")),
    (lint.sections_say_their_minutes, with_cell(3, source="## 2. 절")),
    (lint.sections_say_their_minutes, with_cell(3, source="## 2. 다음 섹션 예고")),
    (lint.says_what_was_seen, without_cells(-1)),
    (lint.exercises_are_numbered, with_cell(-3, source="## 10. 연습 문제 (5분)")),
    (lint.exercises_are_numbered, with_cell(-3, source="## 10. 끝 (5분)\n\n**문제 1.** 하나")),
    (lint.slides_follow_the_lesson, with_cell(3, metadata={"slideshow": {"slide_type": "skip"}})),
    (lint.slides_follow_the_lesson, with_cell(3, metadata={})),
    (lint.slide_tags_are_known, with_cell(3, metadata={"tags": ["slide-subslide"]})),
    (lint.pages_fit_a_screen, with_markdown("긴 글입니다.\n\n" * 20)),
    *[(lint.exercises_are_numbered, with_exercise(text)) for text in OTHER_NUMBERS],
    *[(lint.cells_do_not_grade, with_code(f"guess.compare({text})")) for text in GRADING],
    (lint.cells_do_not_grade, with_code("answer = grade(low)\nguess.compare(answer)")),
    (lint.predictions_have_a_judge, asks("'name'", "'질문'", "['가', '나']")),
]


def test_the_smallest_lesson_has_no_complaint():
    assert [c for rule in lint.RULES for c in rule(lesson())] == []


@pytest.mark.parametrize(("rule", "change"), BREAKS)
def test_rule_complains(rule, change):
    nb = lesson()
    change(nb)
    assert list(rule(nb))


def test_every_rule_is_shown_to_fail():
    assert {rule for rule, _ in BREAKS} | {*wording.RULES} == {*lint.RULES}


def test_a_folded_section_is_no_part_of_a_first_reading():
    nb = lesson()
    longer(nb)
    folded(nb, 22, "### 심화: 왜 그럴까요?")
    nb.cells[23].source = "#### 더 깊이\n\n접힌 절의 작은 제목입니다."
    assert [*lint.first_reading_is_short(nb), *lint.deeper_sections_are_folded(nb)] == []


def test_a_section_heading_right_below_text_is_no_cell_more_to_read():
    nb = lesson()
    for i in range(40):
        nb.cells[-1:-1] = [new_markdown_cell(f"## {i}. 절 (5분)", id=f"more-{i}")]
    assert list(lint.first_reading_is_short(nb)) == []


@pytest.mark.parametrize(
    "fine",
    [
        "guess.compare(curves, history.train_loss[-1])",
        "guess.compare(-gain, f'{gain:.2f}')",
        "answer = ...\ncheck.diagnosis(answer)",
        "%time x = 1\nguess = Prediction('name', '질문', ['가', '나'], check.judge_steps)",
        "guess = Prediction('name', '질문', ['가', '나'], judge=check.judge_steps)",
    ],
)
def test_measurements_and_judges_are_let_through(fine):
    nb = lesson()
    with_code(fine)(nb)
    assert [*lint.cells_do_not_grade(nb), *lint.predictions_have_a_judge(nb)] == []


@pytest.mark.parametrize("heading", ["## 2. 절 (약 5분)", "## 2. 정리", "## 요약", "## 다음"])
def test_closing_sections_need_no_minutes(heading):
    nb = lesson()
    with_cell(3, source=heading)(nb)
    assert list(lint.sections_say_their_minutes(nb)) == []
