"""About how high a cell stands on a slide, as JupyterLab draws it there."""

import base64
import math
import re
import struct
import unicodedata

from nbformat import NotebookNode

from tools.slides.style import (
    CELL,
    CELL_EDGE,
    CELL_LINE,
    CODE,
    CODE_LINE,
    EDGE,
    HALF_PICTURE,
    HEIGHT,
    LINE,
    OUTPUT,
    PICTURE,
    WIDTH,
)

GAP, LAST_GAP = 1.0, 0.5  # below a paragraph, and below the last of a cell
HEADINGS = {1: 2.07, 2: 1.73, 3: 1.44}  # the sizes
HEADING_GAP = 0.5
TALL_FORMULA, FORMULA = 4.5, 2.4
PRINT_GAP = 0.5  # around code, and around each output
QUESTION, OPTION_GAP, NOTE = 1.15, 0.25, 2.0  # the size of a question, and the line below it


def height(cell: NotebookNode) -> float:
    """About how high a cell stands on a slide; a lab has a page to itself."""
    if cell.cell_type == "markdown":
        blocks = re.split(r"\n\s*\n", cell.source.strip())
        return sum(map(block_height, blocks)) - GAP + LAST_GAP + EDGE
    kinds = [kind for output in cell.outputs for kind in output.get("data", {})]
    pictures = kinds.count("image/png")
    if pictures and "text/html" in kinds and is_lab(cell):
        return HEIGHT
    top = PICTURE if pictures < 2 else HALF_PICTURE
    only_output = pictures or "text/html" in kinds or OUTPUT in cell.metadata.get("tags", [])
    code = 0.0 if only_output else print_height(cell.source)
    return code + sum(output_height(output, top) for output in cell.outputs) + EDGE


def is_lab(cell: NotebookNode) -> bool:
    """A lab saves, beside its picture, the style that hides the place of its live view."""
    return any(
        "course-lab" in output.get("data", {}).get("text/html", "") for output in cell.outputs
    )


def block_height(block: str) -> float:
    """A paragraph, list, table, formula or heading of a markdown cell, and the gap below it."""
    if block.startswith("$$"):
        return TALL_FORMULA if re.search(r"\\sum|\\d?frac", block) else FORMULA
    rows = block.splitlines()
    if block.startswith("|"):
        rows = [row for row in rows if not re.fullmatch(r"[|: -]+", row)]
        return CELL * sum(CELL_LINE * lines(row, CELL) + 2 * CELL_EDGE for row in rows) + GAP
    level = len(block) - len(block.lstrip("#"))
    size = HEADINGS.get(level, 1.0)
    return sum(lines(row, size) for row in rows) * size * LINE + GAP + HEADING_GAP * bool(level)


def output_height(output: NotebookNode, picture: float) -> float:
    """What a cell printed, drew (at most `picture` high) or asks."""
    data = output.get("data", {})
    if "image/png" in data:
        across, high = struct.unpack(">II", base64.b64decode(data["image/png"])[16:24])
        return min(picture, WIDTH * high / across) + PRINT_GAP
    text = output.get("text") or data.get("text/plain", "")
    if "text/html" not in data:
        return print_height(text)
    rows = text.splitlines()
    asks = NOTE if len(rows) > 1 else 0.0
    return sum(lines(row, QUESTION) * QUESTION * LINE + OPTION_GAP for row in rows) + asks


def print_height(text: str) -> float:
    return len(text.rstrip().splitlines()) * CODE * CODE_LINE + PRINT_GAP if text else 0.0


def lines(text: str, size: float = 1.0) -> int:
    """How many lines a text takes across a slide."""
    text = re.sub(r"\\[a-zA-Z]+", "x", text)  # a LaTeX command is a sign
    text = re.sub(r"\]\([^)]*\)|[*`]", "", text)
    return max(1, math.ceil(size * sum(map(width, text)) / WIDTH))


def width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 0.92
    return 0.4 if letter == " " else 0.5
