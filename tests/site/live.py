"""The live labs of a lesson, made by its cells in this process, and what their pictures show."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode

from helpers.lab import Lab
from helpers.lab.lab import labs

POINT = 72 / 100  # of a pixel of a live picture


def live_labs(path: Path) -> Iterator[Lab]:
    """Run the cells that make labs; each lab is handed over before the next cell runs."""
    lesson = sys.modules["lesson"] = ModuleType("lesson")  # where a pickle finds its classes
    names: dict[str, Any] = vars(lesson)
    for cell in cells_of_labs(path):
        before = {*labs}
        exec(compile(cell.source, f"{path.stem} {cell.id}", "exec"), names)
        yield from (lab for name, lab in [*labs.items()] if name not in before)


def cells_of_labs(path: Path) -> list[NotebookNode]:
    """The code cells of a lesson that make its labs, and those that these rest on, in order."""
    chosen: list[NotebookNode] = []
    wanted: set[str] = set()
    for cell in reversed(nbformat.read(path, as_version=4).cells):
        if cell.cell_type != "code":
            continue
        made, used = made_and_used(cell.source)
        if made & wanted or "Lab(" in cell.source:
            chosen.insert(0, cell)
            wanted |= used
    return chosen


def made_and_used(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell gives a meaning, and those whose meaning it asks for."""
    made: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else made).add(node.id)
        elif isinstance(node, ast.alias):
            made.add(node.asname or node.name)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
    return made, used


def put(lab: Lab, view: str, texts: list[str]) -> str:
    """Move a lab to the stops that are written so, and to a view; → what it then says."""
    values = {
        name: next(stop for text, stop in knob.options(lab.shown.values[name]) if text == wanted)
        for (name, knob), wanted in zip(lab.controls.items(), texts, strict=True)
    }
    lab.set(**values)
    lab.switch(view)
    try:
        lab.wait()
    except ValueError as error:
        return str(error)
    return lab.shown.summary


def curves(lab: Lab) -> dict[tuple[int, str], np.ndarray]:
    """The lines of the live picture by axes and name: (points, 2), in points from its corner."""
    figure, _ = lab.views[lab.shown.view].canvas
    found = {}
    for index, ax in enumerate(figure.axes):
        for line in ax.lines:
            xy = line.get_transform().transform(line.get_xydata())
            if line.get_visible() and np.isfinite(xy).all(axis=1).any():
                xy[:, 1] = figure.bbox.height - xy[:, 1]
                found[index, str(line.get_gid())] = xy * POINT
    return found


def texts(lab: Lab) -> set[str]:
    """The lines of text in the live picture, on its axes and in its legends."""
    figure, _ = lab.views[lab.shown.view].canvas
    artists = [text for ax in figure.axes for text in (*ax.texts, ax.xaxis.label, ax.yaxis.label)]
    for legend in filter(None, (ax.get_legend() for ax in figure.axes)):
        artists += legend.get_texts()
    lines = [line for a in artists if a.get_visible() for line in a.get_text().splitlines()]
    return {text for line in lines if (text := line.strip())}


def distance(points: np.ndarray, line: np.ndarray) -> float:
    """How far the farthest of some points (n, 2) is from a line (m, 2); NaN breaks the line."""
    points, start, end = points[:, None], line[:-1], line[1:]
    if not len(start):
        return float(np.hypot(*(points[:, 0] - line[0]).T).max(initial=0))
    along = end - start
    length = np.maximum((along**2).sum(-1), 1e-12)
    share = np.clip(((points - start) * along).sum(-1) / length, 0, 1)
    away = np.hypot(*np.moveaxis(points - start - share[..., None] * along, -1, 0))
    return float(np.nanmin(away, axis=1).max(initial=0))
