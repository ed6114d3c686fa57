"""The live labs of a lesson, made by its cells in this process, and what their pictures show."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import numpy as np

from helpers.lab import Lab
from helpers.lab.lab import labs

POINT = 72 / 100  # of a pixel of a live picture


def live_labs(path: Path) -> Iterator[Lab]:
    """Run the cells of a lesson; each lab is handed over before the next cell runs."""
    lesson = sys.modules["lesson"] = ModuleType("lesson")  # where a pickle finds its classes
    names: dict[str, Any] = vars(lesson)
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        before = {*labs}
        exec(compile(cell.source, f"{path.stem} {cell.id}", "exec"), names)
        yield from (lab for name, lab in [*labs.items()] if name not in before)


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
