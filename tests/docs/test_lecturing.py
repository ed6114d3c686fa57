"""docs/lecturing.md says what the lessons say: minutes, options and every number it quotes."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from tools import wording
from tools.lint import DEEPER, MINUTES
from tools.outline import headings
from tools.refresh import lessons

PAGE = (Path(__file__).parents[2] / "docs" / "lecturing.md").read_text(encoding="utf-8")
EXERCISES = "연습 문제"


class Row(NamedTuple):
    """A section of a lesson, as the page tells it."""

    section: str
    minutes: int
    ask: str
    think: str
    shows: str
    cells: list[str]  # whose outputs have the numbers


class Section(NamedTuple):
    """A numbered section of a notebook."""

    name: str  # its number, and 심화 if it is folded
    minutes: int
    cells: list[NotebookNode]


def part(path: Path) -> str:
    """What the page says about a lesson."""
    title = nbformat.read(path, as_version=4).cells[0].source.splitlines()[0]
    assert f"\n#{title}\n" in PAGE
    return PAGE.split(f"\n#{title}\n")[1].split("\n## ")[0]


def rows(path: Path) -> list[Row]:
    found = []
    for line in re.findall(r"^\| \d.*\|$", part(path), flags=re.M):
        section, minutes, ask, think, shows = map(str.strip, line.strip("|").split("|"))
        comment = re.search(r"<!-- (.*) -->", shows)
        named = comment[1].split() if comment else []
        found.append(Row(section, int(minutes), ask, think, shows, named))
    return found


@cache
def sections(path: Path) -> list[Section]:
    """The numbered sections, each with the cells below its heading."""
    nb = nbformat.read(path, as_version=4)
    starts = {cell.id: text for cell, level, text in headings(nb) if level == 2}
    found: list[Section] = []
    cells: list[NotebookNode] = []
    for cell in nb.cells:
        if text := starts.get(cell.id):
            cells = []
            if number := re.match(r"(\d+)\. ", text):
                deeper = " 심화" if re.match(DEEPER, text) else ""
                minutes = int(re.search(r"\d+", re.search(MINUTES, text)[0])[0])
                found.append(Section(number[1] + deeper, minutes, cells))
        cells.append(cell)
    return found


def said(cell: NotebookNode) -> str:
    """What a cell has printed, and the texts of its pictures, labs and comparisons."""
    outputs = cell.get("outputs", [])
    return "\n".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in outputs)


def numbers(text: str) -> list[str]:
    """What was measured: what is bold and starts with a digit."""
    return re.findall(r"\*\*(\d[^*]*)\*\*", text)


def stands_in(number: str, text: str) -> bool:
    """Whether the text has exactly this number, no longer one."""
    return re.search(rf"(?<![\d.]){re.escape(number)}(?!\.?\d)", text) is not None


each_lesson = pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)


@each_lesson
def test_every_section_is_there_with_the_minutes_of_its_heading(path):
    assert [row[:2] for row in rows(path)] == [section[:2] for section in sections(path)]


@each_lesson
def test_every_number_is_what_the_named_cells_of_the_section_have_saved(path):
    for row, section in zip(rows(path), sections(path), strict=True):
        own = {cell.id: cell for cell in section.cells}
        assert set(row.cells) <= set(own), (row.section, row.cells)
        text = "\n".join(said(own[name]) for name in row.cells)
        lost = [number for number in numbers(row.shows) if not stands_in(number, text)]
        assert not lost, (path.stem, row.section, lost)
        assert bool(numbers(row.shows)) == bool(row.cells), row.section


@each_lesson
def test_the_tempting_answers_are_options_of_the_section(path):
    for row, section in zip(rows(path), sections(path), strict=True):
        text = "\n".join(said(cell) for cell in section.cells)
        options = re.findall(r"^  ○ (.+)$", text, flags=re.M)
        quoted = re.findall("‘([^’]+)’", row.think)
        assert set(quoted) <= set(options), (path.stem, row.section, quoted, options)
        asks = bool(options) and EXERCISES not in row.ask and "퀴즈" not in row.ask
        assert bool(quoted) == asks, (path.stem, row.section)


@each_lesson
@pytest.mark.parametrize("limit", [20, 50])
def test_the_paths_lead_through_named_sections_in_time(path, limit):
    found = re.search(rf"^- \*\*{limit}분:\*\* ([\d ·]+)절, (\d+)분$", part(path), flags=re.M)
    names = found[1].split(" · ")
    assert names == sorted(set(names), key=int)
    minutes = {row.section.split()[0]: row.minutes for row in rows(path)}
    assert sum(minutes[name] for name in names) == int(found[2]) <= limit


def test_the_page_keeps_the_rules_of_korean_text():
    titled = PAGE.replace("\n## 10-", "\n# 10-")  # a lesson's title is quoted from the lecture
    nb = new_notebook(cells=[new_markdown_cell(titled, id="page")])
    assert [complaint for rule in wording.RULES for complaint in rule(nb)] == []


@pytest.mark.parametrize(
    ("number", "text", "there"),
    [
        ("0.05", "Train loss 0.05.", True),
        ("0.05", "Train loss 0.051", False),
        ("0.05", "10.05", False),
        ("9/20", "과적합 9/20", True),
        ("9/20", "과적합 19/20", False),
        ("75%", "Valid 75%입니다", True),
        ("20쌍 가운데 19쌍", "20쌍 가운데 19쌍에서", True),
        ("20", "0.20", False),
    ],
)
def test_a_number_is_found_only_as_a_whole(number, text, there):
    assert stands_in(number, text) is there
