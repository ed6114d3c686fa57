"""Every lesson keeps every rule of tools/lint.py, in a clean file whose links lead somewhere."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tools import lint
from tools.refresh import clean, lessons
from tools.wording import LINK

KILOBYTES = 600

each_lesson = pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)


def test_lessons_are_numbered_without_a_gap():
    names = [path.name for path in lessons()]
    assert all(re.fullmatch(r"10-[1-9]_[a-z0-9_]+\.ipynb", name) for name in names)
    assert [int(name[3]) for name in names] == list(range(1, len(names) + 1))


@each_lesson
@pytest.mark.parametrize("rule", lint.RULES, ids=lambda rule: rule.__name__)
def test_lesson_keeps_rule(path, rule):
    complaints = list(rule(read(path)))
    assert not complaints, "\n".join([path.name, *complaints])


@each_lesson
def test_file_is_valid_small_and_as_refresh_writes_it(path):
    text, nb = path.read_text(encoding="utf-8"), read(path)
    nbformat.validate(nb)
    assert path.stat().st_size <= KILOBYTES * 1024
    assert text == nbformat.writes(clean(nb)) + "\n", f"run: python course.py refresh {path.name}"


@each_lesson
def test_title_carries_the_number_of_the_file(path):
    assert read(path).cells[0].source.startswith(f"# {path.name[:4]}. ")


def broken_links(nb: nbformat.NotebookNode, files: dict[str, set[str]]) -> list[str]:
    """Relative links that lead to no file of notebooks/, or to no heading of it."""
    broken = []
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            for link in re.finditer(LINK, cell.source):
                target = link["target"]
                name, _, anchor = target.partition("#")
                lost = name not in files or (anchor and anchor not in files[name])
                if lost and not re.match("https?://", target):
                    broken.append(f"{cell.id}: {target}")
    return broken


def anchors(nb: nbformat.NotebookNode) -> set[str]:
    """What JupyterLab calls the headings of a notebook in a link to them."""
    return {text.replace(" ", "-") for _, _, text in lint.headings(nb)}


@each_lesson
def test_links_lead_somewhere(path):
    files = {
        p.relative_to(path.parent).as_posix(): anchors(read(p)) if p.suffix == ".ipynb" else set()
        for p in path.parent.rglob("*.*")
    }
    nb = read(path)
    files[""] = anchors(nb)
    assert not broken_links(nb, files)


def test_links_to_nowhere_are_found():
    text = (
        "## 1. 절 (5분)\n\n[가](10-2_a.ipynb) [나](10-9_b.ipynb) [다](10-2_a.ipynb#2.-둘) "
        "[라](#1.-절-(5분)) [마](https://pytorch.org)"
    )
    nb = new_notebook(cells=[new_markdown_cell(text, id="text")])
    files = {"10-2_a.ipynb": {"1.-하나"}, "": anchors(nb)}
    assert broken_links(nb, files) == ["text: 10-9_b.ipynb", "text: 10-2_a.ipynb#2.-둘"]
