"""The outline of a lesson: its headings, and the cells that a folded one hides."""

import re
from collections.abc import Iterator
from itertools import pairwise

from nbformat import NotebookNode

FOLDED = ("heading_collapsed", "jp-MarkdownHeadingCollapsed")  # Colab's key and JupyterLab's


def headings(nb: NotebookNode) -> Iterator[tuple[NotebookNode, int, str]]:
    """(cell, level, text) of every markdown heading."""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            source = re.sub(r"```.*?```", "", cell.source, flags=re.S)
            for marks, text in re.findall(r"^(#+) +(.+?) *$", source, flags=re.M):
                yield cell, len(marks), text


def read_with_the_text_above(nb: NotebookNode) -> set[str]:
    """The ids of section headings whose cell stands right below text: a break, no cell to read."""
    return {
        cell.id
        for before, cell in pairwise(nb.cells)
        if before.cell_type == cell.cell_type == "markdown" and cell.source.startswith("## ")
    }


def is_folded(cell: NotebookNode) -> bool:
    """Whether this cell is a heading that hides its section until it is clicked."""
    heading = cell.cell_type == "markdown" and cell.source.lstrip().startswith("#")
    return heading and any(cell.metadata.get(key) is True for key in FOLDED)


def hidden(nb: NotebookNode) -> set[str]:
    """The ids of the cells that folded headings hide; of the headings themselves none.

    A folded heading hides everything up to the next heading of its level or a higher one.
    """
    levels = {cell.id: level for cell, level, _ in reversed([*headings(nb)])}  # a cell's first
    found, fold = set(), None  # the level of the heading that hides the cell, if one does
    for cell in nb.cells:
        level = levels.get(cell.id)
        if fold and level and level <= fold:
            fold = None
        if fold:
            found.add(cell.id)
        elif is_folded(cell):
            fold = level
    return found
