"""Every rule of tools/lint.py lets a small lesson through and can fail."""

from copy import deepcopy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import lint
from tools.refresh import METADATA, WIDGET_VIEW


def picture(caption: str) -> nbformat.NotebookNode:
    return new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": caption})


def lesson() -> nbformat.NotebookNode:
    """The smallest notebook without a complaint."""
    cells = [new_markdown_cell("# 10-1. 제목\n\n왜 그럴까요?", id="title")]
    for i in range(1, 11):
        text = f'## {i}. 절\n\n"한다."라는 말이 아닙니다. $a다.$ 그립니다:\n\n- 목록은 짧게 쓴다.'
        out = [picture("두 곡선이 갈라집니다.")]
        cells.append(new_markdown_cell(text, id=f"text-{i}"))
        cells.append(
            new_code_cell("plots.show(fig)", id=f"code-{i}", execution_count=i, outputs=out)
        )
    return new_notebook(cells=cells, metadata=deepcopy(METADATA))


def with_markdown(text):
    def change(nb):
        nb.cells[1].source += "\n\n" + text

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
FOREIGN = [
    *("체중 감소", "웨이트 디케이", "드롭 아웃", "드롭아웃", "드랍아웃"),
    *("얼리 스토핑", "오버피팅", "과대적합", "정칙화", "배치 정규화"),
    *("신경망", "뉴럴 네트워크", "로스 펑션", "가중치 감쇠", "조기 종료"),
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
    *[(lint.lecture_terms, with_markdown(word)) for word in FOREIGN],
    (lint.polite_prose, with_markdown("Train loss는 계속 줄어든다. 그렇습니다.")),
    (lint.polite_prose, with_markdown("**일반화가 아니다.** 그렇습니다.")),
    (lint.polite_prose, with_markdown("둘은 같다(정말 같다).")),
]


def test_the_smallest_lesson_has_no_complaint():
    assert [c for rule in lint.RULES for c in rule(lesson())] == []


@pytest.mark.parametrize(("rule", "change"), BREAKS)
def test_rule_complains(rule, change):
    nb = lesson()
    change(nb)
    assert list(rule(nb))


def test_every_rule_is_shown_to_fail():
    assert {rule for rule, _ in BREAKS} == set(lint.RULES)


@pytest.mark.parametrize(
    "fine",
    [
        "Weight Decay(가중치 감쇠)입니다.",
        "[다음](10-2_overfitting.ipynb)을 봅시다.",
        "| 줄인다. | 는다. |",
    ],
)
def test_fine_prose_is_let_through(fine):
    nb = lesson()
    with_markdown(fine)(nb)
    assert [*lint.lecture_terms(nb), *lint.polite_prose(nb)] == []
