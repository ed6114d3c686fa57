"""How a lesson walks as slides: jupyterlab-slideshow shows it section by section, page by page.

A section starts a slide, and goes on below it in as many pages ("subslides") as its height takes;
what stands on a page appears cell by cell ("fragments"). All of it follows from the structure of
the lesson, and `python course.py refresh` writes it into the metadata. Where the author knows
better, tags of a cell decide, see `TAGS`.
"""

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter

from nbformat import NotebookNode

from tools.outline import hidden, is_folded
from tools.slides.height import height
from tools.slides.style import HEIGHT, METADATA, OUTPUT

SHOW, SKIP, PAGE = "slide-show", "slide-skip", "slide-page"
TAGS = {
    SHOW: "show a cell that the rule leaves out",
    SKIP: "leave out a cell that the rule shows",
    PAGE: "start a page",
    OUTPUT: "show what a cell prints without its code",
}
PARTED = 900.0  # what parting a text from the code it introduces counts, see `pages_of`

Page = list[NotebookNode]


def slide_types(nb: NotebookNode) -> dict[str, str]:
    """Cell id → slide, subslide, fragment or skip: the `slide_type` of every cell."""
    types = {cell.id: "skip" for cell in nb.cells}
    for page in pages(nb):
        types |= {cell.id: "fragment" for cell in page}
        types[page[0].id] = "slide" if starts_slide(page[0]) else "subslide"
    return types


def pages(nb: NotebookNode) -> Iterator[Page]:
    """The cells of every page of the walk."""
    passed = skipped(nb)
    shown = [cell for cell in nb.cells if cell.id not in passed]
    starts = [i for i, cell in enumerate(shown) if i == 0 or starts_slide(cell)]
    for start, end in pairwise([*starts, len(shown)]):
        yield from pages_of(shown[start:end])


def pages_of(section: list[NotebookNode]) -> list[Page]:
    """A section in pages that are as full as they can be.

    As TeX breaks a paragraph into lines: the smaller the sum of squares of what is left empty,
    the better.
    """
    best: list[tuple[float, list[Page]]] = [(0.0, [])]  # for the first 0, 1, 2 … cells
    for end in range(1, len(section) + 1):
        ways = []
        for start in range(end):
            page = section[start:end]
            if not any(has(cell, PAGE) for cell in page[1:]):
                worse = emptiness(page)
                if start and introduces(section[start - 1], page[0]):
                    worse += PARTED
                before, earlier = best[start]
                ways.append((before + worse, [*earlier, page]))
        best.append(min(ways, key=itemgetter(0)))
    return best[-1][1]


def room(page: Page) -> float:
    """How many ems the cells leave free; negative if they are too high."""
    return HEIGHT - sum(map(height, page))


def emptiness(page: Page) -> float:
    left = room(page)
    return left**2 if left >= 0 or len(page) == 1 else math.inf


def introduces(text: NotebookNode, code: NotebookNode) -> bool:
    """Whether one cell is about the other, and there is a page for both."""
    kinds = text.cell_type, code.cell_type
    return kinds == ("markdown", "code") and room([text, code]) >= 0


def starts_slide(cell: NotebookNode) -> bool:
    """The title of a lesson or of a section does."""
    return cell.cell_type == "markdown" and re.match("##? ", cell.source) is not None


def skipped(nb: NotebookNode) -> set[str]:
    """Cells that are no part of the walk: what is folded, shows nothing, or is to be filled in."""
    found = hidden(nb)
    exercises = False
    for cell in nb.cells:
        if starts_slide(cell):
            exercises = "연습 문제" in cell.source.splitlines()[0]
        plumbing = cell.cell_type == "code" and (exercises or not cell.outputs)
        if plumbing or is_folded(cell) or has(cell, SKIP):
            found.add(cell.id)
        if has(cell, SHOW):
            found.discard(cell.id)
    return found


def has(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])
